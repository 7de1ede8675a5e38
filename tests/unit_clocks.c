/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "harness/observe/clocks.h"

#define MS NSEC_PER_MSEC

/* A watch of `count` pings, 100 ms apart, with round trips of 0.1 to 1 ms, of a clock that runs
 * at `rate` and began at some other time. */
static struct clock_watch watch_of(double rate, int count)
{
	struct clock_watch watch;

	clock_watch_init(&watch);
	for (int i = 0; i < count; i++) {
		uint64_t sent = 5000 * MS + (uint64_t)i * 100 * MS;
		uint64_t received = sent + MS / 10 * (uint64_t)(1 + i * 7 % 10);
		double middle = (double)(sent + (received - sent) / 3); /* not in the middle */

		ck_assert_int_eq(
			clock_watch_add(&watch, sent, received, (uint64_t)(7e9 + rate * middle)),
			0);
	}
	return watch;
}

START_TEST(the_rate_is_right_within_its_error)
{
	const double rates[] = {1, 1.1, 0.9, 1.0002};

	for (int i = 0; i < 4; i++) {
		struct clock_watch watch = watch_of(rates[i], 50);
		struct clock_rate rate = clock_watch_rate(&watch);

		ck_assert_double_le(fabs(rate.rate - rates[i]), rate.error);
		ck_assert_double_le(rate.error, 0.0001); /* 0.1 ms over more than 2 s */
		clock_watch_finish(&watch);
	}
}
END_TEST

START_TEST(one_ping_says_nothing_of_a_rate)
{
	struct clock_watch watch = watch_of(1, 1);

	ck_assert(isnan(clock_watch_rate(&watch).rate));
	clock_watch_finish(&watch);
}
END_TEST

START_TEST(time_that_runs_backwards_is_not_kept)
{
	struct clock_watch watch = watch_of(1, 3);

	ck_assert_int_eq(clock_watch_add(&watch, 1, 2, UINT64_MAX), -EINVAL);
	ck_assert_int_eq(clock_watch_add(&watch, 9000 * MS, 9001 * MS, 5), -EINVAL);
	ck_assert_uint_eq(watch.count, 3);
	clock_watch_finish(&watch);
}
END_TEST

static enum clock_state judge(double inside, double outside, double round_trip, double rate)
{
	char reason[200];
	enum clock_state state =
		clock_judge(inside, outside, round_trip, (struct clock_rate){rate, 0.001, 0.3},
			    reason, sizeof(reason));

	ck_assert_int_eq(state != CLOCK_GOOD, reason[0] != 0);
	return state;
}

START_TEST(a_gap_of_one_percent_or_three_round_trips_is_the_limit)
{
	ck_assert_int_eq(judge(0.300, 0.3001, 0.00004, 1), CLOCK_GOOD);
	ck_assert_int_eq(judge(0.298, 0.300, 0.00004, 1), CLOCK_GOOD);
	ck_assert_int_eq(judge(0.296, 0.300, 0.00004, 1), CLOCK_FLAGGED);
	ck_assert_int_eq(judge(0.296, 0.300, 0.0015, 1), CLOCK_GOOD);
	ck_assert_int_eq(judge(0.301, 0.300, 0.0015, 1), CLOCK_FLAGGED);
	ck_assert_int_eq(judge(0, 0.300, 0.0015, 1), CLOCK_FLAGGED);
	ck_assert_int_eq(judge(NAN, 0.300, 0.0015, 1), CLOCK_FLAGGED);
}
END_TEST

START_TEST(a_clock_ten_percent_off_is_called_wrong)
{
	ck_assert_int_eq(judge(0.33, 0.300, 0.00004, 1.1), CLOCK_WRONG);
	ck_assert_int_eq(judge(0.27, 0.300, 0.00004, 0.9), CLOCK_WRONG);
	ck_assert_int_eq(judge(0.2999, 0.300, 0.00004, 1.004), CLOCK_GOOD);
	ck_assert_int_eq(judge(0.2999, 0.300, 0.00004, NAN), CLOCK_GOOD);
}
END_TEST

START_TEST(the_description_joins_what_the_agent_and_the_pings_say)
{
	json_t *hello = json_loads("{\"clocksource\":\"tsc\",\"clock\":{\"read_ns\":22.1,"
				   "\"resolution_ns\":1,\"vdso\":true}}",
				   0, NULL);
	struct clock_watch watch = watch_of(1.00005, 200);
	json_t *clock = clock_describe(&watch, hello);

	ck_assert_str_eq(json_string_value(json_object_get(clock, "source")), "tsc");
	ck_assert(json_is_true(json_object_get(clock, "vdso")));
	ck_assert_double_eq_tol(json_number_value(json_object_get(clock, "drift_ppm")), 50,
				json_number_value(json_object_get(clock, "drift_error_ppm")));
	ck_assert_double_eq_tol(json_number_value(json_object_get(clock, "round_trip_us")), 100,
				0.1);
	json_decref(clock);
	json_decref(hello);
	clock_watch_finish(&watch);
}
END_TEST

UNIT("clocks", the_rate_is_right_within_its_error, one_ping_says_nothing_of_a_rate,
     time_that_runs_backwards_is_not_kept, a_gap_of_one_percent_or_three_round_trips_is_the_limit,
     a_clock_ten_percent_off_is_called_wrong,
     the_description_joins_what_the_agent_and_the_pings_say)
