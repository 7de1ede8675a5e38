/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counters around each trial, read on the host: libpfm4 knows the names, perf_event_open counts.
 * Counters are not trusted: hardware events are used only if a loop with a known number of
 * instructions is counted within 1 %; if enabled and running times differ, the value is scaled and
 * marked as such; what cannot be counted is "n/a (reason)", never 0. See docs/counters.md.
 *
 * There is one set per run (names, encodings, test loop) and one `struct counters` per instance;
 * for each counted trial call begin, end, result. begin and end are outside the timed part.
 */
#pragma once

#include <jansson.h>
#include <perfmon/perf_event.h> /* libpfm4's, which conflicts with <linux/perf_event.h> */
#include <stdbool.h>
#include <sys/types.h>

#include "drivers/driver.h"

/* The system calls, which tests replace. Errors are negative errno. */
struct counter_system {
	int (*open)(void *context, struct perf_event_attr *attr, pid_t pid, int cpu, int group,
		    unsigned long flags);
	ssize_t (*read)(void *context, int fd, void *buffer, size_t size);
	int (*control)(void *context, int fd, unsigned long request, unsigned long argument);
	void (*close)(void *context, int fd);
	void *context;
};
extern const struct counter_system counter_system_real;

struct counter_set;
struct counters;

/* `list`: names separated by commas, as in libpfm4 or the default list; NULL: the default list;
 * "none" or "": an empty set. kvm-exits-by-reason adds one counter per reason. -EINVAL names the
 * unknown one and the nearest ones. `system` NULL: the real system calls. */
int counter_set_create(const char *list, const struct counter_system *system,
		       struct counter_set **set, struct error *err);
void counter_set_destroy(struct counter_set *set);
/* For run.json: [{"name", "event" (as encoded), "kind", "usable", "reason"}], and the result of the
 * test loop. */
json_t *counter_set_describe(const struct counter_set *set);

/* The set on a target: a process tree (all threads, including those started later), the virtual
 * CPUs' threads, or, without a pid, a cgroup. The set must outlive it. */
int counters_create(const struct counter_set *set, const struct target *target,
		    struct counters **counters, struct error *err);
void counters_destroy(struct counters *counters); /* NULL is legal */

/* Open and start, stop and close. What cannot be opened is n/a, with the reason. Counting is not
 * free: the default software events add 0.2 us to each context switch of a counted thread, 4 % of a
 * network.rr. So count only one block in eight, in all its arms. */
void counters_begin(struct counters *counters);
void counters_end(struct counters *counters);
/* The record's "counters": name -> number, or "n/a (reason)". On virtual CPUs hardware events
 * appear twice: "cycles", and the guest's part as "cycles:guest". A new reference. */
json_t *counters_result(const struct counters *counters);
/* The record's "counters_scaled": name -> share of the time (below 1) in which a scaled event was
 * counted; NULL if none was scaled. A new reference. */
json_t *counters_scaled(const struct counters *counters);

/* For `tare list counters`: what this host can count, an array as from counter_set_describe; with
 * `all`, every event that libpfm4 knows for this CPU. */
json_t *counters_available(bool all, const struct counter_system *system);
