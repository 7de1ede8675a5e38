/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside of counters.h: what its files share. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "harness/observe/counters.h"

enum counter_kind {
	COUNTER_HARDWARE,
	COUNTER_SOFTWARE, /* counted by the kernel itself */
	COUNTER_EXITS,    /* tracepoint kvm:kvm_exit */
};

/* One event of a set. */
struct counter {
	char name[64];      /* as requested and shown: "instructions" */
	char encoding[160]; /* as encoded: "perf::PERF_COUNT_HW_INSTRUCTIONS:u=1:k=1" */
	enum counter_kind kind;
	struct perf_event_attr attr;
	char filter[48]; /* of a tracepoint: "exit_reason==12"; "": none */
	bool usable;
	char reason[192]; /* why it is not usable */
};

/* The result of a read with COUNTER_READ_FORMAT; times in ns. */
struct counter_reading {
	uint64_t value, enabled, running;
};
#define COUNTER_READ_FORMAT (PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING)

struct counter_set {
	const struct counter_system *system;
	struct counter *list;
	int count;
	char truth[192]; /* result of the test loop; "" if there is no hardware event */
	bool truth_good;
};

/* counters_names.c: finds the counter of one name. -EINVAL with the nearest names. */
int counter_resolve(const char *name, struct counter *counter, struct error *err);
/* Passes the name of every event that libpfm4 knows for this host's processor to `each`. */
void counter_all_names(void (*each)(void *context, const char *name), void *context);

/* counters_exits.c: adds kvm-exits, and optionally one counter for each informative reason, to a
 * set with room for EXITS_MAX more. If that is impossible, adds one that says why. */
#define EXITS_MAX 16
void counter_add_exits(struct counter_set *set, bool by_reason);

/* counters_truth.c: tries to open a counter on this process; sets usable and reason. */
void counter_try(const struct counter_system *system, struct counter *counter);
/* Counts a loop of known length, records the result, and marks hardware events unusable if it is
 * wrong. */
void counter_test_truth(struct counter_set *set);

/* What an errno means here, and what to do about it. */
const char *counter_open_failure(int code);
