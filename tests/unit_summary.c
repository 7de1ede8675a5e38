/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit.h"

#include <math.h>

#include "plots/tables.h"
#include "results/remedy.h"
#include "results/summary.h"
#include "tests/sample_run.h"

enum { BARE, AGAIN, VM };

static void add(struct record *record, const char *arm, int block, double value)
{
	ck_assert_int_eq(sample_add(record, sample_trial(arm, 0, block, value)), 0);
}

/* A VM at half the performance, and a null arm that holds. */
static void add_blocks(struct record *record, int from, int to)
{
	for (int i = from; i < to; i++) {
		add(record, "bare", i, 100 + i % 3);
		add(record, "bare#null", i, 100 + (i + 1) % 3);
		add(record, "vm", i, 50 + i % 2);
	}
}

static struct summary *sum_up(const struct record *record)
{
	struct summary *summary;

	ck_assert_int_eq(summary_create(record, &summary, NULL), 0);
	return summary;
}

static const struct summary_row *headline(const struct summary *summary, int arm)
{
	return summary_headline(summary, 0, arm);
}

static void check_reason(const struct summary_row *row, const char *words)
{
	char text[512];

	ck_assert_str_eq(reason_text(&row->reason, LANGUAGE_EN, text, sizeof(text)), words);
}

START_TEST(half_the_performance_is_an_overhead_of_a_hundred_percent)
{
	struct record *record = sample_record();
	struct summary *s;
	const struct summary_row *row;

	for (int i = 0; i < 12; i++) {
		add(record, "bare", i, 100 + i);
		add(record, "bare#null", i, 100 + i);
		add(record, "vm", i, 50 + i / 2.0);
	}
	s = sum_up(record);
	row = headline(s, VM);
	ck_assert_double_eq_tol(row->relative.value, 0.5, 1e-12);
	ck_assert_double_eq_tol(row->overhead.value, 100, 1e-9);
	ck_assert_int_eq(row->verdict, VERDICT_OVERHEAD);
	ck_assert_int_eq(row->blocks, 12);
	ck_assert_int_eq(row->starts, 1);
	ck_assert_int_eq(headline(s, AGAIN)->verdict, VERDICT_NONE);
	ck_assert_int_eq(headline(s, BARE)->verdict, VERDICT_NONE);
	ck_assert_double_eq(headline(s, BARE)->relative.value, 1);
	ck_assert_double_eq_tol(row->cpu_per_op.value, 0.25 / 1000, 1e-12);
	ck_assert_int_eq(s->verdict_count, 1);
	ck_assert_double_eq(s->expected_false, 0.05);
	summary_destroy(s);
	record_destroy(record);
}
END_TEST

START_TEST(bounds_of_the_overhead_are_those_of_the_relative)
{
	struct record *record = sample_record();
	const struct summary_row *row;
	struct summary *s;

	add_blocks(record, 0, 12);
	s = sum_up(record);
	row = headline(s, VM);
	ck_assert(row->relative.low < row->relative.value);
	ck_assert(row->relative.value < row->relative.high);
	ck_assert_double_eq_tol(row->overhead.low, (1 / row->relative.high - 1) * 100, 1e-12);
	ck_assert_double_eq_tol(row->overhead.high, (1 / row->relative.low - 1) * 100, 1e-12);
	summary_destroy(s);
	record_destroy(record);
}
END_TEST

