/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One trial of one condition: performs it, writes it to the journal, handles its failure. */
#pragma once

#include "harness/run/run_private.h"

/* The place of a trial in the plan. */
struct place {
	int comparison, block, position;
	bool warmup;
	int warmups; /* maximum for each condition */
};

/* Sets *whole to false if the trial failed. -EINTR, or an error of the journal. */
int run_trial(struct run *run, const struct place *place, struct condition *condition, bool *whole,
	      struct error *err);
/* Prepares all conditions of the comparison, side by side, before anything is timed. */
int run_prepare(struct run *run, const struct place *place, struct error *err);

/* The conditions of a comparison; *count of them. */
struct condition *run_conditions(const struct run *run, int comparison, int *count);
/* Whether its whole cast is running and it has not been left out. */
bool run_is_active(const struct run *run, const struct condition *condition);
/* Leaves it out; the others continue. */
void run_leave_out(struct run *run, struct condition *condition, const char *why);
