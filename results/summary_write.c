/* SPDX-License-Identifier: GPL-3.0-or-later */
/* summary.csv and summary.json. Both show nine digits of a real number: more than any
 * measurement has, fewer than would show how one mathematics library rounds. */
#include "results/summary.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/border.h"
#include "base/cleanup.h"
#include "results/blocks.h"
#include "results/predict.h"

#define DIGITS 9
#define SECOND "its block has a trial of this arm already"
#define NO_PARTNER "its block has no trial of the baseline"

static void csv_text(FILE *out, const char *text, char end)
{
	border_csv(out, text);
	fputc(end, out);
}

static void csv_real(FILE *out, double value)
{
	if (!isnan(value))
		fprintf(out, "%.*g", DIGITS, value + 0.0); /* + 0.0: no "-0" */
	fputc(',', out);
}

static void csv_interval(FILE *out, const struct interval *i)
{
	csv_real(out, i->value);
	csv_real(out, i->low);
	csv_real(out, i->high);
}

static bool is_estimate(const struct summary_row *row)
{
	return row->arm->role == ARM_SUBJECT && isfinite(row->log.half);
}

static bool stalls(const struct summary_row *row)
{
	return row->stalls;
}

static bool assumes_luck(const struct summary_row *row)
{
	return is_estimate(row) && row->luck_assumed;
}

static bool has_one_baseline(const struct summary_row *row)
{
	return is_estimate(row) && !row->log.both;
}

/* What a reader should know of an estimate, by name. */
static const struct {
	const char *name;
	bool (*holds)(const struct summary_row *row);
} marks[] = {
	{"stalls", stalls},
	{"assumed luck", assumes_luck},
	{"one baseline", has_one_baseline},
};

static const char *marks_text(const struct summary_row *row, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks) && used < size; i++)
		if (marks[i].holds(row))
			used += (size_t)snprintf(text + used, size - used, "%s%s", used ? "; " : "",
						 marks[i].name);
	return text;
}

static void csv_row(FILE *out, const struct summary_row *row)
{
	char text[512];

	csv_text(out, row->figure, ',');
	csv_text(out, row->workload->panel, ',');
	csv_text(out, row->workload->name, ',');
	csv_text(out, row->metric->name, ',');
	csv_text(out, row->metric->unit, ',');
	csv_text(out, row->metric->lower_is_better ? "lower" : "higher", ',');
	csv_text(out, row->arm->id, ',');
	csv_text(out, row->arm->label, ',');
	fprintf(out, "%d,%d,", row->starts, row->blocks);
	csv_interval(out, &row->value);
	csv_interval(out, &row->relative);
	csv_interval(out, &row->overhead);
	csv_real(out, row->cpu_per_op.value);
	csv_text(out, verdict_name(row->verdict), ',');
	csv_text(out, reason_text(&row->reason, text, sizeof(text)), ',');
	csv_real(out, row->bound);
	csv_real(out, expm1(-row->null_value) * 100);
	csv_real(out, row->luck * 100);
	csv_text(out, remedy_text(&row->remedy, text, sizeof(text)), ',');
	csv_text(out, marks_text(row, text, sizeof(text)), '\n');
}

char *summary_csv(const struct summary *summary)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	if (!out)
		return NULL;
	fputs("figure,panel,workload,metric,unit,better,environment,label,starts,blocks,"
	      "value,value_low,value_high,relative,relative_low,relative_high,"
	      "overhead_pct,overhead_low,overhead_high,cpu_per_op,verdict,reason,"
	      "bound_pct,null_pct,luck_pct,would_decide,marks\n",
	      out);
	for (int i = 0; i < summary->row_count; i++)
		csv_row(out, &summary->rows[i]);
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}

static json_t *real_or_null(double value)
{
	return isfinite(value) ? json_real(value + 0.0) : json_null();
}

static json_t *interval_json(const struct interval *i)
{
	if (isnan(i->value))
		return json_null();
	return json_pack("{s:o, s:o, s:o}", "value", real_or_null(i->value), "low",
			 real_or_null(i->low), "high", real_or_null(i->high));
}

static json_t *marks_json(const struct summary_row *row)
{
	json_t *list = json_array();

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (marks[i].holds(row))
			json_array_append_new(list, json_string(marks[i].name));
	return list;
}

static json_t *remedy_json(const struct remedy *remedy)
{
	char text[128];

	if (remedy->kind == REMEDY_NONE)
		return json_null();
	return json_pack(
		"{s:s, s:o, s:o}", "text", remedy_text(remedy, text, sizeof(text)), "seconds",
		remedy->kind == REMEDY_MINUTES ? json_real(remedy->seconds) : json_null(), "starts",
		remedy->kind == REMEDY_STARTS ? json_integer(remedy->starts) : json_null());
}

