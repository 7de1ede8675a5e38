/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A short form of tests/prove.c: few runs, so that only a gross error is seen. The bounds are
 * those that an honest 95 % keeps in all but one of 10,000 tries. */
#include "tests/unit.h"

#include "tests/simulated.h"

#define RUNS 200

static void check_coverage(const struct schedule *schedule, const char *machine)
{
	struct tally t = simulate_runs(schedule, machine, 0.05, THROUGHPUT, RUNS);

	ck_assert_int_eq(t.runs, RUNS);
	ck_assert_msg(t.covered >= 178, "%s: %d of %d intervals hold the truth", machine, t.covered,
		      t.runs);
}

START_TEST(intervals_of_quick_runs_hold_the_truth)
{
	check_coverage(&quick, "noise=3%");
	check_coverage(&quick, "noise=3%,skew=90%");
	check_coverage(&quick, "noise=3%,drift=10%");
	check_coverage(&quick, "noise=3%,autocorrelation=70%");
}
END_TEST

START_TEST(intervals_over_starts_hold_what_one_start_cannot_show)
{
	struct tally one = simulate_runs(&quick, "noise=1%,starts=3%", 0.05, THROUGHPUT, 50);

	check_coverage(&standard, "noise=1%,starts=2%");
	ck_assert_int_lt(one.covered, 25);
}
END_TEST

START_TEST(equal_things_are_not_called_different)
{
	struct tally t = simulate_runs(&quick, "noise=3%", 0, THROUGHPUT, RUNS);

	ck_assert_int_le(t.found, 20);
	ck_assert_int_ge(t.negligible, RUNS / 2);
}
END_TEST

START_TEST(five_percent_are_found_under_three_percent_of_noise)
{
	struct tally t = simulate_runs(&quick, "noise=3%", 0.05, THROUGHPUT, RUNS);

	ck_assert_int_ge(t.found, 178);
}
END_TEST

START_TEST(the_same_seed_makes_the_same_run)
{
	struct outcome a = simulate_run(&standard, "noise=3%,starts=2%", 0.05, THROUGHPUT, 9);
	struct outcome b = simulate_run(&standard, "noise=3%,starts=2%", 0.05, THROUGHPUT, 9);
	struct outcome c = simulate_run(&standard, "noise=3%,starts=2%", 0.05, THROUGHPUT, 10);

	ck_assert_mem_eq(&a.relative, &b.relative, sizeof(a.relative));
	ck_assert_double_ne(a.relative.value, c.relative.value);
}
END_TEST

UNIT("prove", intervals_of_quick_runs_hold_the_truth,
     intervals_over_starts_hold_what_one_start_cannot_show, equal_things_are_not_called_different,
     five_percent_are_found_under_three_percent_of_noise, the_same_seed_makes_the_same_run)
