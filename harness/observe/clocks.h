/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Clocks are not trusted (docs/method.md, rule 14). Both the agent and the harness time each trial.
 * Each answer to a ping carries the agent's CLOCK_MONOTONIC, so that the rate of its clock against
 * the host's is known over a trial and over the run (as in NTP, RFC 5905 section 8: the agent reads
 * its clock at some time within the exchange).
 *
 * One watch per instance. All times: CLOCK_MONOTONIC nanoseconds.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct clock_sample {
	uint64_t sent, received; /* host */
	uint64_t agent;          /* the agent's, read in between */
};

struct clock_watch {
	struct clock_sample *samples;
	size_t count, size;
};

void clock_watch_init(struct clock_watch *watch);
void clock_watch_finish(struct clock_watch *watch);
/* One ping: {"type":"pong","now":<ns>}. -EINVAL if times run backwards (it is discarded). */
int clock_watch_add(struct clock_watch *watch, uint64_t sent, uint64_t received, uint64_t agent);

/* A rate of 1.1 means that the agent's clock runs 10 % fast. `error` is its half-width, from the
 * round trips. NaN and infinity if nothing is known. */
struct clock_rate {
	double rate, error;
	double seconds; /* host time over which it was measured */
};
/* Over the whole run, from the shortest round trips of its first and last quarters. */
struct clock_rate clock_watch_rate(const struct clock_watch *watch);
/* From two pings, one before and one after a trial. */
struct clock_rate clock_rate_between(const struct clock_sample *before,
				     const struct clock_sample *after);
/* Off by more than 0.5 % and its own error. */
bool clock_rate_is_wrong(struct clock_rate rate);
/* The latest sample; all zero if there is none. */
struct clock_sample clock_watch_last(const struct clock_watch *watch);

enum clock_state {
	CLOCK_GOOD,
	CLOCK_FLAGGED, /* the two times disagree: flag "clock" */
	CLOCK_WRONG,   /* because the agent's clock is wrong: results/record_trial.c corrects by
			* "clock_rate" */
};

/* The host's time must be at least the agent's, and the difference at most max(1 %, 3 round trips).
 * `reason` gets what is wrong. */
enum clock_state clock_judge(double inside_seconds, double outside_seconds,
			     double round_trip_seconds, struct clock_rate rate, char *reason,
			     size_t size);

/* For run.json's environment: {"source","read_ns","resolution_ns","vdso","rate","rate_error",
 * "drift_ppm","seconds","round_trip_us"}. `hello` as the agent sent it. A new reference. */
json_t *clock_describe(const struct clock_watch *watch, const json_t *hello);