static json_t *row_json(const struct summary_row *row)
{
	char text[512];
	json_t *json = json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:i, s:i, s:o, s:o, s:o, s:o, s:o,"
		" s:{s:o, s:o, s:o}, s:s, s:b, s:s, s:s, s:i, s:i, s:o, s:o, s:o, s:o, s:o, s:o,"
		" s:o}",
		"figure", row->figure, "panel", row->workload->panel, "workload",
		row->workload->name, "metric", row->metric->name, "unit", row->metric->unit,
		"better", row->metric->lower_is_better ? "lower" : "higher", "environment",
		row->arm->id, "label", row->arm->label, "headline", row->headline, "starts",
		row->starts, "blocks", row->blocks, "value", interval_json(&row->value), "relative",
		interval_json(&row->relative), "overhead_pct", interval_json(&row->overhead),
		"cpu_per_op", interval_json(&row->cpu_per_op), "without_flagged",
		interval_json(&row->without_flagged), "variance", "trial",
		real_or_null(row->share_trial), "block", real_or_null(row->share_block), "start",
		real_or_null(row->share_start), "advice", row->advice, "differs", row->differs,
		"verdict", verdict_name(row->verdict), "reason",
		reason_text(&row->reason, text, sizeof(text)), "flagged", row->flagged, "left_out",
		row->left_out, "bound_pct", real_or_null(row->bound), "null_pct",
		real_or_null(expm1(-row->null_value) * 100), "luck_pct",
		real_or_null(row->luck * 100), "freedom", real_or_null(row->log.freedom),
		"mean_relative", real_or_null(exp(row->log.mean)), "would_decide",
		remedy_json(&row->remedy), "marks", marks_json(row));

	if (json && row->counters_per_op)
		json_object_set(json, "counters_per_op", row->counters_per_op);
	return json;
}

static void add_left_out(json_t *list, const struct record *record,
			 const struct record_trial *trial, const char *reason)
{
	json_array_append_new(list,
			      json_pack("{s:i, s:s, s:s, s:i, s:i, s:s}", "line", (int)trial->line,
					"workload", record->workloads[trial->workload].name, "arm",
					record->arms[trial->arm].id, "start", trial->start, "block",
					trial->block, "reason", reason));
}

/* Every trial that entered no comparison, with its reason. */
static json_t *left_out_json(const struct record *record)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < record->trial_count; i++)
		if (!record->trials[i].valid && !record->trials[i].warmup)
			add_left_out(list, record, &record->trials[i], record->trials[i].reason);
	for (int w = 0; w < record->workload_count; w++) {
		struct blocks *b;

		if (blocks_create(record, w, &b, NULL))
			continue;
		for (int i = 0; i < b->second_count; i++)
			add_left_out(list, record, b->seconds[i], SECOND);
		for (int block = 0; block < b->count; block++)
			for (int arm = 1; arm < b->arms && !blocks_at(b, block, 0); arm++)
				if (blocks_at(b, block, arm))
					add_left_out(list, record, blocks_at(b, block, arm),
						     NO_PARTNER);
		blocks_destroy(b);
	}
	return list;
}

/* What ended the blocks of each workload, from the journal's own words. */
static json_t *decisions_json(const struct record *record)
{
	json_t *list = json_object(), *event;
	size_t i;

	json_array_foreach (record->events, i, event) {
		const char *what = json_string_value(json_object_get(event, "event"));
		const char *workload = json_string_value(json_object_get(event, "workload"));

		if (what && workload && !strcmp(what, "decided"))
			json_object_set(list, workload, json_object_get(event, "message"));
	}
	return list;
}

json_t *summary_json(const struct summary *summary)
{
	json_t *run = summary->record->run, *rows = json_array();

	for (int i = 0; i < summary->row_count; i++)
		json_array_append_new(rows, row_json(&summary->rows[i]));
	return json_pack("{s:i, s:O?, s:O?, s:O?, s:i, s:f, s:s, s:o, s:o, s:o, s:o}", "schema", 1,
			 "id", json_object_get(run, "id"), "status", json_object_get(run, "status"),
			 "study", json_object_get(run, "study"), "verdicts", summary->verdict_count,
			 "expected_false", summary->expected_false, "dropped",
			 summary->record->dropped, "ended", decisions_json(summary->record), "rows",
			 rows, "left_out", left_out_json(summary->record), "predictions",
			 predictions_score(summary));
}

char *summary_json_text(const struct summary *summary)
{
	cleanup_json json_t *json = summary_json(summary);
	cleanup_free char *text = NULL;
	char *lines = NULL;

	if (json)
		text = json_dumps(json, JSON_INDENT(1) | JSON_REAL_PRECISION(DIGITS));
	if (!text || asprintf(&lines, "%s\n", text) < 0)
		return NULL;
	return lines;
}

int summary_write(const struct summary *summary, const struct directory *directory,
		  struct error *err)
{
	cleanup_free char *csv = summary_csv(summary), *json = summary_json_text(summary);

	if (!csv || !json)
		return error_errno(err, -ENOMEM, "writing the summary");
	return directory_replace(directory, "summary.csv", csv, strlen(csv), err)
		       ?: directory_replace(directory, "summary.json", json, strlen(json), err);
}
