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

/* A trial of 0.1 s. */
static void add(struct record *record, const char *workload, const char *arm, int block,
		double operations, double exits)
{
	json_t *trial = json_pack(
		"{s:s, s:i, s:s, s:s, s:i, s:i, s:i, s:b, s:f, s:f, s:{s:f}, s:f, s:f, s:o*}",
		"record", "trial", "sequence", 1, "workload", workload, "arm", arm, "start", 0,
		"block", block, "position", 0, "warmup", 0, "time", 0.1, "operations", operations,
		"values", "call", 1.0, "inside_seconds", 0.1, "outside_seconds", 0.1, "exits",
		isnan(exits) ? NULL : json_real(exits));

	ck_assert_int_eq(record_add_line(record, trial, NULL), 0);
	json_decref(trial);
}

/* An exit costs 10 us; disk.fsync makes two and waits 5 us more for something else. */
START_TEST(exits_an_operation_times_their_cost_is_predicted_beside_what_was_measured)
{
	struct record *record = sample();
	struct closure_row *rows;
	int count;

	for (int block = 0; block < 3; block++) {
		add(record, "cpu.syscall", "bare", block, 0.1 / 1e-6, NAN);
		add(record, "cpu.syscall", "microvm", block, 0.1 / 11e-6, 0.1 / 11e-6);
		add(record, "disk.fsync", "bare", block, 0.1 / 50e-6, NAN);
		add(record, "disk.fsync", "microvm", block, 0.1 / 75e-6, 2 * 0.1 / 75e-6);
	}
	rows = closure_rows(record, &count);
	ck_assert_int_eq(count, 1);
	ck_assert_str_eq(rows->workload, "disk.fsync");
	ck_assert_double_eq_tol(rows->exits, 2, 1e-9);
	ck_assert_double_eq_tol(rows->exit_cost, 10e-6, 1e-12);
	ck_assert_double_eq_tol(rows->predicted, 20e-6, 1e-12);
	ck_assert_double_eq_tol(rows->measured, 25e-6, 1e-12);
	free(rows);
	record_destroy(record);
}
END_TEST

START_TEST(nothing_is_claimed_where_a_system_call_is_no_exit)
{
	struct record *record = sample();
	int count;

	for (int block = 0; block < 3; block++) {
		add(record, "cpu.syscall", "bare", block, 1000, NAN);
		add(record, "cpu.syscall", "microvm", block, 900, 3);
		add(record, "disk.fsync", "bare", block, 100, NAN);
		add(record, "disk.fsync", "microvm", block, 90, 3);
	}
	ck_assert_ptr_null(closure_rows(record, &count));
	ck_assert_int_eq(count, 0);
	record_destroy(record);
}
END_TEST

UNIT("closure", exits_an_operation_times_their_cost_is_predicted_beside_what_was_measured,
     nothing_is_claimed_where_a_system_call_is_no_exit)
