/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit.h"

#include <errno.h>
#include <math.h>

#include "results/reproduce.h"
#include "tests/synthetic.h"

static enum reproduced judge(enum relation relation, double published, double low, double high)
{
	struct published_point point = {
		.relation = relation, .relative = published, .verified = true};
	struct interval ours = {sqrt(low * high), low, high};
	struct reason reason;

	return reproduce_judge(&point, &ours, &reason);
}

START_TEST(a_value_is_reproduced_within_20_percent_and_in_its_direction)
{
	ck_assert_int_eq(judge(RELATION_EQUAL, 0.5, 0.48, 0.52), REPRODUCED);
	ck_assert_int_eq(judge(RELATION_EQUAL, 0.5, 0.42, 0.59), REPRODUCED);
	ck_assert_int_eq(judge(RELATION_EQUAL, 0.5, 0.62, 0.65), REPRODUCE_DIFFERS);
	ck_assert_int_eq(judge(RELATION_EQUAL, 0.9, 1.01, 1.05), REPRODUCE_DIFFERS);
	ck_assert_int_eq(judge(RELATION_EQUAL, 0.99, 1.01, 1.05), REPRODUCED);
	ck_assert_int_eq(judge(RELATION_ABOUT, 0.2, 0.19, 0.22), REPRODUCED);
}
END_TEST

START_TEST(a_bound_is_met_on_its_own_side)
{
	ck_assert_int_eq(judge(RELATION_AT_LEAST, 0.97, 1.3, 1.4), REPRODUCED);
	ck_assert_int_eq(judge(RELATION_AT_LEAST, 0.97, 0.7, 0.75), REPRODUCE_DIFFERS);
	ck_assert_int_eq(judge(RELATION_AT_MOST, 0.6, 0.1, 0.11), REPRODUCED);
	ck_assert_int_eq(judge(RELATION_AT_MOST, 0.6, 0.8, 0.9), REPRODUCE_DIFFERS);
}
END_TEST

/* A wide interval meets nearly everything: that it overlaps is no reproduction. */
START_TEST(an_interval_partly_beside_the_published_value_cannot_tell)
{
	ck_assert_int_eq(judge(RELATION_EQUAL, 0.5, 0.58, 0.65), REPRODUCE_CANNOT_TELL);
	ck_assert_int_eq(judge(RELATION_AT_LEAST, 0.98, 0.79, 0.84), REPRODUCE_CANNOT_TELL);
	ck_assert_int_eq(judge(RELATION_EQUAL, 0.9, 0.95, 1.02), REPRODUCE_CANNOT_TELL);
}
END_TEST

START_TEST(what_is_too_wide_ambiguous_unverified_or_no_number_decides_nothing)
{
	struct published_point unverified = {.relation = RELATION_EQUAL, .relative = 1};
	struct interval ours = {1, 0.99, 1.01}, none = {1, NAN, NAN};
	struct reason reason;

	ck_assert_int_eq(judge(RELATION_EQUAL, 1, 0.5, 2), REPRODUCE_CANNOT_TELL);
	ck_assert_int_eq(judge(RELATION_AMBIGUOUS, 1, 0.99, 1.01), REPRODUCE_CANNOT_TELL);
	ck_assert_int_eq(judge(RELATION_NONE, NAN, 0.99, 1.01), REPRODUCE_CANNOT_TELL);
	ck_assert_int_eq(reproduce_judge(&unverified, &ours, &reason), REPRODUCE_CANNOT_TELL);
	unverified.verified = true;
	ck_assert_int_eq(reproduce_judge(&unverified, &none, &reason), REPRODUCE_CANNOT_TELL);
	ck_assert_int_eq(reason.kind, REASON_NO_INTERVAL);
}
END_TEST

static const struct published_point *find(const struct published *all, const char *what, bool vm)
{
	for (int i = 0; i < all->count; i++)
		if (all->points[i].is_vm == vm && strstr(all->points[i].what, what))
			return &all->points[i];
	ck_abort_msg("%s is not there", what);
	return NULL;
}

