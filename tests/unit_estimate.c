/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit.h"

#include <math.h>

#include "results/blocks.h"
#include "results/estimate.h"
#include "results/luck.h"
#include "results/percentile.h"
#include "results/precision.h"
#include "results/verdict.h"
#include "tests/sample_run.h"

static struct series series_of(const double *values, const double *again, const int *starts,
			       int count)
{
	struct series series = {0};

	for (int i = 0; i < count; i++)
		ck_assert_int_eq(series_append(&series, values[i], again ? again[i] : NAN,
					       starts ? starts[i] : 0, 0, NULL),
				 0);
	return series;
}

static struct estimate estimate_of(const double *values, const int *starts, int count)
{
	struct series series = series_of(values, NULL, starts, count);
	struct estimate e = estimate_series(&series);

	series_finish(&series);
	return e;
}

static struct estimate student_of(const double *values, int count)
{
	struct series series = series_of(values, NULL, NULL, count);
	struct estimate e = estimate_student(&series);

	series_finish(&series);
	return e;
}

/* Student (1908), the extra sleep of ten patients: 1.58, 95 % interval 0.70 to 2.46 as in any
 * textbook; the digits from SciPy. */
START_TEST(students_own_example_comes_out)
{
	static const double extra[] = {1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4};
	struct estimate e = student_of(extra, 10);

	ck_assert_double_eq_tol(e.value, 1.58, 1e-12);
	ck_assert_double_eq_tol(e.half, 0.8798857632547287, 1e-9);
	ck_assert(isnan(e.share_start));
}
END_TEST

static const double by_start[] = {0.031, 0.058, 0.044, 0.012, 0.067, 0.049,
				  0.138, 0.151, 0.122, 0.040, 0.030, 0.020};
static const int starts[] = {0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3};

/* HL 0.0535, Wilcoxon's interval 0.031 to 0.0945 (the 14th Walsh averages), the starts' means vary
 * by 0.00244196, of which their blocks explain 0.00031992 / 3; worked out by hand. */
START_TEST(with_several_starts_their_spread_is_in_the_variance)
{
	struct estimate e = estimate_of(by_start, starts, 12);

	ck_assert_int_eq(e.starts, 4);
	ck_assert_int_eq(e.blocks, 12);
	ck_assert_double_eq_tol(e.value, 0.0535, 1e-12);
	ck_assert_double_eq_tol(e.spread, 0.0023353240740740747, 1e-12);
	ck_assert_double_eq_tol(e.freedom, 5.334818990534934, 1e-6);
	ck_assert_double_eq_tol(e.se * e.se, 0.000791921986537512, 1e-9);
	ck_assert_double_eq_tol(e.half, estimate_quantile(e.freedom) * e.se, 1e-12);
}
END_TEST

START_TEST(the_variance_is_split_into_shares_that_add_up)
{
	struct estimate e = estimate_of(by_start, starts, 12);

	ck_assert_double_eq_tol(e.share_start, 0.9563306690124824, 1e-9);
	ck_assert_double_eq_tol(e.share_trial, 0.04366933098751763, 1e-9);
	ck_assert_double_eq_tol(e.share_start + e.share_block + e.share_trial, 1, 1e-12);
}
END_TEST

START_TEST(a_slow_change_within_a_start_is_the_share_of_the_block)
{
	double line[10];
	struct estimate e;

	for (int i = 0; i < 10; i++)
		line[i] = 0.01 * i;
	e = estimate_of(line, NULL, 10);
	ck_assert_double_eq_tol(e.share_trial, 0.05454545454545455, 1e-9);
	ck_assert_double_eq_tol(e.share_block, 1 - 0.05454545454545455, 1e-9);
}
END_TEST

START_TEST(fewer_than_three_blocks_are_no_estimate)
{
	static const double two[] = {1, 2};
	struct estimate e = estimate_of(two, NULL, 2), none = estimate_of(two, NULL, 0);
	struct interval interval = estimate_interval(&e);

	ck_assert(isnan(e.half) && isnan(e.value));
	ck_assert(isnan(interval.value) && isnan(interval.low) && isnan(interval.high));
	ck_assert(isnan(none.half));
	ck_assert_int_eq(none.blocks, 0);
}
END_TEST

