/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/score.h"

#include <math.h>
#include <string.h>

static bool is_about(const char *subject, const struct record_workload *workload)
{
	return !strcmp(subject, workload->panel) || !strcmp(subject, workload->name);
}

static const char *outcome_of(double predicted, const struct summary_row *row)
{
	double ratio = row->relative.value / predicted, margin = verdict_margin(row->metric);

	if (isnan(row->relative.value))
		return "unavailable";
	if (predicted >= row->relative.low && predicted <= row->relative.high)
		return "right";
	if (ratio > 1 / (1 + margin) && ratio < 1 + margin)
		return "right";
	return ratio > 1 ? "too low" : "too high";
}

static json_t *score(json_t *prediction, const struct summary_row *row)
{
	double predicted = json_number_value(json_object_get(prediction, "relative"));
	const struct interval *r = &row->relative;
	bool known = !isnan(r->value);

	return json_pack("{s:O?, s:s, s:s, s:f, s:o, s:s, s:o}", "text",
			 json_object_get(prediction, "text"), "workload", row->workload->name,
			 "environment", row->arm->id, "predicted", predicted, "relative",
			 known ? json_pack("{s:f, s:f, s:f}", "value", r->value, "low", r->low,
					   "high", r->high)
			       : json_null(),
			 "outcome", outcome_of(predicted, row), "factor",
			 known ? json_real(r->value / predicted) : json_null());
}

json_t *predictions_score(const struct summary *summary)
{
	json_t *predictions = json_object_get(summary->record->run, "predictions"), *prediction;
	json_t *scores = json_array();
	size_t i;

	json_array_foreach (predictions, i, prediction) {
		const char *id = json_string_value(json_object_get(prediction, "environment"));
		const char *subject = json_string_value(json_object_get(prediction, "subject"));
		double relative = json_number_value(json_object_get(prediction, "relative"));

		for (int row = 0; id && subject && relative > 0 && row < summary->row_count;
		     row++) {
			const struct summary_row *r = &summary->rows[row];

			if (r->headline && !strcmp(r->arm->id, id) &&
			    is_about(subject, r->workload))
				json_array_append_new(scores, score(prediction, r));
		}
	}
	return scores;
}

void predictions_print(const struct summary *summary, FILE *out)
{
	json_t *scores = predictions_score(summary), *one;
	size_t i;

	json_array_foreach (scores, i, one) {
		json_t *relative = json_object_get(one, "relative");

		fprintf(out, "Predicted '%s': ", json_string_value(json_object_get(one, "text")));
		if (json_is_object(relative))
			fprintf(out, "%s came out as x%.3g [%.3g, %.3g]: ",
				json_string_value(json_object_get(one, "workload")),
				json_number_value(json_object_get(relative, "value")),
				json_number_value(json_object_get(relative, "low")),
				json_number_value(json_object_get(relative, "high")));
		fprintf(out, "%s\n", json_string_value(json_object_get(one, "outcome")));
	}
	json_decref(scores);
}
