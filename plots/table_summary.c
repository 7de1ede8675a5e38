/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plots/tables.h"

#include <errno.h>
#include <libsmartcols.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/predict.h"

enum column { WORKLOAD, ENVIRONMENT, VALUE, RELATIVE, OVERHEAD, CPU, VERDICT };

static const struct {
	const char *head;
	int flags;
} columns[] = {
	[WORKLOAD] = {"WORKLOAD", SCOLS_FL_WRAP},
	[ENVIRONMENT] = {"ENVIRONMENT", SCOLS_FL_WRAP},
	[VALUE] = {"VALUE", SCOLS_FL_RIGHT},
	[RELATIVE] = {"RELATIVE [95 %]", SCOLS_FL_RIGHT},
	[OVERHEAD] = {"OVERHEAD [95 %]", SCOLS_FL_RIGHT},
	[CPU] = {"CPU/OP", SCOLS_FL_RIGHT},
	[VERDICT] = {"VERDICT", 0},
};

#define WIDE 140 /* from this many columns on, a terminal shows all of a row in one line */

static void set(struct libscols_line *line, enum column column, const char *text)
{
	scols_line_set_data(line, column, text);
}

/* Three significant digits; large numbers have no decimals. */
static void short_number(char *text, size_t size, double value)
{
	double magnitude = fabs(value);

	if (magnitude >= 100 || magnitude == 0)
		snprintf(text, size, "%.0f", value);
	else if (magnitude >= 0.001)
		snprintf(text, size, "%.3g", value);
	else
		snprintf(text, size, "%.2e", value);
}

static void short_time(char *text, size_t size, double seconds)
{
	static const char *const units[] = {"s", "ms", "us", "ns"};
	int i = 0;

	for (; i < 3 && seconds < 0.9995; i++) /* or "1e+03 us" */
		seconds *= 1000;
	snprintf(text, size, "%.3g %s", seconds, units[i]);
}

/* Narrow: the unit is in the workload's own line. */
static void set_value(struct libscols_line *line, const struct summary_row *row, bool narrow)
{
	char number[32], text[64];

	if (isnan(row->value.value))
		return;
	short_number(number, sizeof(number), row->value.value);
	snprintf(text, sizeof(text), "%s%s%s", number, narrow ? "" : " ",
		 narrow ? "" : row->metric->unit);
	set(line, VALUE, text);
}

/* "+4.8", "+235": tenths of small numbers. Rounded first, so that there is no "-0.0". */
static void short_percent(char *text, size_t size, double percent)
{
	if (fabs(percent) < 99.95)
		snprintf(text, size, "%+.1f", round(percent * 10) / 10 + 0.0);
	else
		snprintf(text, size, "%+.0f", percent);
}

/* Three decimals; for a small number three digits. */
static void short_ratio(char *text, size_t size, double ratio)
{
	snprintf(text, size, ratio >= 0.0995 ? "%.3f" : "%.3g", ratio);
}

static void set_interval(struct libscols_line *line, enum column column, const char *unit,
			 const struct interval *interval,
			 void (*format)(char *text, size_t size, double value))
{
	char value[32], low[32], high[32], text[128];

	format(value, sizeof(value), interval->value);
	format(low, sizeof(low), interval->low);
	format(high, sizeof(high), interval->high);
	snprintf(text, sizeof(text), "%s%s [%s, %s]", value, unit, low, high);
	set(line, column, text);
}

static void set_relative(struct libscols_line *line, const struct summary_row *row, bool narrow)
{
	char text[32];

	if (isnan(row->relative.value) || condition_is_baseline(row->condition))
		return;
	short_ratio(text, sizeof(text), row->relative.value);
	if (narrow)
		set(line, RELATIVE, text);
	else
		set_interval(line, RELATIVE, "", &row->relative, short_ratio);
	set_interval(line, OVERHEAD, " %", &row->overhead, short_percent);
}

static const char *colour_of(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_OVERHEAD:
		return "red";
	case VERDICT_SPEEDUP:
	case VERDICT_NEGLIGIBLE:
		return "green";
	case VERDICT_UNRESOLVED:
	case VERDICT_UNAVAILABLE:
		return "brown";
	default:
		return NULL;
	}
}

static void set_verdict(struct libscols_line *line, const struct summary_row *row, bool narrow,
			bool colour)
{
	bool baseline = condition_is_baseline(row->condition) && row->verdict == VERDICT_NONE;
	char bound[32], text[64];

	set(line, VERDICT, baseline ? "(baseline)" : verdict_names[row->verdict]);
	if (!narrow && row->verdict == VERDICT_OVERHEAD) {
		short_percent(bound, sizeof(bound), row->bound);
		snprintf(text, sizeof(text), "overhead, at least %s %%", bound);
		set(line, VERDICT, text);
	}
	if (colour && colour_of(row->verdict))
		scols_cell_set_color(scols_line_get_cell(line, VERDICT), colour_of(row->verdict));
}

static int add_row(struct libscols_table *table, const struct summary_row *row, bool narrow,
		   bool colour)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);
	char text[160];

	if (!line)
		return -ENOMEM;
	if (condition_is_baseline(row->condition))
		set(line, WORKLOAD, row->workload->name);
	snprintf(text, sizeof(text), "%s%s", narrow ? "  " : "", row->arm->label);
	set(line, ENVIRONMENT, text);
	set_value(line, row, narrow);
	set_relative(line, row, narrow);
	if (row->cpu_per_op.value > 0) {
		short_time(text, sizeof(text), row->cpu_per_op.value);
		set(line, CPU, text);
	}
	set_verdict(line, row, narrow, colour);
	return 0;
}