START_TEST(a_lower_is_better_metric_has_the_same_direction)
{
	struct record *record = sample_record();
	struct histogram *h = histogram_create();
	struct summary *s;

	for (int i = 0; i < 12; i++)
		for (int arm = 0; arm < 3; arm++) {
			json_t *trial = sample_trial(record->arms[arm].id, 0, i, 100);

			histogram_reset(h);
			for (int k = 0; k < 200; k++)
				histogram_record(h, arm == VM ? 4000 : 2000);
			sample_histogram(trial, h);
			ck_assert_int_eq(sample_add(record, trial), 0);
		}
	s = sum_up(record);
	for (int metric = 1; metric <= 2; metric++) { /* the mean, p99 */
		const struct summary_row *row = &s->rows[metric * 3 + VM];

		ck_assert_double_eq_tol(row->value.value, 4, 4.0 / 128);
		ck_assert_double_eq_tol(row->relative.value, 0.5, 0.5 / 128);
		ck_assert_int_eq(row->verdict, VERDICT_NONE);
	}
	ck_assert_double_eq_tol(s->rows[3 * 3 + VM].value.value, 4, 4.0 / 128); /* max */
	ck_assert(isnan(s->rows[3 * 3 + VM].relative.value));
	histogram_destroy(h);
	summary_destroy(s);
	record_destroy(record);
}
END_TEST

/* The null arm is 6 % off: a VM at half is slower all the same, one that seems equal is not known
 * to be. */
START_TEST(a_null_arm_that_is_off_widens_the_interval_and_vetoes_no_overhead)
{
	struct record *record = sample_record();
	const struct summary_row *row;
	struct summary *s;

	for (int i = 0; i < 12; i++) {
		add(record, "bare", i, 100);
		add(record, "bare#null", i, 106 + i % 2);
		add(record, "vm", i, 50);
	}
	s = sum_up(record);
	row = headline(s, VM);
	ck_assert_int_eq(row->verdict, VERDICT_OVERHEAD);
	ck_assert_int_eq(row->reason.kind, REASON_NONE);
	/* the luck of one null arm: N^2 / 2, t with about one degree of freedom */
	ck_assert_double_eq_tol(row->luck, log(1.065) / sqrt(2), 1e-3);
	ck_assert_double_gt(row->log.half, 12.7 * sqrt(1.5) * row->luck * 0.99);
	ck_assert_double_eq(row->bound, row->overhead.low);
	ck_assert_int_eq(headline(s, AGAIN)->verdict, VERDICT_NONE);
	ck_assert_int_eq(s->verdict_count, 1);
	summary_destroy(s);
	record_destroy(record);
}
END_TEST

/* Zeros have no log: they are counted where they leave nothing to estimate. */
START_TEST(zeros_are_no_estimate_and_are_counted)
{
	struct record *record = sample_record();
	struct summary *s;

	for (int i = 0; i < 12; i++) {
		add(record, "bare", i, 100);
		add(record, "vm", i, 50);
	}
	for (uint32_t i = 0; i < record->trial_count; i++)
		if (record->trials[i].arm == VM)
			((double *)record->trials[i].values)[1] = 0;
	s = sum_up(record);
	check_reason(&s->rows[3 + VM], "12 values are zero, which leaves too few blocks");
	summary_destroy(s);
	record_destroy(record);
}
END_TEST

START_TEST(a_second_trial_of_a_block_is_listed)
{
	struct record *record = sample_record();
	json_t *json, *left_out;
	struct summary *s;

	add_blocks(record, 0, 12);
	add(record, "vm", 3, 70);
	s = sum_up(record);
	ck_assert_int_eq(headline(s, VM)->left_out, 1);
	json = summary_json(s);
	left_out = json_object_get(json, "left_out");
	ck_assert_uint_eq(json_array_size(left_out), 1);
	ck_assert_str_eq(json_string_value(json_object_get(json_array_get(left_out, 0), "reason")),
			 "its block has a trial of this arm already");
	json_decref(json);
	summary_destroy(s);
	record_destroy(record);
}
END_TEST

/* D = 0.02 with SE 0.01 of 12 blocks, no luck: h* = 0.02; t(0.975, 20) x 0.01 sqrt(12 / 21) =
 * 0.0158, of 18 blocks 0.0172, of 15 0.0192, of 14 0.0200. */
