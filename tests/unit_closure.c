/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit.h"

#include <math.h>

#include "results/closure.h"

#define METRICS "\"metrics\":[{\"name\":\"call\",\"unit\":\"ns\",\"better\":\"lower\"}]"
#define RUN                                                                                        \
	"{\"schema\":1,\"id\":\"sample\",\"status\":\"complete\","                                 \
	"\"study\":{\"name\":\"s\",\"title\":\"t\",\"figure\":\"overhead\"},"                      \
	"\"plan\":{\"preset\":\"quick\",\"seed\":42,\"baseline\":\"bare\",\"min_blocks\":3,"       \
	"\"max_blocks\":60,\"starts\":1,\"workloads\":["                                           \
	"{\"name\":\"cpu.syscall\",\"version\":1,\"panel\":\"cpu\",\"values\":{}," METRICS "},"    \
	"{\"name\":\"disk.fsync\",\"version\":1,\"panel\":\"disk\",\"values\":{}," METRICS "}],"   \
	"\"arms\":[{\"id\":\"bare\",\"environment\":\"bare\",\"role\":\"baseline\"},"              \
	"{\"id\":\"microvm\",\"environment\":\"microvm\",\"role\":\"subject\"}]},"                 \
	"\"environments\":{\"bare\":{\"label\":\"bare metal\",\"available\":true},"                \
	"\"microvm\":{\"label\":\"microVM\",\"available\":true}}}"

static struct record *sample(void)
{
	json_t *run = json_loads(RUN, 0, NULL);
	struct record *record;
	struct error err;

	ck_assert_msg(!record_create(run, &record, &err), "%s", err.message);
	json_decref(run);
	return record;
}

/* What an operation is made of, in us; exits and calls NAN: not told, as of the baseline. */
struct operation {
	double time, exits, calls, user;
};

static json_t *told(double value)
{
	return isnan(value) ? NULL : json_real(value);
}

/* A trial of 0.1 s. */
static void add(struct record *record, const char *workload, const char *arm, int block,
		struct operation of)
{
	double operations = 0.1e6 / of.time;
	json_t *trial = json_pack(
		"{s:s, s:i, s:s, s:s, s:i, s:i, s:i, s:b, s:f, s:f, s:{s:f}, s:f, s:f, s:{s:f}, "
		"s:o*, s:o*}",
		"record", "trial", "sequence", 1, "workload", workload, "arm", arm, "start", 0,
		"block", block, "position", 0, "warmup", 0, "time", 0.1, "operations", operations,
		"values", "call", 1.0, "inside_seconds", 0.1, "outside_seconds", 0.1, "usage",
		"user", operations * of.user / 1e6, "exits", told(operations * of.exits),
		"call_seconds", told(operations * of.calls / 1e6));

	ck_assert_int_eq(record_add_line(record, trial, NULL), 0);
	json_decref(trial);
}

/* An exit costs 10 us. disk.fsync makes two and waits 48 us in the baseline, 51 in the guest;
 * 2 us are its own work, and 2 us more nobody can explain. */
START_TEST(exits_and_longer_calls_are_predicted_beside_what_was_measured)
{
	struct record *record = sample();
	struct closure_row *rows;
	int count;

	for (int block = 0; block < 3; block++) {
		add(record, "cpu.syscall", "bare", block, (struct operation){1, NAN, NAN, 0});
		add(record, "cpu.syscall", "microvm", block, (struct operation){11, 1, 1, 0});
		add(record, "disk.fsync", "bare", block, (struct operation){50, NAN, NAN, 2});
		add(record, "disk.fsync", "microvm", block, (struct operation){75, 2, 51, 9});
	}
	rows = closure_rows(record, &count);
	ck_assert_int_eq(count, 1);
	ck_assert_str_eq(rows->workload, "disk.fsync");
	ck_assert_double_eq_tol(rows->exits, 2, 1e-9);
	ck_assert_double_eq_tol(rows->exit_cost, 10e-6, 1e-12);
	ck_assert_double_eq_tol(rows->by_exits, 20e-6, 1e-12);
	ck_assert_double_eq_tol(rows->by_calls, 3e-6, 1e-12);
	ck_assert_double_eq_tol(rows->predicted, 23e-6, 1e-12);
	ck_assert_double_eq_tol(rows->measured, 25e-6, 1e-12);
	ck_assert_double_eq_tol(rows->added.value, 25e-6, 1e-12);
	ck_assert_double_eq_tol(rows->unexplained.value, 2e-6, 1e-12);
	ck_assert_double_eq_tol(rows->unexplained.low, 2e-6, 1e-12);
	ck_assert_double_eq_tol(closure_percent(rows, rows->by_exits), 80, 1e-6);
	free(rows);
	record_destroy(record);
}
END_TEST

/* The guest's operation takes 3 us less in one block and 5 us more in the next: added 1 us, from
 * -6.9 to 8.9 as any t table has it. */
START_TEST(no_share_is_named_of_an_added_time_that_may_be_none)
{
	static const double times[] = {47, 55, 50.9};
	struct record *record = sample();
	struct closure_row *rows;
	int count;

	for (int block = 0; block < 3; block++) {
		add(record, "cpu.syscall", "bare", block, (struct operation){1, NAN, NAN, 0});
		add(record, "cpu.syscall", "microvm", block, (struct operation){11, 1, 1, 0});
		add(record, "disk.fsync", "bare", block, (struct operation){50, NAN, NAN, 2});
		add(record, "disk.fsync", "microvm", block,
		    (struct operation){times[block], 2, 31, 9});
	}
	rows = closure_rows(record, &count);
	ck_assert_int_eq(count, 1);
	ck_assert_double_lt(rows->added.low, 0);
	ck_assert_double_gt(rows->added.high, 0);
	ck_assert(isnan(closure_percent(rows, rows->by_exits)));
	free(rows);
	record_destroy(record);
}
END_TEST

START_TEST(nothing_is_claimed_where_a_system_call_is_no_exit)
{
	struct record *record = sample();
	int count;

	for (int block = 0; block < 3; block++) {
		add(record, "cpu.syscall", "bare", block, (struct operation){100, NAN, NAN, 0});
		add(record, "cpu.syscall", "microvm", block, (struct operation){111, 0.003, 1, 0});
		add(record, "disk.fsync", "bare", block, (struct operation){1000, NAN, NAN, 0});
		add(record, "disk.fsync", "microvm", block, (struct operation){1100, 0.03, 1, 0});
	}
	ck_assert_ptr_null(closure_rows(record, &count));
	ck_assert_int_eq(count, 0);
	record_destroy(record);
}
END_TEST

UNIT("closure", exits_and_longer_calls_are_predicted_beside_what_was_measured,
     no_share_is_named_of_an_added_time_that_may_be_none,
     nothing_is_claimed_where_a_system_call_is_no_exit)
