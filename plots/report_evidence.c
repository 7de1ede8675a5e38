/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parity, clocks and counters: what the environments and the host report about themselves. */
#include <math.h>
#include <string.h>

#include "base/cleanup.h"
#include "plots/report.h"
#include "results/measurement.h"

static json_t *environments_of(const struct report *report)
{
	return json_object_get(report->picture->record->run, "environments");
}

static void put_json_cell(struct report *report, json_t *value)
{
	cleanup_free char *text = NULL;

	if (!value || json_is_null(value)) {
		page_cell(report, NAN, "n/a");
		return;
	}
	if (json_is_string(value)) {
		page_cell(report, NAN, "%s", json_string_value(value));
		return;
	}
	text = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(6));
	page_cell(report, json_is_number(value) ? json_number_value(value) : NAN, "%s",
		  text ? text : "");
}

static void put_environment_head(struct report *report, const char *name, json_t *environment)
{
	const char *label = json_string_value(json_object_get(environment, "label"));

	page_element(report, "th scope=\"col\"", "%s",
		     report_phrase(report, label ? label : name).text);
}

static void put_parity_row(struct report *report, json_t *fact)
{
	const char *name = json_string_value(json_object_get(fact, "fact")), *environment;
	json_t *values = json_object_get(fact, "values"), *ignored;

	page_row(report, name ? name : "");
	json_object_foreach (environments_of(report), environment, ignored)
		put_json_cell(report, json_object_get(values, environment));
	fputs("</tr>\n", report->out);
}

static void put_parity_table(struct report *report, json_t *parity)
{
	const char *name;
	json_t *entry;
	size_t i;

	page_table_begin(report, WORD_PARITY_CAPTION, "");
	fputs("<thead><tr>\n", report->out);
	page_say(report, "th scope=\"col\"", WORD_HEAD_FACT);
	json_object_foreach (environments_of(report), name, entry)
		put_environment_head(report, name, entry);
	fputs("</tr></thead>\n<tbody>\n", report->out);
	json_array_foreach (parity, i, entry)
		if (json_is_true(json_object_get(entry, "differs")))
			put_parity_row(report, entry);
	page_table_end(report);
}

static void put_parity(struct report *report)
{
	json_t *parity = json_object_get(report->picture->record->run, "parity"), *fact;
	cleanup_free char *same = NULL;
	int different = 0, equal = 0;
	size_t i, size = 0;
	FILE *names = open_memstream(&same, &size);

	page_heading(report, 3, WORD_TRUST_PARITY);
	json_array_foreach (parity, i, fact) {
		const char *name = json_string_value(json_object_get(fact, "fact"));

		different += json_is_true(json_object_get(fact, "differs"));
		if (json_is_true(json_object_get(fact, "differs")) || !name)
			continue;
		if (names)
			fprintf(names, "%s%s", equal ? ", " : "", name);
		equal++;
	}
	if (names)
		fclose(names);
	if (different)
		put_parity_table(report, parity);
	else
		page_say(report, "p", WORD_PARITY_NONE);
	if (equal)
		page_element(report, "p class=\"soft\"",
			     say(report->picture->language, WORD_PARITY_SAME), equal,
			     same ? same : "");
}

static double number_at(json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);

	return json_is_number(value) ? json_number_value(value) : NAN;
}

static struct number with_unit(struct number number, double value, const char *unit)
{
	if (isfinite(value))
		strncat(number.text, unit, sizeof(number.text) - strlen(number.text) - 1);
	return number;
}

static struct number in_percent(enum language language, double share)
{
	return with_unit(number_value(language, share * 100), share, "\u00a0%");
}

static struct number in_mib(enum language language, double bytes)
{
	return with_unit(number_value(language, bytes / 1048576), bytes, "\u00a0MiB");
}

/* A measurement of the environment's instances, with its interval if there is one. */
static void put_measured(struct report *report, const char *environment, enum quantity quantity,
			 struct number (*form)(enum language, double))
{
	enum language language = report->picture->language;
	struct measured m = measurement_estimate(report->picture->record, environment, quantity);
	char ends[100] = "";

	if (isfinite(m.value.low))
		snprintf(ends, sizeof(ends), " [%s, %s]", form(language, m.value.low).text,
			 form(language, m.value.high).text);
	page_cell(report, m.value.value, "%s%s", form(language, m.value.value).text, ends);
}

