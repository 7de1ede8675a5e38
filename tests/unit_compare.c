/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit.h"

#include <errno.h>
#include <math.h>

#include "plots/tables.h"
#include "results/compare.h"
#include "results/predict.h"
#include "results/resolving.h"
#include "tests/sample_run.h"

enum { BARE, AGAIN, VM };

/* Twelve blocks in which the VM has `vm` and bare metal `bare` operations a second. */
static struct record *run_of(double bare, double vm)
{
	struct record *record = sample_record();

	for (int i = 0; i < 12; i++) {
		double noise = 1 + 0.002 * (i % 3);

		ck_assert_int_eq(sample_add(record, sample_trial("bare", 0, i, bare * noise)), 0);
		ck_assert_int_eq(sample_add(record, sample_trial("bare#null", 0, i, bare * noise)),
				 0);
		ck_assert_int_eq(sample_add(record, sample_trial("vm", 0, i, vm * noise)), 0);
	}
	return record;
}

static void set_fact(struct record *record, const char *part, const char *fact, const char *value)
{
	json_object_set_new(record->run, part, json_pack("{s:s}", fact, value));
}

START_TEST(a_slower_second_run_is_an_overhead_by_its_factor)
{
	struct record *a = run_of(100, 50), *b = run_of(100, 40);
	struct comparison *c;

	ck_assert_int_eq(compare_create(a, b, false, &c, NULL), 0);
	ck_assert_int_eq(c->row_count, 2); /* the null arm is not compared */
	ck_assert_str_eq(c->rows[0].environment, "bare");
	ck_assert_int_eq(c->rows[0].verdict, VERDICT_NONE);
	ck_assert_double_eq_tol(c->rows[1].performance.value, 0.8, 1e-9);
	ck_assert_double_eq_tol(c->rows[1].relative.value, 0.8, 1e-9);
	ck_assert(c->rows[1].performance.low < 0.8 && c->rows[1].performance.high > 0.8);
	ck_assert_int_eq(c->rows[1].verdict, VERDICT_OVERHEAD);
	compare_destroy(c);
	record_destroy(a);
	record_destroy(b);
}
END_TEST

START_TEST(a_faster_host_does_not_change_the_relative)
{
	struct record *a = run_of(100, 50), *b = run_of(200, 100);
	struct comparison *c;

	ck_assert_int_eq(compare_create(a, b, false, &c, NULL), 0);
	ck_assert_double_eq_tol(c->rows[1].performance.value, 2, 1e-9);
	ck_assert_double_eq_tol(c->rows[1].relative.value, 1, 1e-9);
	compare_destroy(c);
	record_destroy(a);
	record_destroy(b);
}
END_TEST

START_TEST(what_differs_between_the_hosts_is_listed)
{
	struct record *a = run_of(100, 50), *b = run_of(100, 50);
	struct comparison *c;
	json_t *fact;

	set_fact(a, "host", "kernel", "6.1");
	set_fact(b, "host", "kernel", "6.12");
	ck_assert_int_eq(compare_create(a, b, false, &c, NULL), 0);
	ck_assert_uint_eq(json_array_size(c->parity), 1);
	fact = json_array_get(c->parity, 0);
	ck_assert_str_eq(json_string_value(json_object_get(fact, "fact")), "host.kernel");
	ck_assert_str_eq(json_string_value(json_object_get(fact, "b")), "6.12");
	ck_assert_int_ge(c->alike, 1);
	compare_destroy(c);
	record_destroy(a);
	record_destroy(b);
}
END_TEST

START_TEST(other_versions_or_parameters_are_refused_unless_forced)
{
	struct record *a = run_of(100, 50), *b = run_of(100, 50);
	struct comparison *c;
	struct error err;

	json_object_set_new(b->workloads[0].entry, "version", json_integer(2));
	ck_assert_int_eq(compare_create(a, b, false, &c, &err), -EINVAL);
	ck_assert_ptr_nonnull(strstr(err.message, "cpu.work: version 1 and 2"));
	ck_assert_int_eq(compare_create(a, b, true, &c, &err), 0);
	ck_assert_uint_eq(json_array_size(c->forced), 1);
	compare_destroy(c);
	json_object_set_new(b->workloads[0].entry, "version", json_integer(1));
	json_object_set_new(b->workloads[0].entry, "values", json_pack("{s:i}", "size", 4096));
	ck_assert_int_eq(compare_create(a, b, false, &c, &err), -EINVAL);
	ck_assert_ptr_nonnull(strstr(err.message, "parameters"));
	record_destroy(a);
	record_destroy(b);
}
END_TEST

START_TEST(runs_with_nothing_in_common_are_refused)
{
	struct record *a = run_of(100, 50), *b = run_of(100, 50);
	struct comparison *c;
	struct error err;

	b->workloads[0].name = "disk.other";
	ck_assert_int_eq(compare_create(a, b, true, &c, &err), -EINVAL);
	ck_assert_ptr_nonnull(strstr(err.message, "nothing to compare"));
	record_destroy(a);
	record_destroy(b);
}
END_TEST

