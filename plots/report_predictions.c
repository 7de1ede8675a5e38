/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The predictions made before the run, scored. */
#include <math.h>

#include "plots/report.h"
#include "results/predict.h"

#include "base/cleanup.h"
#include "base/json.h"

static double number_at(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return json_is_number(value) ? json_number_value(value) : NAN;
}

static void put_prediction(struct report *report, const json_t *score)
{
	const json_t *measured = json_object_get(score, "relative");
	double predicted = number_at(score, "predicted");
	struct interval relative = {number_at(measured, "value"), number_at(measured, "low"),
				    number_at(measured, "high")};

	page_row(report, json_text(score, "text"));
	page_cell(report, NAN, "%s", json_text(score, "workload"));
	page_cell(report, predicted, "%s", number_ratio(report->picture->language, predicted).text);
	page_interval(report, &relative, number_ratio, "");
	page_cell(report, NAN, "%s", report_phrase(report, json_text(score, "outcome")).text);
	fputs("</tr>\n", report->out);
}

void report_predictions(struct report *report)
{
	cleanup_json json_t *scores = predictions_score(report->picture->summary);
	const json_t *score;
	size_t i;

	if (!json_array_size(scores))
		return;
	page_section(report, "predictions", WORD_PREDICTIONS);
	page_table_begin(report, WORD_PREDICTIONS_CAPTION, "");
	page_table_heads(report, WORD_HEAD_PREDICTION, WORD_HEAD_WORKLOAD,
			 HEAD_NUMBER(WORD_HEAD_PREDICTED), HEAD_NUMBER(WORD_HEAD_RELATIVE),
			 WORD_HEAD_OUTCOME, -1);
	json_array_foreach (scores, i, score)
		put_prediction(report, score);
	page_table_end(report);
	fputs("</section>\n", report->out);
}