START_TEST(what_would_decide_is_the_least_that_is_enough)
{
	struct undecided u = {
		.within = estimate_none(),
		.null_value = 0.001,
		.margin = 0.03,
		.luck_freedom = 8,
		.seconds_by_block = 2,
	};
	struct remedy remedy;
	char text[128];

	u.within.value = -0.02;
	u.within.se = 0.01;
	u.within.blocks = 12;
	u.within.starts = 1;
	remedy = remedy_of(&u);
	ck_assert_int_eq(remedy.kind, REMEDY_MINUTES);
	ck_assert_double_eq_tol(remedy.seconds, 6, 2);
	/* luck of 2 % alone is wider: t sqrt(1.5) 0.02 = 0.056; 8 starts: 2.36 x 0.0265 / 2.83 */
	u.luck_variance = 1.5 * 0.0004;
	remedy = remedy_of(&u);
	ck_assert_int_eq(remedy.kind, REMEDY_STARTS);
	ck_assert_int_eq(remedy.starts, 10);
	u.within.value = -0.05;
	ck_assert_str_eq(remedy_text(&(struct remedy){.kind = REMEDY_STARTS, .starts = 4},
				     LANGUAGE_EN, text, sizeof(text)),
			 "5 starts (--preset standard)");
	ck_assert_str_eq(remedy_text(&(struct remedy){.kind = REMEDY_MINUTES, .seconds = 200},
				     LANGUAGE_EN, text, sizeof(text)),
			 "about 4 more minutes");
}
END_TEST

START_TEST(a_block_with_a_missing_arm_is_left_out_where_it_is_missing)
{
	struct record *record = sample_record();
	struct summary *s;
	json_t *json, *left_out;

	add_blocks(record, 0, 12);
	add(record, "vm", 12, 51); /* no baseline */
	add(record, "bare#null", 12, 101);
	add(record, "bare", 13, 101); /* no VM */
	add(record, "bare#null", 13, 101);
	s = sum_up(record);
	ck_assert_int_eq(headline(s, VM)->blocks, 12);
	ck_assert_int_eq(headline(s, AGAIN)->blocks, 13);
	json = summary_json(s);
	left_out = json_object_get(json, "left_out");
	ck_assert_uint_eq(json_array_size(left_out), 2);
	ck_assert_str_eq(json_string_value(json_object_get(json_array_get(left_out, 0), "reason")),
			 "its block has no trial of the baseline");
	json_decref(json);
	summary_destroy(s);
	record_destroy(record);
}
END_TEST

START_TEST(too_few_whole_blocks_are_unavailable_with_the_last_error)
{
	struct record *record = sample_record();
	struct summary *s;
	json_t *failed = sample_trial("vm", 0, 2, 50);

	for (int i = 0; i < 5; i++) {
		add(record, "bare", i, 100);
		add(record, "bare#null", i, 100 + i % 2);
	}
	add(record, "vm", 0, 50);
	add(record, "vm", 1, 50);
	json_object_set_new(failed, "error",
			    json_pack("{s:s, s:s}", "code", "EPIPE", "message", "the guest died"));
	ck_assert_int_eq(sample_add(record, failed), 0);
	s = sum_up(record);
	ck_assert_int_eq(headline(s, VM)->verdict, VERDICT_UNAVAILABLE);
	check_reason(headline(s, VM), "EPIPE: the guest died");
	ck_assert(isnan(headline(s, VM)->relative.value));
	ck_assert_int_eq(headline(s, VM)->left_out, 1);
	ck_assert_int_eq(s->verdict_count, 0);
	summary_destroy(s);
	record_destroy(record);
}
END_TEST

START_TEST(two_blocks_are_said_to_be_too_few)
{
	struct record *record = sample_record();
	struct summary *s;

	add_blocks(record, 0, 2);
	s = sum_up(record);
	for (int arm = BARE; arm <= VM; arm++)
		ck_assert_int_eq(headline(s, arm)->verdict, VERDICT_UNAVAILABLE);
	check_reason(headline(s, VM), "2 complete blocks; at least 3 are needed");
	summary_destroy(s);
	record_destroy(record);
}
END_TEST