START_TEST(a_comparison_is_printed_with_parity_first)
{
	struct record *a = run_of(100, 50), *b = run_of(100, 40);
	struct comparison *c;
	char *text;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	set_fact(a, "host", "kernel", "6.1");
	set_fact(b, "host", "kernel", "6.12");
	ck_assert_int_eq(compare_create(a, b, false, &c, NULL), 0);
	ck_assert_int_eq(compare_print(c, out, false, false), 0);
	fclose(out);
	ck_assert_ptr_nonnull(strstr(text, "host.kernel"));
	ck_assert_ptr_nonnull(strstr(text, "0.800"));
	ck_assert(strstr(text, "host.kernel") < strstr(text, "0.800"));
	free(text);
	compare_destroy(c);
	record_destroy(a);
	record_destroy(b);
}
END_TEST

static const char *score_of(struct record *record, const char *text)
{
	json_t *prediction, *predictions = json_array(), *scores;
	static char outcome[32];
	struct summary *s;
	struct error err;

	ck_assert_msg(!prediction_parse(text, record, &prediction, &err), "%s", err.message);
	json_array_append_new(predictions, prediction);
	json_object_set_new(record->run, "predictions", predictions);
	ck_assert_int_eq(summary_create(record, &s, NULL), 0);
	scores = predictions_score(s);
	ck_assert_uint_eq(json_array_size(scores), 1);
	strcpy(outcome, json_string_value(json_object_get(json_array_get(scores, 0), "outcome")));
	json_decref(scores);
	summary_destroy(s);
	return outcome;
}

START_TEST(predictions_are_scored)
{
	struct record *record = run_of(100, 50), *empty = sample_record();

	ck_assert_str_eq(score_of(record, "vm cpu -50%"), "right");
	ck_assert_str_eq(score_of(record, "vm cpu.work x0.5"), "right");
	ck_assert_str_eq(score_of(record, "vm cpu -49%"), "right"); /* nearer than the margin */
	ck_assert_str_eq(score_of(record, "vm cpu -80%"), "too low");
	ck_assert_str_eq(score_of(record, "vm cpu +10%"), "too high");
	ck_assert_str_eq(score_of(empty, "vm cpu -50%"), "unavailable");
	record_destroy(record);
	record_destroy(empty);
}
END_TEST

START_TEST(a_prediction_that_means_nothing_is_refused_with_what_is_valid)
{
	static const char *const wrong[][2] = {
		{"", "ENVIRONMENT WHERE CHANGE"},  {"vm cpu", "ENVIRONMENT WHERE CHANGE"},
		{"vm cpu -50% x", "ENVIRONMENT"},  {"vm cpu -100%", "above -100%"},
		{"vm cpu half", "above -100%"},    {"vm cpu 50", "above -100%"},
		{"vm cpu x", "above -100%"},       {"vm cpu nan%", "above -100%"},
		{"lxc cpu -50%", "which has: vm"}, {"bare cpu 0%", "which has: vm"},
		{"vm disk -50%", "cpu.work"},
	};
	struct record *record = sample_record();

	for (unsigned i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct error err = {0};
		json_t *prediction;

		ck_assert_int_eq(prediction_parse(wrong[i][0], record, &prediction, &err), -EINVAL);
		ck_assert_msg(strstr(err.message, wrong[i][1]) != NULL, "%s", err.message);
		ck_assert_ptr_null(prediction);
	}
	record_destroy(record);
}
END_TEST

START_TEST(resolving_power_is_students_half_width_of_the_null_arm)
{
	static const char *const names[] = {"cpu.work", "disk.unknown"};
	struct record *record = sample_record();
	struct summary *s;
	json_t *power;
	char *text;

	for (int i = 0; i < 12; i++) {
		double d = i & 1 ? 0.01 : -0.01;

		ck_assert_int_eq(sample_add(record, sample_trial("bare", 0, i, 100)), 0);
		ck_assert_int_eq(sample_add(record, sample_trial("bare#null", 0, i, 100 * exp(d))),
				 0);
	}
	ck_assert_int_eq(summary_create(record, &s, NULL), 0);
	power = resolving_measure(s, NULL);
	/* sd of twelve values of +-0.01 is 0.010445; t(0.975, 24) = 2.0639 */
	ck_assert_double_eq_tol(resolving_half_width(power, "cpu.work", 25), 2.0639 * 0.0104447 / 5,
				1e-6);
	/* t(0.9, 24) = 1.3178: (2.0639 + 1.3178) x 0.866 x 0.0104447 / 5 = 0.006118 */
	ck_assert_double_eq_tol(resolving_found(power, "cpu.work", 25), 0.006118, 1e-6);
	ck_assert(isnan(resolving_half_width(power, "disk.unknown", 25)));
	ck_assert_int_eq(resolving_blocks(power, "cpu.work", 75, 3), 25); /* 1 s a trial */
	text = resolving_sentence(power, names, 2, 75, 3);
	ck_assert_str_eq(text, "in 75 s, 9 of 10 runs on this machine find a difference of "
			       "0.61 % on cpu.work");
	free(text);
	json_decref(power);
	summary_destroy(s);
	record_destroy(record);
}
END_TEST

UNIT("compare", a_slower_second_run_is_an_overhead_by_its_factor,
     a_faster_host_does_not_change_the_relative, what_differs_between_the_hosts_is_listed,
     other_versions_or_parameters_are_refused_unless_forced,
     runs_with_nothing_in_common_are_refused, a_comparison_is_printed_with_parity_first,
     predictions_are_scored, a_prediction_that_means_nothing_is_refused_with_what_is_valid,
     resolving_power_is_students_half_width_of_the_null_arm)