/* Narrow: the workload and its unit, in a line above its environments. */
static int add_workload(struct libscols_table *table, const struct summary_row *row)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);
	char text[160];

	if (!line)
		return -ENOMEM;
	snprintf(text, sizeof(text), "%s, %s", row->workload->name, row->metric->unit);
	set(line, ENVIRONMENT, text);
	return 0;
}

/* Whether a row from `from` to before `row` has the same arm, verdict and reason. */
static bool is_said(const struct summary_row *from, const struct summary_row *row)
{
	for (; from < row; from++)
		if (from->headline && from->arm == row->arm && from->verdict == row->verdict &&
		    reason_equal(&from->reason, &row->reason))
			return true;
	return false;
}

/* "VM: unavailable in cpu.compile, memory.kv: QEMU is not installed". */
static void print_reasons(const struct summary *summary, FILE *out)
{
	const struct summary_row *end = summary->rows + summary->row_count;
	char text[512];

	for (const struct summary_row *row = summary->rows; row < end; row++) {
		if (!row->headline || !row->reason.kind || is_said(summary->rows, row))
			continue;
		fprintf(out, "%s: %s in %s", row->arm->label, verdict_names[row->verdict],
			row->workload->name);
		for (const struct summary_row *other = row + 1; other < end; other++)
			if (other->headline && is_said(row, other) && other->arm == row->arm &&
			    reason_equal(&other->reason, &row->reason))
				fprintf(out, ", %s", other->workload->name);
		fprintf(out, ": %s\n", reason_text(&row->reason, LANGUAGE_EN, text, sizeof(text)));
	}
	for (const struct summary_row *row = summary->rows; row < end; row++) {
		if (!row->headline || !row->remedy.kind)
			continue;
		fprintf(out, "%s in %s: %s would decide it\n", row->arm->label, row->workload->name,
			remedy_text(&row->remedy, LANGUAGE_EN, text, sizeof(text)));
	}
}

static void print_notes(const struct summary *summary, FILE *out)
{
	const struct record *record = summary->record;
	int starts = 0, flagged = 0, left_out = 0;

	for (int i = 0; i < summary->row_count; i++) {
		const struct summary_row *row = &summary->rows[i];

		starts = row->starts > starts ? row->starts : starts;
		flagged += row->headline ? row->flagged : 0;
		left_out += row->headline ? row->left_out : 0;
	}
	if (starts == 1)
		fprintf(out, "Within one start of each environment: the intervals include the luck "
			     "of a start as far as the null arms show it.\n");
	if (summary->verdict_count)
		fprintf(out, "Verdicts decided: %d; up to %.2g of them may be wrong by chance.\n",
			summary->verdict_count, summary->expected_false);
	if (flagged)
		fprintf(out,
			"%d trials are flagged and kept; summary.json has the results without "
			"them.\n",
			flagged);
	if (left_out)
		fprintf(out, "%d trials are left out; summary.json says why.\n", left_out);
	if (record->dropped[0])
		fprintf(out, "Journal: %s.\n", record->dropped);
}

static int fill_table(struct libscols_table *table, const struct summary *summary, bool narrow,
		      bool colour)
{
	int rc = 0;

	for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++) {
		bool hidden = narrow && (i == WORKLOAD || i == CPU);
		const char *head = narrow && i == RELATIVE ? "RELATIVE" : columns[i].head;

		if (!scols_table_new_column(table, head, 0,
					    columns[i].flags | (hidden ? SCOLS_FL_HIDDEN : 0)))
			return -ENOMEM;
	}
	for (int i = 0; i < summary->row_count && !rc; i++) {
		const struct summary_row *row = &summary->rows[i];

		if (!row->headline)
			continue;
		if (narrow && condition_is_baseline(row->condition))
			rc = add_workload(table, row);
		rc = rc ?: add_row(table, row, narrow, colour);
	}
	return rc;
}

/* One sentence per line; nothing without predictions. */
static void print_predictions(const struct summary *summary, FILE *out)
{
	json_t *scores = predictions_score(summary), *one;
	size_t i;

	json_array_foreach (scores, i, one) {
		json_t *relative = json_object_get(one, "relative");

		fprintf(out, "Predicted '%s': ", json_string_value(json_object_get(one, "text")));
		if (json_is_object(relative))
			fprintf(out, "%s was x%.3g [%.3g, %.3g]: ",
				json_string_value(json_object_get(one, "workload")),
				json_number_value(json_object_get(relative, "value")),
				json_number_value(json_object_get(relative, "low")),
				json_number_value(json_object_get(relative, "high")));
		fprintf(out, "%s\n", json_string_value(json_object_get(one, "outcome")));
	}
	json_decref(scores);
}

int summary_print(const struct summary *summary, FILE *out, int width, bool utf8, bool colour)
{
	struct libscols_table *table = scols_new_table();
	int rc;

	if (!table)
		return -ENOMEM;
	scols_table_set_stream(table, out);
	scols_table_enable_colors(table, colour);
	scols_table_enable_ascii(table, !utf8);
	if (width) {
		scols_table_set_termforce(table, SCOLS_TERMFORCE_ALWAYS);
		scols_table_set_termwidth(table, (size_t)width);
	}
	rc = fill_table(table, summary, width && width < WIDE, colour);
	rc = rc ?: scols_print_table(table);
	scols_unref_table(table);
	if (rc)
		return rc;
	print_reasons(summary, out);
	print_notes(summary, out);
	print_predictions(summary, out);
	return 0;
}
