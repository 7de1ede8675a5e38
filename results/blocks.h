/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The trials of one workload, arranged in blocks: a row a block in the order of (start, block),
 * a column an arm. The block is the unit of pairing; here is where the pairs come from.
 */
#pragma once

#include "results/estimate.h"
#include "results/record.h"

struct blocks {
	const struct record *record;
	int workload, arms, count;
	int *starts;                        /* count x arms, see blocks_start */
	const struct record_trial **trials; /* count x arms; NULL: none that may enter */
	int *flagged, *left_out; /* of each arm: trials with a flag; invalid or second ones */
	const struct record_trial **seconds; /* of blocks that had one already, in no order */
	int second_count;
};

/* What a series is made of: a metric's index, or this. */
#define QUANTITY_CPU_PER_OPERATION (-1)

int blocks_create(const struct record *record, int workload, struct blocks **blocks,
		  struct error *err);
void blocks_destroy(struct blocks *blocks);

static inline const struct record_trial *blocks_at(const struct blocks *b, int block, int arm)
{
	return b->trials[(size_t)block * (size_t)b->arms + (size_t)arm];
}

/* Which start of an arm and of what it is compared with a block belongs to, from 0, never falling:
 * the next one begins where fresh instances of both have taken over. */
static inline int blocks_start(const struct blocks *b, int block, int arm)
{
	return b->starts[(size_t)block * (size_t)b->arms + (size_t)arm];
}

/* Logs of a quantity of one arm, a value a block that has it. `without_flagged` leaves out the
 * trials with a flag. The caller frees with series_finish. -ENOMEM. */
int blocks_series(const struct blocks *blocks, int arm, int quantity, bool without_flagged,
		  struct series *series, struct error *err);
/* Logs of relative performance: the arm's against that of the arm it is compared with in the same
 * block and, unless it is a null arm itself, against the null arm's as well. */
int blocks_relative(const struct blocks *blocks, int arm, int metric, bool without_flagged,
		    struct series *series, struct error *err);
/* How many values of a metric are zero: they have no log and enter no estimate. */
int blocks_zeros(const struct blocks *blocks, int arm, int metric);
/* Median of the wall times from one trial of a workload to the next; NaN where no two follow each
 * other. */
double blocks_trial_seconds(const struct record *record, int workload);