START_TEST(equal_values_have_an_interval_of_no_width)
{
	static const double same[] = {1.7, 1.7, 1.7, 1.7};
	struct estimate e = estimate_of(same, NULL, 4);

	ck_assert_double_eq(e.half, 0);
	ck_assert(isnan(e.share_trial));
}
END_TEST

START_TEST(two_runs_are_compared_by_welchs_interval)
{
	double a[] = {10.1, 10.4, 9.9, 10.2, 10.0}, b[] = {9.1, 9.6, 9.0, 9.9, 9.3, 9.2};
	struct estimate ea, eb, e;

	for (int i = 0; i < 5; i++)
		a[i] = log(a[i]);
	for (int i = 0; i < 6; i++)
		b[i] = log(b[i]);
	ea = student_of(a, 5);
	eb = student_of(b, 6);
	e = estimate_difference(&ea, &eb);
	ck_assert_double_eq_tol(e.value, -0.07953397163594378, 1e-12);
	ck_assert_double_eq_tol(e.half, 0.03919937574775789, 1e-9);
}
END_TEST

/* d1 and d2 of eight blocks; the digits from SciPy. */
static const double first[] = {0.031, 0.058, 0.044, 0.012, 0.067, 0.049, 0.138, 0.021};
static const double second[] = {0.022, 0.061, 0.031, 0.020, 0.050, 0.055, 0.120, 0.033};

static struct estimate eight_blocks(void)
{
	struct series series = series_of(first, second, NULL, 8);
	struct estimate e = estimate_series(&series);

	series_finish(&series);
	return e;
}

START_TEST(a_relative_is_the_mean_of_that_to_either_baseline)
{
	struct estimate e = eight_blocks();

	ck_assert(e.both);
	ck_assert_double_eq_tol(e.value, 0.043875, 1e-12);
	ck_assert_double_eq_tol(e.se, 0.013401769972588719, 1e-7);
	ck_assert_double_eq_tol(e.half, 0.03169015028364492, 1e-9);
	ck_assert_double_eq_tol(e.mean, 0.05075, 1e-12);
	ck_assert_double_eq(e.freedom, 7);
}
END_TEST

START_TEST(the_luck_of_the_start_widens_it_by_satterthwaites_formula)
{
	struct estimate e = eight_blocks();

	estimate_add_variance(&e, 1.5 * 0.0004, 5);
	ck_assert_double_eq_tol(e.value, 0.043875, 1e-12);
	ck_assert_double_eq_tol(e.freedom, 7.9336955453854126, 1e-5);
	ck_assert_double_eq_tol(e.half, 0.06448076635512248, 1e-7);
}
END_TEST

START_TEST(a_second_baseline_in_few_blocks_is_passed_over)
{
	double few[8] = {0.022, 0.061, 0.031, NAN, NAN, NAN, NAN, NAN};
	struct series series = series_of(first, few, NULL, 8);
	struct estimate with = estimate_series(&series), alone = estimate_of(first, NULL, 8);

	ck_assert(!with.both);
	ck_assert_double_eq(with.value, alone.value);
	ck_assert_double_eq(with.half, alone.half);
	series_finish(&series);
}
END_TEST

START_TEST(a_start_for_each_block_makes_the_block_the_unit)
{
	static const int own[] = {0, 1, 2, 3, 4, 5, 6, 7};
	struct estimate fresh = estimate_of(first, own, 8), one = estimate_of(first, NULL, 8);

	ck_assert_int_eq(fresh.starts, 8);
	ck_assert_double_eq(fresh.value, one.value);
	ck_assert_double_eq(fresh.half, one.half);
}
END_TEST

/* Bare metal comes from fresh instances every two blocks, the guest from the same one throughout.
 */
