/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The trials of one workload, arranged in blocks: one row for each block in the order of (start,
 * block), one column for each arm. The block is the unit of pairing, and the pairs are formed here.
 */
#pragma once

#include "results/estimate.h"
#include "results/record.h"

struct blocks {
	const struct record *record;
	int workload, arms, count;
	int *starts;                        /* count x arms, see blocks_start */
	const struct record_trial **trials; /* count x arms; NULL: no valid trial */
	int *flagged, *left_out; /* of each arm: flagged trials; invalid or duplicate ones */
	const struct record_trial **seconds; /* duplicates in a block, in no order */
	int second_count;
};

/* The quantity of a series: a metric's index, or this. */
#define QUANTITY_CPU_PER_OPERATION (-1)

int blocks_create(const struct record *record, int workload, struct blocks **blocks,
		  struct error *err);
void blocks_destroy(struct blocks *blocks);

static inline const struct record_trial *blocks_at(const struct blocks *b, int block, int arm)
{
	return b->trials[(size_t)block * (size_t)b->arms + (size_t)arm];
}

/* The start, common to an arm and what it is compared with, that a block belongs to, from 0, never
 * falling: the next start begins when the instances of both have been replaced. */
static inline int blocks_start(const struct blocks *b, int block, int arm)
{
	return b->starts[(size_t)block * (size_t)b->arms + (size_t)arm];
}

/* Logs of a quantity of one arm, one value for each block that has it. `without_flagged` leaves out
 * flagged trials. The caller frees with series_finish. -ENOMEM. */
int blocks_series(const struct blocks *blocks, int arm, int quantity, bool without_flagged,
		  struct series *series, struct error *err);
/* Logs of relative performance in the same block: against the arm that it is compared with and,
 * unless it is a null arm itself, also against the null arm. */
int blocks_relative(const struct blocks *blocks, int arm, int metric, bool without_flagged,
		    struct series *series, struct error *err);
/* The number of zero values of a metric, which have no log and enter no estimate. */
int blocks_zeros(const struct blocks *blocks, int arm, int metric);
/* Median wall time from one trial of a workload to the next; NaN if there are no successive trials.
 */
double blocks_trial_seconds(const struct record *record, int workload);
