/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One trial of one condition: on the stage, into the journal, and what its failure means. */
#ifndef TARE_RUN_TRIAL_H
#define TARE_RUN_TRIAL_H

#include "harness/run/run_private.h"

/* The place of a trial in the plan. */
struct place {
	int comparison, block, position;
	bool warmup;
	int warmups; /* of each condition, at most */
};

/* *whole becomes false where the trial failed. -EINTR, or an error of the journal. */
int run_trial(struct run *run, const struct place *place, struct condition *condition, bool *whole,
	      struct error *err);
/* Prepares all conditions of the comparison, side by side: nothing is timed yet. */
int run_prepare(struct run *run, const struct place *place, struct error *err);

/* Those of a comparison; *count of them. */
struct condition *run_conditions(const struct run *run, int comparison, int *count);
/* Is all of its cast up, and has it not been left out? */
bool run_is_active(const struct run *run, const struct condition *condition);
/* It cannot run; the others go on. */
void run_leave_out(struct run *run, struct condition *condition, const char *why);

#endif
