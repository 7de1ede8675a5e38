/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decisions during a run: which arms take part in a block and in which order, when instances are
 * replaced, when a workload is warm, and when it has enough blocks. All are pure functions, which
 * tests/prove.c also calls. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* A random order of `count` arms for one block. It depends only on the run's seed, so a resumed run
 * gets the same. Fisher-Yates shuffle with splitmix64 (Steele, Lea, Flood, OOPSLA 2014). */
void schedule_order(uint64_t seed, unsigned workload, unsigned start, unsigned block, int *order,
		    int count);

/* Whether an arm that takes part in every `every`th block takes part in this one. */
bool schedule_takes_part(int every, unsigned block);

/* After how many blocks fresh instances are replaced; 0: never. Replacing costs `renew_seconds`
 * (stop, start, prepare, warm up), the trials of a block `block_seconds`. Instances are replaced as
 * often as 30 % of the trials' time allows, but not at all if the `blocks` expected then give fewer
 * than SCHEDULE_LEAST_STARTS: the interval of so few starts is wider than their luck (t = 3.2 for
 * 4). */
#define SCHEDULE_LEAST_STARTS 6
int schedule_blocks_each(double renew_seconds, double block_seconds, int blocks);
/* The minimum of blocks if instances are replaced after `each` of them (0: never): enough for
 * SCHEDULE_LEAST_STARTS, and at least `blocks`. */
int schedule_least_blocks(int each, int blocks);

/* Whether an instance is warm: the `rates` of its warm-up trials no longer rise by a tenth, or
 * there have been `most`. */
bool schedule_is_warm(const double *rates, int count, int most);

/* When a workload's time is up: each of the remaining `workloads` gets an equal part of the time
 * until `end`, at most `share`, its part of the whole. */
double schedule_deadline(double now, double end, int workloads, double share);

/* Why a workload ended; DECISION_GO_ON: it continues. */
enum decision {
	DECISION_GO_ON,
	DECISION_PRECISION,
	DECISION_TIME,
	DECISION_BLOCKS,
	DECISION_FAILED
};

const char *decision_name(enum decision decision);

struct progress_of_workload {
	int blocks, min_blocks, max_blocks; /* complete, in all starts */
	int starts, min_starts;             /* finished ones */
	bool precise;                       /* results/precision.h */
	double now, deadline;               /* seconds */
	double latest;                      /* when it ends even with fewer than the minimum; 0:
					     * never */
	int every;                          /* the rarest arm takes part in every nth block */
};

#define SCHEDULE_FEWEST_BLOCKS 3 /* per arm: an estimate needs them, whatever the time */

/* docs/method.md, rule 7: precision or time, never significance; before the minimum of blocks and
 * starts only if the run would otherwise exceed its time. */
enum decision schedule_decide(const struct progress_of_workload *progress);
