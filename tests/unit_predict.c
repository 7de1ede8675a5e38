/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/predict.h"
#include "results/summary.h"
#include "tests/sample_run.h"
#include "tests/unit.h"

#define BLOCKS 12

/* What becomes of a prediction about a vm whose blocks come out at `relative` times exp(+-noise).
 * The string is the caller's. */
static char *outcome(const char *text, double relative, double noise)
{
	struct record *record = sample_record();
	json_t *prediction, *scores;
	struct summary *summary;
	struct error err;
	char *word;

	ck_assert_msg(!prediction_parse(text, record, &prediction, &err), "%s", err.message);
	json_object_set_new(record->run, "predictions", json_pack("[o]", prediction));
	for (int block = 0; block < BLOCKS; block++) {
		double value = 1000 * relative * exp(block % 2 ? noise : -noise);

		sample_add(record, sample_trial("bare", 0, block, 1000));
		sample_add(record, sample_trial("bare#null", 0, block, 1000));
		sample_add(record, sample_trial("vm", 0, block, value));
	}
	ck_assert_int_eq(summary_create(record, &summary, NULL), 0);
	scores = predictions_score(summary);
	ck_assert_uint_eq(json_array_size(scores), 1);
	word = strdup(json_string_value(json_object_get(json_array_get(scores, 0), "outcome")));
	json_decref(scores);
	summary_destroy(summary);
	record_destroy(record);
	return word;
}

static void scores(const char *text, double relative, double noise, const char *expected)
{
	char *word = outcome(text, relative, noise);

	ck_assert_str_eq(word, expected);
	free(word);
}

/* -50 % is right from 0.435 to 0.574: a fifth of its log ratio to either side. */
START_TEST(the_whole_interval_must_lie_about_the_prediction)
{
	scores("vm cpu.work -50%", 0.5, 0.01, "right");
	scores("vm cpu.work -50%", 0.45, 0.01, "right");
	scores("vm cpu.work -50%", 0.7, 0.01, "too low");
	scores("vm cpu.work -50%", 0.3, 0.01, "too high");
}
END_TEST

START_TEST(an_interval_that_reaches_beyond_it_cannot_tell)
{
	scores("vm cpu.work -50%", 0.5, 0.5, "cannot tell");
	scores("vm cpu.work -50%", 0.57, 0.05, "cannot tell");
}
END_TEST

/* An interval from a third to three times is no proof of a prediction, nor of its opposite. */
START_TEST(a_wide_interval_makes_opposite_predictions_right_of_none)
{
	scores("vm cpu.work -50%", 1, 1.2, "cannot tell");
	scores("vm cpu.work x1.8", 1, 1.2, "cannot tell");
}
END_TEST

START_TEST(that_nothing_changes_is_right_within_the_margin)
{
	scores("vm cpu.work x1", 1.005, 0.005, "right");
	scores("vm cpu.work x1", 1.06, 0.005, "too low");
	scores("vm cpu.work x1", 1.02, 0.03, "cannot tell");
}
END_TEST

UNIT("predict", the_whole_interval_must_lie_about_the_prediction,
     an_interval_that_reaches_beyond_it_cannot_tell,
     a_wide_interval_makes_opposite_predictions_right_of_none,
     that_nothing_changes_is_right_within_the_margin)