START_TEST(a_start_of_a_pair_ends_where_both_of_its_instances_are_fresh)
{
	static const char *const arms[] = {"bare", "bare#null", "vm"};
	struct record *record = sample_record();
	struct blocks *b;

	for (int block = 0; block < 6; block++) {
		for (int arm = 0; arm < 3; arm++) {
			json_t *trial = sample_trial(arms[arm], 0, block, 100 + block);

			if (arm < 2)
				json_object_set_new(trial, "instance", json_integer(block / 2));
			else if (block % 2) /* its turn is every second block */
				json_object_set_new(trial, "warmup", json_true());
			ck_assert_int_eq(sample_add(record, trial), 0);
		}
	}
	ck_assert_int_eq(blocks_create(record, 0, &b, NULL), 0);
	ck_assert_int_eq(b->count, 6);
	for (int block = 0; block < 6; block++) {
		ck_assert_int_eq(blocks_start(b, block, 0), block / 2);
		ck_assert_int_eq(blocks_start(b, block, 1), block / 2);
		ck_assert_int_eq(blocks_start(b, block, 2), 0);
	}
	blocks_destroy(b);
	record_destroy(record);
}
END_TEST

/* Ten of twelve equal: Wilcoxon's interval has no width, the two others say it should. */
START_TEST(ties_do_not_make_an_interval_of_no_width_where_values_differ)
{
	static const double tied[] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1.1, 0.8};
	struct estimate e = estimate_of(tied, NULL, 12), student = student_of(tied, 12);

	ck_assert_double_eq_tol(e.half, student.half, 1e-12);
	ck_assert_double_eq_tol(e.value, student.value, 1e-12);
}
END_TEST

START_TEST(a_rare_stall_moves_the_mean_and_not_the_estimate)
{
	static const double stalled[] = {0.01, 0.0,  -0.01, 0.0,  0.01, -1.2,
					 0.0,  0.01, -0.01, 0.01, 0.0,  -0.01};
	struct estimate e = estimate_of(stalled, NULL, 12);

	ck_assert_double_lt(fabs(e.value), 0.01);
	ck_assert_double_gt(fabs(e.mean - e.value), e.half);
}
END_TEST

static struct luck luck_of(const double (*nulls)[2], int count)
{
	struct luck luck = {0};

	for (int i = 0; i < count; i++) {
		struct estimate e = estimate_none();

		e.value = nulls[i][0];
		e.se = nulls[i][1];
		e.starts = 1;
		luck_add(&luck, &e);
	}
	return luck;
}

/* z = (N^2 - SE^2) / 2: 0.00015, -0.00016, 0.0004; their mean 0.00013. */
START_TEST(luck_is_pooled_over_the_null_arms_of_the_run)
{
	static const double nulls[][2] = {{0.02, 0.01}, {0.02, sqrt(0.00072)}, {-0.03, 0.01}};
	struct estimate lucky = estimate_none();
	struct luck luck = luck_of(nulls, 3);

	ck_assert_int_eq(luck.count, 3);
	ck_assert_double_eq_tol(luck_squared(&luck, NULL), 0.00013, 1e-12);
	lucky.value = -0.03;
	lucky.se = 0.01;
	lucky.starts = 1;
	ck_assert_double_eq_tol(luck_squared(&luck, &lucky), 0.0004, 1e-12);
}
END_TEST

START_TEST(of_one_or_two_null_arms_no_noise_is_subtracted)
{
	static const double nulls[][2] = {{0.02, 0.05}, {-0.04, 0.05}};
	struct luck luck = luck_of(nulls, 2), one = luck_of(nulls, 1);

	ck_assert_double_eq_tol(luck_squared(&luck, NULL), (0.0004 + 0.0016) / 2 / 2, 1e-12);
	ck_assert_double_eq_tol(luck_squared(&one, NULL), 0.0002, 1e-12);
}
END_TEST

START_TEST(without_a_null_arm_the_luck_is_assumed)
{
	struct luck luck = {0};
	struct estimate e = estimate_of(first, NULL, 8), with = e;

	luck_enter(&luck, NULL, &with);
	ck_assert_double_eq_tol(with.se * with.se, e.se * e.se + 2 * LUCK_ASSUMED * LUCK_ASSUMED,
				1e-12);
}
END_TEST

START_TEST(null_arms_of_earlier_runs_are_read_from_run_json)
{
	struct record *record = sample_record();
	struct luck luck;

	json_object_set_new(record->run, "prior",
			    json_pack("{s:[{s:f, s:f}, {s:f, s:f}, {s:s}, {s:f, s:f}]}", "nulls",
				      "log", 0.02, "se", 0.01, "log", -0.03, "se", 0.01, "log",
				      "wrong", "log", 1e300, "se", 0.1));
	luck_init(&luck, record);
	ck_assert_int_eq(luck.count, 2);
	ck_assert_int_eq(luck.earlier, 2);
	ck_assert_double_eq_tol(luck.sum_z, 0.00015 + 0.0004, 1e-12);
	record_destroy(record);
}
END_TEST

