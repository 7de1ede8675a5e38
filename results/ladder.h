/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A ladder: environments that each add one technique to the one before. The summary compares
 * each with the baseline; this, each rung with the rung below, paired in the same blocks.
 */
#ifndef TARE_LADDER_H
#define TARE_LADDER_H

#include "results/summary.h"

struct ladder_step {
	int workload, arm, below; /* indices of the record; `below` is the rung before */
	struct interval cost;     /* of an operation, relative to the rung below; NaN: none */
	struct interval overhead; /* the same in percent: what this rung adds */
	bool differs;             /* the interval excludes no change */
};

struct ladder {
	struct ladder_step *steps; /* workload by workload, in the plan's order of arms */
	int count;
};

/* Whether the run's study is one (study.figure is "ladder"). */
bool ladder_wanted(const struct record *record);
int ladder_create(const struct record *record, struct ladder **ladder, struct error *err);
void ladder_destroy(struct ladder *ladder);

#endif
