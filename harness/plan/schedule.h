/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The order of trials inside blocks, and when a workload has had enough of them. */
#ifndef TARE_SCHEDULE_H
#define TARE_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

/* A random order of `count` arms for one block, drawn from the run's seed alone: a run that is
 * resumed, or read years later, finds the same. Fisher and Yates' shuffle over splitmix64
 * (Steele, Lea, Flood, OOPSLA 2014). */
void schedule_order(uint64_t seed, unsigned workload, unsigned start, unsigned block, int *order,
		    int count);

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
};

/* docs/method.md, rule 7: precision or time, never significance; and never before the least number
 * of blocks and starts. */
enum decision schedule_decide(const struct progress_of_workload *progress);

#endif