START_TEST(the_published_files_are_whole_and_say_what_was_read)
{
	struct published *sharma, *felter, *none;
	struct error err;

	ck_assert_int_eq(published_load("sharma2016", &sharma, &err), 0);
	ck_assert_int_eq(published_load("felter2015", &felter, &err), 0);
	ck_assert_int_eq(published_load("nobody2020", &none, &err), -ENOENT);
	ck_assert_double_eq_tol(find(sharma, "kernel compile (2 cores)", true)->relative, 0.97,
				1e-9);
	ck_assert_int_eq(find(sharma, "kernel compile (2 cores)", true)->relation,
			 RELATION_AT_LEAST);
	ck_assert_str_eq(find(sharma, "kernel compile (2 cores)", true)->baseline, "container");
	/* latency 10 % higher is a performance of 1 / 1.1 */
	ck_assert_double_eq_tol(find(sharma, ": read", true)->relative, 1 / 1.1, 1e-9);
	ck_assert(isnan(find(sharma, "malloc-bomb", true)->relative));
	ck_assert_double_eq_tol(find(felter, "TCP_RR", false)->relative, 37.58 / 72.9, 1e-9);
	ck_assert_str_eq(find(felter, "TCP_RR", false)->environment, "container:net=nat");
	ck_assert(!find(felter, "PXZ", true)->verified);
	published_destroy(sharma);
	published_destroy(felter);
}
END_TEST

START_TEST(a_malformed_file_is_refused_with_its_line)
{
	static const char head[] = "study,figure,panel,what,metric,unit,better,relation,bare_metal,"
				   "container,vm,source,verified,workload,our_metric,"
				   "container_environment,vm_environment,differs\n";
	static const char *const lines[] = {
		"s,a\n", "s,\"open\n", "s,,,,,,sideways,=,1,1,1,,,,,,,\n",
		"s,,,,,,lower,<>,1,1,1,,,,,,,\n", "t,,,,,,lower,=,1,1,1,,,,,,,\n"};
	struct published *all;
	char text[1024];
	struct error err;

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		snprintf(text, sizeof(text), "%s%s", head, lines[i]);
		ck_assert_msg(published_parse("s", text, &all, &err) == -EINVAL, "%s", lines[i]);
		ck_assert_ptr_nonnull(strstr(err.message, "line 2"));
		ck_assert_ptr_null(all);
	}
}
END_TEST

static const struct reproduce_row *row_of(const struct reproduction *all, const char *what, bool vm)
{
	for (int i = 0; i < all->count; i++)
		if (all->rows[i].point->is_vm == vm && strstr(all->rows[i].point->what, what))
			return &all->rows[i];
	return NULL;
}

START_TEST(a_container_is_decided_and_an_emulated_machine_cannot_tell)
{
	struct reproduction *all;
	struct synthetic run;
	struct error err;

	synthetic_make(&run, "slowest=5");
	ck_assert_int_eq(reproduce_create(run.summary, "felter2015", &all, &err), 0);
	ck_assert_int_eq(row_of(all, "STREAM Triad 2", false)->verdict, REPRODUCE_NOT_MEASURED);
	reproduce_destroy(all);
	ck_assert_int_eq(reproduce_create(run.summary, "sharma2016", &all, &err), 0);
	/* "within 2 %", of every workload: the container's four panels */
	ck_assert_int_eq(row_of(all, "all baseline", false)->verdict, REPRODUCED);
	ck_assert_ptr_nonnull(row_of(all, "all baseline", false)->ours);
	/* the study compares the VM with the container, this run with bare metal */
	ck_assert_int_eq(row_of(all, "kernel compile (2", true)->verdict, REPRODUCE_NOT_MEASURED);
	ck_assert_int_eq(row_of(all, "kernel compile (2", true)->reason.kind,
			 REASON_OTHER_BASELINE);
	reproduce_destroy(all);
	synthetic_remove(&run);
	synthetic_make(&run, "slowest=5 metric=triad");
	ck_assert_int_eq(reproduce_create(run.summary, "felter2015", &all, &err), 0);
	ck_assert_int_eq(row_of(all, "STREAM Triad 2", false)->verdict, REPRODUCED);
	ck_assert_int_eq(row_of(all, "STREAM Triad 2", true)->verdict, REPRODUCE_CANNOT_TELL);
	ck_assert_int_eq(row_of(all, "STREAM Triad 2", true)->reason.kind, REASON_NOT_COMPARABLE);
	reproduce_destroy(all);
	synthetic_remove(&run);
}
END_TEST

UNIT("reproduce", a_value_is_reproduced_within_20_percent_and_in_its_direction,
     a_bound_is_met_on_its_own_side, an_interval_partly_beside_the_published_value_cannot_tell,
     what_is_too_wide_ambiguous_unverified_or_no_number_decides_nothing,
     the_published_files_are_whole_and_say_what_was_read, a_malformed_file_is_refused_with_its_line,
     a_container_is_decided_and_an_emulated_machine_cannot_tell)
