/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counters around each trial, read on the host: libpfm4 gives the names, perf_event_open counts.
 * They are not trusted: a loop of a known number of instructions must be counted within 1 %
 * before any hardware event is believed; where enabled and running times differ the value is
 * scaled, and said to be; what cannot be counted is "n/a (reason)", never 0. docs/counters.md.
 *
 * One set a run (names, encodings, truth test), one `struct counters` an instance, then for each
 * trial that is to be counted begin, end, result. begin and end are outside the timed part.
 */
#ifndef TARE_COUNTERS_H
#define TARE_COUNTERS_H

#include <jansson.h>
#include <perfmon/perf_event.h> /* libpfm4's; does not go together with <linux/perf_event.h> */
#include <stdbool.h>
#include <sys/types.h>

#include "drivers/driver.h"

/* The system calls; tests put their own here. Errors are negative errno. */
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

/* `list`: names separated by commas, as libpfm4 knows them or as in the default list; NULL: the
 * default list; "none" or "": an empty set. kvm-exits-by-reason adds one counter a reason. -EINVAL
 * names the unknown one and those nearest to it. `system` NULL: the real one. */
int counter_set_create(const char *list, const struct counter_system *system,
		       struct counter_set **set, struct error *err);
void counter_set_destroy(struct counter_set *set);
/* For run.json: [{"name", "event" (as encoded), "kind", "usable", "reason"}], and the truth test.
 */
json_t *counter_set_describe(const struct counter_set *set);

/* The set on a target: a process tree (all threads that are there, and what they start), the
 * virtual CPUs' threads, or, where no pid is known, a cgroup. The set must outlive it. */
int counters_create(const struct counter_set *set, const struct target *target,
		    struct counters **counters, struct error *err);
void counters_destroy(struct counters *counters); /* NULL is legal */

/* Opens and starts, stops and closes. What cannot be opened is n/a with its reason. Counting is
 * not free: with the default software events each switch of a counted thread takes 0.2 us longer,
 * 4 % of a network.rr. So count one block in eight, all arms of it, and leave the others alone. */
void counters_begin(struct counters *counters);
void counters_end(struct counters *counters);
/* The record's "counters": name -> number, or "n/a (reason)". Of virtual CPUs, hardware events
 * stand there twice: "cycles", and the guest's part of them as "cycles:guest". A new reference. */
json_t *counters_result(const struct counters *counters);
/* The record's "counters_scaled": name -> share of the time (below 1) in which it was counted, for
 * those that were scaled up from that; NULL where there is none. A new reference. */
json_t *counters_scaled(const struct counters *counters);

/* For `tare list counters`: what this host can count, an array as of counter_set_describe. With
 * `all`, every event that libpfm4 knows for this CPU. */
json_t *counters_available(bool all, const struct counter_system *system);

#endif