START_TEST(an_environment_that_is_not_there_says_why)
{
	struct record *record = sample_record();
	json_t *vm = json_object_get(json_object_get(record->run, "environments"), "vm");
	struct summary *s;

	json_object_set_new(vm, "available", json_false());
	json_object_set_new(vm, "reason", json_string("no QEMU: apt install qemu-system-x86"));
	for (int i = 0; i < 4; i++) {
		add(record, "bare", i, 100);
		add(record, "bare#null", i, 100);
	}
	s = sum_up(record);
	ck_assert_int_eq(headline(s, VM)->verdict, VERDICT_UNAVAILABLE);
	check_reason(headline(s, VM), "no QEMU: apt install qemu-system-x86");
	summary_destroy(s);
	record_destroy(record);
}
END_TEST

START_TEST(warm_up_and_invalid_trials_change_no_number)
{
	struct record *clean = sample_record(), *dirty = sample_record();
	json_t *warmup = sample_trial("vm", 0, 0, 1), *wrong = sample_trial("vm", 0, 3, -5);
	struct summary *a, *b;

	json_object_set_new(warmup, "warmup", json_true());
	ck_assert_int_eq(sample_add(dirty, warmup), 0);
	ck_assert_int_eq(sample_add(dirty, wrong), 0);
	add_blocks(clean, 0, 12);
	add_blocks(dirty, 0, 12);
	a = sum_up(clean);
	b = sum_up(dirty);
	ck_assert_double_eq(headline(a, VM)->relative.low, headline(b, VM)->relative.low);
	ck_assert_double_eq(headline(a, VM)->value.value, headline(b, VM)->value.value);
	ck_assert_int_eq(headline(b, VM)->left_out, 1);
	summary_destroy(a);
	summary_destroy(b);
	record_destroy(clean);
	record_destroy(dirty);
}
END_TEST

START_TEST(flagged_trials_are_kept_and_the_result_without_them_is_shown)
{
	struct record *record = sample_record();
	const struct summary_row *row;
	struct summary *s;

	add_blocks(record, 0, 12);
	for (int i = 12; i < 16; i++) {
		json_t *spoilt;

		add(record, "bare", i, 100);
		spoilt = sample_trial("vm", 0, i, 5 * i);
		json_object_set_new(spoilt, "flags", json_pack("[s]", "steal"));
		ck_assert_int_eq(sample_add(record, spoilt), 0);
	}
	s = sum_up(record);
	row = headline(s, VM);
	ck_assert_int_eq(row->blocks, 16);
	ck_assert_int_eq(row->flagged, 4);
	ck_assert(row->relative.value > row->without_flagged.value + 0.001);
	ck_assert_double_eq_tol(row->without_flagged.value, 0.5, 0.01);
	ck_assert(isnan(headline(s, AGAIN)->without_flagged.value));
	summary_destroy(s);
	record_destroy(record);
}
END_TEST

START_TEST(counters_are_given_by_operation_and_what_was_not_counted_says_why)
{
	struct record *record = sample_record();
	struct summary *s;
	json_t *counters;

	for (int i = 0; i < 3; i++) {
		json_t *trial = sample_trial("vm", 0, i, 50);

		json_object_set_new(
			trial, "counters",
			json_pack("{s:i, s:s}", "exits", 1020, "cycles", "n/a (no PMU)"));
		ck_assert_int_eq(sample_add(record, trial), 0);
		add(record, "bare", i, 100);
	}
	s = sum_up(record);
	counters = headline(s, VM)->counters_per_op;
	ck_assert_double_eq_tol(json_real_value(json_object_get(counters, "exits")), 1.02, 1e-12);
	ck_assert_str_eq(json_string_value(json_object_get(counters, "cycles")), "n/a (no PMU)");
	ck_assert_ptr_null(headline(s, BARE)->counters_per_op);
	summary_destroy(s);
	record_destroy(record);
}
END_TEST

