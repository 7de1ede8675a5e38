/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The progress of a run. On a terminal it is one line that is overwritten: workload, block, the
 * overhead of each environment so far, the time left. Elsewhere it is a line now and then. It goes
 * to standard error: standard output is for the result. */
#pragma once

#include <stdio.h>

#include "harness/plan/plan.h"
#include "harness/run/run_live.h"

struct progress;

/* NULL if there is no memory; all functions below accept NULL. */
struct progress *progress_create(const struct plan *plan);
void progress_destroy(struct progress *progress);

void progress_starting(struct progress *progress, const char *instance);
void progress_preparing(struct progress *progress, int comparison);
/* Called before each trial. `left`: seconds that the run is expected to need. */
void progress_trial(struct progress *progress, int comparison, int block, const char *column,
		    double left);
/* The estimates of its conditions so far, kept for the next lines. NULL: unknown. */
void progress_look(struct progress *progress, int comparison, const struct live_look *looks);
/* Prints a permanent line when a comparison has ended. */
void progress_decided(struct progress *progress, int comparison, int blocks, const char *why);
void progress_warn(struct progress *progress, const char *message);
/* Removes the line. */
void progress_end(struct progress *progress);
