/* SPDX-License-Identifier: GPL-3.0-or-later */
/* summary.csv and summary.json. Both have nine digits of a real number: more than any measurement
 * has, too few to show how a mathematics library rounds. */
#include "results/summary.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "results/blocks.h"
#include "results/measurement.h"
#include "results/predict.h"
#include "results/summary_fields.h"

#define SECOND "its block has a trial of this arm already"
#define NO_PARTNER "its block has no trial of the baseline"

char *summary_csv(const struct summary *summary)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	if (!out)
		return NULL;
	fields_csv_head(summary_fields, out);
	fputc('\n', out);
	for (int i = 0; i < summary->row_count; i++) {
		fields_csv_row(summary_fields, &summary->rows[i], out);
		fputc('\n', out);
	}
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
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
			for (int arm = 0; arm < b->arms; arm++)
				if (blocks_at(b, block, arm) &&
				    !blocks_at(b, block, record_condition(record, w, arm)->against))
					add_left_out(list, record, blocks_at(b, block, arm),
						     NO_PARTNER);
		blocks_destroy(b);
	}
	return list;
}

/* Why the blocks of each workload ended, from the journal. */
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
		json_array_append_new(rows, fields_json(summary_fields, &summary->rows[i]));
	return json_pack("{s:i, s:O?, s:O?, s:O?, s:i, s:f, s:s, s:o, s:o, s:o, s:o, s:o}",
			 "schema", 1, "id", json_object_get(run, "id"), "status",
			 json_object_get(run, "status"), "study", json_object_get(run, "study"),
			 "verdicts", summary->verdict_count, "expected_false",
			 summary->expected_false, "dropped", summary->record->dropped, "ended",
			 decisions_json(summary->record), "rows", rows, "measurements",
			 measurements_json(summary->record), "left_out",
			 left_out_json(summary->record), "predictions", predictions_score(summary));
}

char *summary_json_text(const struct summary *summary)
{
	cleanup_json json_t *json = summary_json(summary);
	cleanup_free char *text = NULL;
	char *lines = NULL;

	if (json)
		text = json_dumps(json, JSON_INDENT(1) | JSON_REAL_PRECISION(FIELDS_DIGITS));
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