static void put_clock_row(struct report *report, const char *name, json_t *environment)
{
	enum language language = report->picture->language;
	json_t *hello = json_object_get(environment, "hello");
	double read = number_at(json_object_get(hello, "clock"), "read_ns") * 1e-9;
	double drift = number_at(json_object_get(environment, "clock"), "drift_ppm");
	const char *label = json_string_value(json_object_get(environment, "label"));

	page_row(report, report_phrase(report, label ? label : name).text);
	put_json_cell(report, json_object_get(hello, "clocksource"));
	page_cell(report, read, "%s%s", number_seconds(language, read).text,
		  json_is_true(json_object_get(json_object_get(hello, "clock"), "vdso")) ? " (vDSO)"
											 : "");
	page_cell(report, drift, "%s%s", number_value(language, drift).text,
		  isfinite(drift) ? "\u00a0ppm" : "");
	put_measured(report, name, QUANTITY_START, number_seconds);
	put_measured(report, name, QUANTITY_IDLE_CPU, in_percent);
	put_measured(report, name, QUANTITY_MEMORY, in_mib);
	fputs("</tr>\n", report->out);
}

static void put_clocks(struct report *report)
{
	json_t *environment;
	const char *name;

	page_heading(report, 3, WORD_TRUST_CLOCKS);
	page_table_begin(report, WORD_CLOCKS_CAPTION, "");
	page_table_heads(report, WORD_HEAD_ENVIRONMENT, WORD_HEAD_CLOCK,
			 HEAD_NUMBER(WORD_HEAD_READ), HEAD_NUMBER(WORD_HEAD_DRIFT),
			 HEAD_NUMBER(WORD_HEAD_START), HEAD_NUMBER(WORD_HEAD_IDLE),
			 HEAD_NUMBER(WORD_HEAD_MEMORY), -1);
	json_object_foreach (environments_of(report), name, environment)
		put_clock_row(report, name, environment);
	page_table_end(report);
}

static void put_counter_rows(struct report *report, const struct summary_row *row)
{
	const char *name;
	json_t *value;

	json_object_foreach (row->counters_per_op, name, value) {
		page_row(report, row->workload->name);
		page_cell(report, NAN, "%s",
			  arm_label(report->picture, row_arm(report->picture, row)).text);
		page_cell(report, NAN, "%s", name);
		if (json_is_number(value))
			page_cell(report, json_number_value(value), "%s",
				  number_value(report->picture->language, json_number_value(value))
					  .text);
		else
			put_json_cell(report, value);
		fputs("</tr>\n", report->out);
	}
}

static void put_counters(struct report *report)
{
	const struct summary *summary = report->picture->summary;
	size_t count = 0;

	page_heading(report, 3, WORD_TRUST_COUNTERS);
	for (int i = 0; i < summary->row_count; i++)
		if (summary->rows[i].headline)
			count += json_object_size(summary->rows[i].counters_per_op);
	if (!count) {
		page_say(report, "p", WORD_NO_COUNTERS);
		return;
	}
	fputs("<details>\n", report->out);
	page_say(report, "summary", WORD_COUNTERS_CAPTION);
	page_table_begin(report, WORD_TRUST_COUNTERS, "sortable");
	page_table_heads(report, WORD_HEAD_WORKLOAD, WORD_HEAD_ENVIRONMENT, WORD_HEAD_COUNTER,
			 WORD_HEAD_AN_OPERATION, -1);
	for (int i = 0; i < summary->row_count; i++)
		if (summary->rows[i].headline)
			put_counter_rows(report, &summary->rows[i]);
	page_table_end(report);
	fputs("</details>\n", report->out);
}

static void put_warnings(struct report *report)
{
	json_t *warnings = json_object_get(report->picture->record->run, "warnings"), *warning;
	size_t i;

	if (!json_array_size(warnings))
		return;
	page_heading(report, 3, WORD_WARNINGS);
	fputs("<ul>\n", report->out);
	json_array_foreach (warnings, i, warning)
		if (json_is_string(warning))
			page_element(report, "li", "%s", json_string_value(warning));
	fputs("</ul>\n", report->out);
}

void report_evidence(struct report *report)
{
	put_parity(report);
	put_clocks(report);
	put_counters(report);
	put_warnings(report);
}
