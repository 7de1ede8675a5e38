/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A ladder: environments that each add one technique to the one before. The summary compares each
 * with the baseline; this compares each rung with the rung below, paired in the same blocks, by the
 * rule of results/verdict.h with the luck of both instances in the interval.
 *
 * Among many steps some stand out by chance: a step differs only by Holm's procedure over all steps
 * of its workload (Scandinavian Journal of Statistics 6, 1979), at 5 % for all together. And the
 * one that stands out most does so partly by luck, so a shrunk size is reported as well,
 *   D tau^2 / (tau^2 + V)       tau^2 = max(0, mean of D^2 - V over the steps)
 * (empirical Bayes: Efron and Morris, JASA 70, 1975).
 */
#pragma once

#include "results/summary.h"

enum ladder_finding {
	STEP_NO_VALUE,
	STEP_EMULATED, /* of an emulated environment: not judged */
	STEP_SMALL,    /* the whole interval lies within the margin */
	STEP_NOISE,    /* no change can be told from chance */
	STEP_DIFFERS,  /* it can, considering all steps of the workload */
};

struct ladder_step {
	int workload, arm, below; /* indices of the record; `below` is the rung before
				     that has a value */
	int skipped;              /* rungs without a value in between, which the step includes */
	struct estimate log;      /* of an operation's cost, relative to the rung below's */
	struct interval cost;     /* the same as a ratio; NaN: none */
	double shrunk;            /* overhead in percent to expect in a repetition */
	struct interval overhead; /* the same in percent: what this rung adds */
	struct interval in_all; /* in percent: what the rungs up to this one add to the baseline */
	enum ladder_finding finding;
	/* Likewise for the environment's own CPU time (agent, VMM, its threads), without other
	 * processes on a busy machine and without kernel work for it elsewhere. */
	struct estimate own_log;
	double own_shrunk;
	struct interval own;
	enum ladder_finding own_finding;
};

struct ladder {
	const struct summary *summary; /* borrowed */
	struct ladder_step *steps;     /* workload by workload, in the plan's order of arms */
	int count;
};

/* Whether the run's study is one (it has the figure "waterfall"). */
bool ladder_wanted(const struct record *record);
int ladder_create(const struct summary *summary, struct ladder **ladder, struct error *err);
void ladder_destroy(struct ladder *ladder);

/* The last rung of a workload; NULL: it has none. */
const struct ladder_step *ladder_last(const struct ladder *ladder, int workload);
/* The largest of the steps that differ, in performance or in the environment's own CPU time; NULL:
 * none. */
const struct ladder_step *ladder_greatest(const struct ladder *ladder, int workload, bool own);
/* One event per operation as counted in the step's arm; NaN: not counted. */
double ladder_counter(const struct ladder *ladder, const struct ladder_step *step,
		      const char *name);
