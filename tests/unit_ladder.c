/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gsl/gsl_cdf.h>
#include <math.h>

#include "results/ladder.h"
#include "tests/sample_run.h"
#include "tests/unit.h"

#define BLOCKS 8
#define RUNGS_MOST 5

/* bare, its null arm and `rungs` environments; the record keeps what it takes from `run`. */
static struct record *ladder_record(int rungs)
{
	json_t *run = json_loads(SAMPLE_PLAN, 0, NULL);
	json_t *plan = json_object_get(run, "plan"), *environments;
	json_t *arms = json_pack("[{s:s, s:s, s:s}, {s:s, s:s, s:s}]", "id", "bare", "environment",
				 "bare", "role", "baseline", "id", "bare#null", "environment",
				 "bare", "role", "null");
	struct record *record;
	struct error err;

	environments = json_object_get(run, "environments");
	for (int i = 0; i < rungs; i++) {
		char name[8];

		snprintf(name, sizeof(name), "rung%d", i);
		json_array_append_new(arms, json_pack("{s:s, s:s, s:s}", "id", name, "environment",
						      name, "role", "subject"));
		json_object_set_new(environments, name,
				    json_pack("{s:s, s:b}", "label", name, "available", 1));
	}
	json_object_set_new(plan, "arms", arms);
	ck_assert_msg(!record_create(run, &record, &err), "%s", err.message);
	json_decref(run);
	return record;
}

/* What a rung adds to the log of the cost: `size` on the average, with noise that does not cancel
 * between blocks; and 10 times as much of it where `noisy`. */
struct addition {
	double size;
	bool noisy;
};

static struct ladder *ladder_of(const struct addition *rungs, int count, struct record **record,
				struct summary **summary)
{
	static const double noise[BLOCKS] = {-0.031, 0.012, 0.02,  -0.008,
					     0.035,  -0.02, 0.004, -0.013};
	struct ladder *ladder;

	*record = ladder_record(count);
	for (int block = 0; block < BLOCKS; block++) {
		double cost = 0;

		sample_add(*record, sample_trial("bare", 0, block, 1000));
		sample_add(*record, sample_trial("bare#null", 0, block, 1000));
		for (int i = 0; i < count; i++) {
			char name[8];

			cost += rungs[i].size +
				(rungs[i].noisy ? 1 : 0.1) * noise[(block + i) % BLOCKS];
			snprintf(name, sizeof(name), "rung%d", i);
			sample_add(*record, sample_trial(name, 0, block, 1000 * exp(-cost)));
		}
	}
	ck_assert_int_eq(summary_create(*record, summary, NULL), 0);
	ck_assert_int_eq(ladder_create(*summary, &ladder, NULL), 0);
	ck_assert_int_eq(ladder->count, count);
	return ladder;
}

static void destroy(struct ladder *ladder, struct summary *summary, struct record *record)
{
	ladder_destroy(ladder);
	summary_destroy(summary);
	record_destroy(record);
}

static double chance_of(const struct ladder_step *step)
{
	return 2 * gsl_cdf_tdist_Q(fabs(step->log.value) / step->log.se, step->log.freedom);
}

/* Of one step 2 % of chance is little; of five, one that is so unlikely is to be expected. */
START_TEST(a_step_that_stands_out_alone_does_not_among_five)
{
	static const struct addition rungs[RUNGS_MOST] = {
		{0.027, true}, {0, true}, {0, true}, {0, true}, {0, true}};

	for (int count = 1; count <= RUNGS_MOST; count += RUNGS_MOST - 1) {
		struct summary *summary;
		struct record *record;
		struct ladder *ladder = ladder_of(rungs, count, &record, &summary);

		ck_assert_double_lt(chance_of(&ladder->steps[0]), 0.05);
		ck_assert_double_gt(chance_of(&ladder->steps[0]), 0.05 / RUNGS_MOST);
		ck_assert_int_eq(ladder->steps[0].finding, count == 1 ? STEP_DIFFERS : STEP_NOISE);
		ck_assert_ptr_eq(ladder_greatest(ladder, 0, false),
				 count == 1 ? &ladder->steps[0] : NULL);
		destroy(ladder, summary, record);
	}
}
END_TEST

/* Holm's second step: what is below 0.05 / 4 counts once the first is beyond doubt. */
START_TEST(after_a_clear_step_the_next_one_is_held_to_less)
{
	static const struct addition rungs[RUNGS_MOST] = {
		{0.5, false}, {0.029, true}, {0, true}, {0, true}, {0, true}};
	struct summary *summary;
	struct record *record;
	struct ladder *ladder = ladder_of(rungs, RUNGS_MOST, &record, &summary);

	ck_assert_double_gt(chance_of(&ladder->steps[1]), 0.05 / 5);
	ck_assert_double_lt(chance_of(&ladder->steps[1]), 0.05 / 4);
	ck_assert_int_eq(ladder->steps[0].finding, STEP_DIFFERS);
	ck_assert_int_eq(ladder->steps[1].finding, STEP_DIFFERS);
	ck_assert_int_ne(ladder->steps[2].finding, STEP_DIFFERS);
	destroy(ladder, summary, record);
}
END_TEST

/* What is expected of a repetition: as much less as the step is uncertain. */
START_TEST(an_uncertain_step_is_shrunk_and_a_clear_one_is_not)
{
	static const struct addition rungs[] = {{0.3, false}, {0.05, true}, {-0.02, true}};
	struct summary *summary;
	struct record *record;
	struct ladder *ladder = ladder_of(rungs, 3, &record, &summary);
	double spread = 0;

	for (int i = 0; i < 3; i++) {
		const struct estimate *e = &ladder->steps[i].log;

		spread += (e->value * e->value - e->se * e->se) / 3;
	}
	for (int i = 0; i < 3; i++) {
		const struct ladder_step *step = &ladder->steps[i];
		double kept = spread / (spread + step->log.se * step->log.se);

		ck_assert_double_eq_tol(log1p(step->shrunk / 100), kept * step->log.value, 1e-9);
	}
	ck_assert_double_gt(ladder->steps[0].shrunk / ladder->steps[0].overhead.value, 0.999);
	ck_assert_double_lt(ladder->steps[1].shrunk / ladder->steps[1].overhead.value, 0.999);
	destroy(ladder, summary, record);
}
END_TEST

START_TEST(where_no_step_is_more_than_its_noise_nothing_is_expected)
{
	static const struct addition rungs[] = {{0, true}, {0.001, true}};
	struct summary *summary;
	struct record *record;
	struct ladder *ladder = ladder_of(rungs, 2, &record, &summary);

	ck_assert_double_eq(ladder->steps[0].shrunk, 0);
	ck_assert_double_eq(ladder->steps[1].shrunk, 0);
	destroy(ladder, summary, record);
}
END_TEST

UNIT("ladder", a_step_that_stands_out_alone_does_not_among_five,
     after_a_clear_step_the_next_one_is_held_to_less,
     an_uncertain_step_is_shrunk_and_a_clear_one_is_not,
     where_no_step_is_more_than_its_noise_nothing_is_expected)
