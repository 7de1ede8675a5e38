/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A short form of tests/prove.c: few runs, so that only a gross error is seen. The bounds are
 * those that an honest rule keeps in all but one of 10,000 tries. */
#include "tests/unit.h"

#include "tests/simulated.h"

#define RUNS 25 /* of 8 workloads */
#define WORKLOADS (RUNS * 8)

static const struct machine normal = {"normal", "noise=3%", NULL, false};
static const struct machine skewed = {"skewed", "noise=3%,skew=90%", NULL, false};
static const struct machine drifting = {"drifting", "noise=3%,drift=10%", NULL, false};

static struct tally check(const struct schedule *schedule, const struct machine *machine,
			  double luck)
{
	struct tally t = simulate_runs(schedule, machine, luck, 0, THROUGHPUT, RUNS);

	ck_assert_int_eq(t.workloads, WORKLOADS);
	ck_assert_msg(t.covered >= 174, "%s, %s, luck %g: %d of %d intervals hold the truth",
		      schedule->name, machine->name, luck, t.covered, t.workloads);
	ck_assert_msg(t.wrong[NEW] <= 26, "%s, %s, luck %g: %d of %d equal ones differ",
		      schedule->name, machine->name, luck, t.wrong[NEW], t.workloads);
	return t;
}

START_TEST(intervals_of_quick_runs_hold_the_truth)
{
	check(&quick, &normal, 0);
	check(&quick, &skewed, 0);
	check(&quick, &drifting, 0.01);
}
END_TEST

START_TEST(the_luck_of_a_start_is_in_the_interval)
{
	check(&quick, &normal, 0.03);
	check(&quick_fresh, &normal, 0.03);
	check(&standard, &normal, 0.02);
}
END_TEST

START_TEST(recorded_noise_makes_no_difference_of_equal_things)
{
	struct machine machine = {"recorded: intel", "noise=0%", load_noise("intel"), false};

	check(&quick, &machine, 0);
	free((void *)machine.recorded);
}
END_TEST

START_TEST(five_percent_are_found_where_the_old_rule_could_not_tell)
{
	struct tally t = simulate_runs(&quick, &normal, 0, 0, THROUGHPUT, RUNS);

	ck_assert_int_ge(t.found[NEW][3], 150);
	ck_assert_int_lt(t.found[OLD][3], 100);
}
END_TEST

START_TEST(twice_the_time_is_always_found)
{
	struct tally t = simulate_runs(&quick, &normal, 0.03, 1, THROUGHPUT, RUNS);

	ck_assert_int_eq(t.found[NEW][0], t.workloads);
}
END_TEST

START_TEST(the_same_seed_makes_the_same_run)
{
	struct tally a = {0}, b = {0}, c = {0};

	simulate_run(&a, &standard, &normal, 0.02, 0.05, THROUGHPUT, 9);
	simulate_run(&b, &standard, &normal, 0.02, 0.05, THROUGHPUT, 9);
	simulate_run(&c, &standard, &normal, 0.02, 0.05, THROUGHPUT, 10);
	ck_assert_double_eq(a.half, b.half);
	ck_assert_double_ne(a.half, c.half);
}
END_TEST

UNIT("prove", intervals_of_quick_runs_hold_the_truth, the_luck_of_a_start_is_in_the_interval,
     recorded_noise_makes_no_difference_of_equal_things,
     five_percent_are_found_where_the_old_rule_could_not_tell, twice_the_time_is_always_found,
     the_same_seed_makes_the_same_run)
