/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside of counters.h: what its files share. */
#ifndef TARE_COUNTERS_PRIVATE_H
#define TARE_COUNTERS_PRIVATE_H

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
	char name[64];      /* as it is asked for and shown: "instructions" */
	char encoding[160]; /* as it is understood: "perf::PERF_COUNT_HW_INSTRUCTIONS:u=1:k=1" */
	enum counter_kind kind;
	struct perf_event_attr attr;
	char filter[48]; /* of a tracepoint: "exit_reason==12"; "": none */
	bool usable;
	char reason[192]; /* why not */
};

/* What a read gives, with the format COUNTER_READ_FORMAT; times in ns. */
struct counter_reading {
	uint64_t value, enabled, running;
};
#define COUNTER_READ_FORMAT (PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING)

struct counter_set {
	const struct counter_system *system;
	struct counter *list;
	int count;
	char truth[192]; /* what the known loop showed; "" if there is no hardware event */
	bool truth_good;
};

/* counters_names.c: one name to one counter. -EINVAL with the names nearest to it. */
int counter_resolve(const char *name, struct counter *counter, struct error *err);
/* Every event that libpfm4 knows for the processor of this host, by name, to `each`. */
void counter_all_names(void (*each)(void *context, const char *name), void *context);

/* counters_exits.c: adds kvm-exits, and one counter for each reason worth distinguishing, to a set
 * whose list has room for EXITS_MAX more. Where that is impossible: one that says why. */
#define EXITS_MAX 16
void counter_add_exits(struct counter_set *set, bool by_reason);

/* counters_truth.c: tries to open a counter on this process; sets usable and reason. */
void counter_try(const struct counter_system *system, struct counter *counter);
/* Counts a loop of known length; sets the set's truth, and refuses hardware events if it fails. */
void counter_test_truth(struct counter_set *set);

/* What a number means, and what to do about it: "no PMU here counts it". */
const char *counter_open_failure(int code);

#endif