/* The null arm's starts vary by 2 L^2, the comparison's by 1.5 L^2 or 2 L^2: the mean of what both
 * say of L^2 is in the interval, and never less than the comparison's own. */
START_TEST(several_starts_show_their_luck_together_with_the_null_arms)
{
	struct luck luck = {0};
	struct estimate e = estimate_of(by_start, starts, 12), with = e, null_arm = e;

	luck_enter(&luck, NULL, &with);
	ck_assert_double_eq(with.half, e.half);
	null_arm.spread = e.spread / 2;
	luck_enter(&luck, &null_arm, &with);
	ck_assert_double_eq(with.half, e.half);
	null_arm.spread = 3 * e.spread;
	luck_enter(&luck, &null_arm, &with);
	ck_assert_double_eq_tol(with.se * with.se, e.se * e.se + e.spread / 4, 1e-12);
}
END_TEST

START_TEST(where_each_block_has_a_start_the_luck_is_in_the_blocks)
{
	static const int each[] = {0, 1, 2, 3, 4, 5, 6, 7};
	struct luck luck = {0};
	struct estimate one = estimate_of(first, NULL, 8), e = estimate_of(first, each, 8);

	luck_enter(&luck, &e, &e);
	ck_assert_double_eq(e.half, one.half);
	ck_assert(isnan(e.spread));
}
END_TEST

static enum verdict judged(double low, double high, double null_value)
{
	struct estimate e = {.value = log(low * high) / 2, .half = log(high / low) / 2};

	return verdict_of(&e, null_value, 0.03);
}

START_TEST(verdicts_are_the_first_that_applies)
{
	ck_assert_int_eq(judged(NAN, NAN, 0), VERDICT_UNAVAILABLE);
	ck_assert_int_eq(judged(0.98, 0.99, 0.01), VERDICT_NEGLIGIBLE);
	ck_assert_int_eq(judged(0.98, 1.02, -0.01), VERDICT_NEGLIGIBLE);
	ck_assert_int_eq(judged(0.98, 1.02, NAN), VERDICT_NEGLIGIBLE);
	ck_assert_int_eq(judged(0.96, 0.99, 0.01), VERDICT_OVERHEAD);
	ck_assert_int_eq(judged(1.01, 1.04, 0.01), VERDICT_SPEEDUP);
	ck_assert_int_eq(judged(0.96, 1.01, 0.01), VERDICT_UNRESOLVED);
}
END_TEST

START_TEST(a_null_arm_beyond_the_margin_forbids_negligible_and_nothing_else)
{
	ck_assert_int_eq(judged(0.98, 1.02, 0.04), VERDICT_UNRESOLVED);
	ck_assert_int_eq(judged(0.98, 1.02, -0.04), VERDICT_UNRESOLVED);
	ck_assert_int_eq(judged(0.5, 0.6, 0.04), VERDICT_OVERHEAD);
	ck_assert_int_eq(judged(0.98, 0.99, 0.04), VERDICT_OVERHEAD);
}
END_TEST

START_TEST(a_small_effect_differs_and_is_negligible)
{
	struct interval relative = {0.99, 0.985, 0.995};

	ck_assert(verdict_differs(&relative));
	ck_assert_int_eq(judged(0.985, 0.995, 0), VERDICT_NEGLIGIBLE);
}
END_TEST

START_TEST(the_margin_of_a_tail_is_ten_percent)
{
	struct record_metric metric = {.histogram = "latency", .percentile = 0.99};

	ck_assert_double_eq(verdict_margin(&metric), 0.10);
	metric.percentile = 0;
	ck_assert_double_eq(verdict_margin(&metric), 0.03);
	metric = (struct record_metric){0};
	ck_assert_double_eq(verdict_margin(&metric), 0.03);
}
END_TEST

