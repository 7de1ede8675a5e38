/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is decided during a run: which arms take part in a block and in which order, when
 * instances are replaced, when a workload is warm, and when it has had enough blocks. Pure
 * functions of their arguments: a simulation calls the same ones (tests/prove.c).
 */
#ifndef TARE_SCHEDULE_H
#define TARE_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

/* A random order of `count` arms for one block, drawn from the run's seed alone: a run that is
 * resumed, or read years later, finds the same. Fisher and Yates' shuffle over splitmix64
 * (Steele, Lea, Flood, OOPSLA 2014). */
void schedule_order(uint64_t seed, unsigned workload, unsigned start, unsigned block, int *order,
		    int count);

/* Does an arm that takes part in every `every`th block take part in this one? */
bool schedule_takes_part(int every, unsigned block);

/*
 * For how many blocks fresh instances serve before they are replaced; 0: for all of them. Replacing
 * costs `renew_seconds` (stop, start, prepare, warm up), where the trials of a block take
 * `block_seconds`. Instances are replaced as often as 30 % of the trials' time allows, and not at
 * all where that makes fewer than SCHEDULE_LEAST_STARTS of the `blocks` that are expected: the
 * interval of so few starts is wider than their luck (t = 3.2 for 4 of them).
 */
#define SCHEDULE_LEAST_STARTS 6
int schedule_blocks_each(double renew_seconds, double block_seconds, int blocks);

/* Is an instance warm? `rates` are those of its warm-up trials so far: warm is one that has stopped
 * becoming faster (by a tenth), or has had `most` of them. */
bool schedule_is_warm(const double *rates, int count, int most);

/* When a workload's time is up: an equal part of what is left until `end` for each of the
 * `workloads` that are left, and never more than `share`, its part of the whole. */
double schedule_deadline(double now, double end, int workloads, double share);

/* Why the blocks of a workload ended; DECISION_GO_ON: they did not. */
enum decision {
	DECISION_GO_ON,
	DECISION_PRECISION,
	DECISION_TIME,
	DECISION_BLOCKS,
	DECISION_FAILED
};

const char *decision_name(enum decision decision);

struct progress_of_workload {
	int blocks, min_blocks, max_blocks; /* whole ones, in all starts */
	int starts, min_starts;             /* finished ones */
	bool precise;                       /* results/precision.h */
	double now, deadline;               /* seconds */
	double latest;                      /* when it ends also below the least number; 0: never */
	int every;                          /* the rarest arm takes part in every nth block */
};

#define SCHEDULE_FEWEST_BLOCKS 3 /* of each arm: an estimate needs them, whatever the time */

/* docs/method.md, rule 7: precision or time, never significance; and before the least number of
 * blocks and starts only where the run would not end in its time. */
enum decision schedule_decide(const struct progress_of_workload *progress);

#endif