START_TEST(csv_has_a_line_a_row_and_quotes_what_needs_it)
{
	struct record *record = sample_record();
	struct summary *s;
	char *csv, *again;
	int lines = 0;

	record->arms[VM].label = "VM (emulated, TCG)";
	add_blocks(record, 0, 12);
	s = sum_up(record);
	csv = summary_csv(s);
	again = summary_csv(s);
	ck_assert_str_eq(csv, again);
	for (const char *c = csv; *c; c++)
		lines += *c == '\n';
	ck_assert_int_eq(lines, 1 + 4 * 3);
	ck_assert_ptr_nonnull(strstr(csv, "\noverhead,cpu,cpu.work,throughput,op/s,higher,vm,"
					  "\"VM (emulated, TCG)\",1,12,50.4975"));
	free(csv);
	free(again);
	summary_destroy(s);
	record_destroy(record);
}
END_TEST

/* The longest line of a text, in bytes: it is ASCII. */
static size_t longest_line(const char *text)
{
	size_t longest = 0;

	for (; *text; text += strcspn(text, "\n"), text += *text == '\n')
		longest = strcspn(text, "\n") > longest ? strcspn(text, "\n") : longest;
	return longest;
}

START_TEST(the_table_fits_80_columns_and_keeps_overhead_and_verdict)
{
	struct record *record = sample_record();
	struct summary *s;
	char *text;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	add_blocks(record, 0, 12);
	s = sum_up(record);
	ck_assert_int_eq(summary_print(s, out, 80, false, false), 0);
	fclose(out);
	*strstr(text, "Within one start") = 0;
	ck_assert_int_le((int)longest_line(text), 80);
	ck_assert_ptr_nonnull(strstr(text, "cpu.work, "));
	ck_assert_ptr_nonnull(strstr(text, "OVERHEAD [95 %]"));
	ck_assert_ptr_nonnull(strstr(text, "overhead\n"));
	free(text);
	summary_destroy(s);
	record_destroy(record);
}
END_TEST

START_TEST(the_table_shows_each_headline)
{
	struct record *record = sample_record();
	struct summary *s;
	char *text;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	add_blocks(record, 0, 12);
	s = sum_up(record);
	ck_assert_int_eq(summary_print(s, out, 0, false, false), 0);
	fclose(out);
	ck_assert_ptr_nonnull(strstr(text, "cpu.work"));
	ck_assert_ptr_nonnull(strstr(text, "VM (KVM)"));
	ck_assert_ptr_nonnull(strstr(text, "Within one start"));
	ck_assert_ptr_nonnull(strstr(text, "overhead"));
	free(text);
	summary_destroy(s);
	record_destroy(record);
}
END_TEST

UNIT("summary", half_the_performance_is_an_overhead_of_a_hundred_percent,
     bounds_of_the_overhead_are_those_of_the_relative,
     a_lower_is_better_metric_has_the_same_direction,
     a_null_arm_that_is_off_widens_the_interval_and_vetoes_no_overhead,
     zeros_are_no_estimate_and_are_counted, a_second_trial_of_a_block_is_listed,
     what_would_decide_is_the_least_that_is_enough,
     a_block_with_a_missing_arm_is_left_out_where_it_is_missing,
     too_few_whole_blocks_are_unavailable_with_the_last_error, two_blocks_are_said_to_be_too_few,
     an_environment_that_is_not_there_says_why, warm_up_and_invalid_trials_change_no_number,
     flagged_trials_are_kept_and_the_result_without_them_is_shown,
     counters_are_given_by_operation_and_what_was_not_counted_says_why,
     csv_has_a_line_a_row_and_quotes_what_needs_it, the_table_shows_each_headline,
     the_table_fits_80_columns_and_keeps_overhead_and_verdict)