/* p99 (metric 2 of the sample plan) of all arms. */
static bool p99(const struct record *record, uint64_t seed, struct percentile *arms)
{
	struct percentile_tables *tables;
	struct blocks *blocks;
	bool few;

	ck_assert_int_eq(blocks_create(record, 0, &blocks, NULL), 0);
	tables = percentile_tables_create(blocks, "latency", false, NULL);
	ck_assert_ptr_nonnull(tables);
	ck_assert_int_eq(percentile_estimate(tables, &record->workloads[0].metrics[2], seed, arms,
					     &few, NULL),
			 0);
	percentile_tables_destroy(tables);
	blocks_destroy(blocks);
	return !few;
}

static uint64_t next_random(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return *state >> 33;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

#define BLOCKS 20
#define SAMPLES 500

/* Latencies of `scale` us and a long tail, each also written to `all`. */
static void add_latencies(struct record *record, const char *arm, int block, double scale,
			  uint64_t *state, double *all)
{
	struct histogram *h = histogram_create();
	json_t *trial = sample_trial(arm, 0, block, 100 / scale);

	for (int i = 0; i < SAMPLES; i++) {
		double u = ((double)next_random(state) + 1) / 2147483649.0;
		double ns = scale * 1000 * (1 - log(u));

		histogram_record(h, (uint64_t)ns);
		if (all)
			*all++ = floor(ns);
	}
	sample_histogram(trial, h);
	ck_assert_int_eq(sample_add(record, trial), 0);
	histogram_destroy(h);
}

static struct record *latency_record(double *vm, double *bare, double *again)
{
	struct record *record = sample_record();
	uint64_t state = 7;

	for (int b = 0; b < BLOCKS; b++) {
		add_latencies(record, "bare", b, 50, &state, bare + b * SAMPLES);
		add_latencies(record, "bare#null", b, 50, &state, again + b * SAMPLES);
		add_latencies(record, "vm", b, 80, &state, vm + b * SAMPLES);
	}
	return record;
}

START_TEST(a_percentile_is_that_of_all_samples_put_together)
{
	static double vm[BLOCKS * SAMPLES], bare[BLOCKS * SAMPLES], again[BLOCKS * SAMPLES];
	struct record *record = latency_record(vm, bare, again);
	struct percentile arms[3];
	size_t at = (size_t)(0.99 * BLOCKS * SAMPLES) - 1;

	qsort(vm, BLOCKS * SAMPLES, sizeof(*vm), ascending);
	qsort(bare, BLOCKS * SAMPLES, sizeof(*bare), ascending);
	qsort(again, BLOCKS * SAMPLES, sizeof(*again), ascending);
	ck_assert(p99(record, 1, arms));
	ck_assert_double_eq_tol(exp(arms[2].value.value) / vm[at], 1, 1.0 / 128);
	ck_assert_double_eq_tol(exp(arms[0].value.value) / bare[at], 1, 1.0 / 128);
	ck_assert_double_eq_tol(arms[2].relative.value, log(sqrt(bare[at] * again[at]) / vm[at]),
				2.0 / 128);
	/* 2.1 standard errors of the ratio are 0.054, by 200 simulations in another language */
	ck_assert_double_eq_tol(arms[2].relative.value, -log(1.6), 0.08);
	ck_assert_double_eq_tol(arms[2].relative.half, 0.054, 0.03);
	ck_assert_uint_eq(arms[2].max, (uint64_t)vm[BLOCKS * SAMPLES - 1]);
	ck_assert_double_eq_tol(arms[0].relative.value, 0, 1e-12);
	record_destroy(record);
}
END_TEST

START_TEST(ten_samples_must_lie_beyond_a_percentile)
{
	struct record *record = sample_record();
	struct percentile arms[3];
	uint64_t state = 7;

	for (int b = 0; b < 3; b++) {
		add_latencies(record, "bare", b, 50, &state, NULL);
		add_latencies(record, "bare#null", b, 50, &state, NULL);
		add_latencies(record, "vm", b, 80, &state, NULL);
	}
	ck_assert(p99(record, 1, arms)); /* 1500 samples: 15 beyond */
	record->workloads[0].metrics[2].percentile = 0.995;
	ck_assert(!p99(record, 1, arms));
	ck_assert(isnan(arms[2].relative.value));
	record_destroy(record);
}
END_TEST

START_TEST(the_same_seed_draws_the_same_interval)
{
	static double vm[BLOCKS * SAMPLES], bare[BLOCKS * SAMPLES], again[BLOCKS * SAMPLES];
	struct record *record = latency_record(vm, bare, again);
	struct percentile a[3], b[3], c[3];

	ck_assert(p99(record, 1, a) && p99(record, 1, b) && p99(record, 2, c));
	ck_assert_double_eq(a[2].relative.half, b[2].relative.half);
	ck_assert_double_ne(a[2].relative.half, c[2].relative.half);
	ck_assert_double_eq_tol(a[2].relative.half / c[2].relative.half, 1, 0.15);
	record_destroy(record);
}
END_TEST

static void add_block(struct record *record, int block, double bare, double again, double vm)
{
	ck_assert_int_eq(sample_add(record, sample_trial("bare", 0, block, bare)), 0);
	ck_assert_int_eq(sample_add(record, sample_trial("bare#null", 0, block, again)), 0);
	ck_assert_int_eq(sample_add(record, sample_trial("vm", 0, block, vm)), 0);
}

START_TEST(blocks_end_when_every_arm_is_precise_and_not_before_the_least_number)
{
	struct record *record = sample_record();
	struct precision p;

	for (int i = 0; i < 12; i++) {
		ck_assert(!estimate_precise(record, 0));
		add_block(record, i, 100, 100 + (i & 1), 50 + (i & 1));
	}
	ck_assert(estimate_precise(record, 0));
	ck_assert_int_eq(estimate_precision(record, 0, 0.05, &p, NULL), 0);
	ck_assert_int_eq(p.blocks, 12);
	record_destroy(record);
}
END_TEST

START_TEST(what_is_far_from_one_needs_a_tenth_of_its_log_ratio_only)
{
	struct record *far = sample_record(), *near = sample_record();
	struct precision p;

	for (int i = 0; i < 12; i++) {
		add_block(far, i, 100, 101 - i % 3, 10 + i % 5);
		add_block(near, i, 100, 101 - i % 3, 10 * (10 + i % 5) - 20);
	}
	ck_assert_int_eq(estimate_precision(far, 0, 0.05, &p, NULL), 0);
	ck_assert(p.half_width > 0.05 && p.wanting <= 1 && p.reached);
	ck_assert_int_eq(estimate_precision(near, 0, 0.05, &p, NULL), 0);
	ck_assert(p.half_width > 0.05 && p.wanting > 1 && !p.reached);
	record_destroy(far);
	record_destroy(near);
}
END_TEST

UNIT("estimate", students_own_example_comes_out,
     with_several_starts_their_spread_is_in_the_variance,
     the_variance_is_split_into_shares_that_add_up,
     a_slow_change_within_a_start_is_the_share_of_the_block,
     fewer_than_three_blocks_are_no_estimate, equal_values_have_an_interval_of_no_width,
     two_runs_are_compared_by_welchs_interval, verdicts_are_the_first_that_applies,
     a_relative_is_the_mean_of_that_to_either_baseline,
     the_luck_of_the_start_widens_it_by_satterthwaites_formula,
     a_second_baseline_in_few_blocks_is_passed_over,
     a_start_for_each_block_makes_the_block_the_unit,
     a_start_of_a_pair_ends_where_both_of_its_instances_are_fresh,
     ties_do_not_make_an_interval_of_no_width_where_values_differ,
     a_rare_stall_moves_the_mean_and_not_the_estimate, luck_is_pooled_over_the_null_arms_of_the_run,
     of_one_or_two_null_arms_no_noise_is_subtracted, without_a_null_arm_the_luck_is_assumed,
     null_arms_of_earlier_runs_are_read_from_run_json,
     several_starts_show_their_luck_together_with_the_null_arms,
     where_each_block_has_a_start_the_luck_is_in_the_blocks,
     a_null_arm_beyond_the_margin_forbids_negligible_and_nothing_else,
     a_small_effect_differs_and_is_negligible, the_margin_of_a_tail_is_ten_percent,
     a_percentile_is_that_of_all_samples_put_together, ten_samples_must_lie_beyond_a_percentile,
     the_same_seed_draws_the_same_interval,
     blocks_end_when_every_arm_is_precise_and_not_before_the_least_number,
     what_is_far_from_one_needs_a_tenth_of_its_log_ratio_only)
