/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a person sees while a run goes on. On a terminal one line that is written over: workload,
 * block, the live overhead of each environment, the time left. Elsewhere a plain line now and
 * then. All of it goes to standard error: standard output is for the result.
 */
#ifndef TARE_PROGRESS_H
#define TARE_PROGRESS_H

#include <stdio.h>

#include "harness/plan/plan.h"
#include "harness/run/run_live.h"

struct progress;

/* NULL where there is no memory; everything below takes NULL. */
struct progress *progress_create(const struct plan *plan);
void progress_destroy(struct progress *progress);

void progress_starting(struct progress *progress, const char *instance);
void progress_preparing(struct progress *progress, int comparison);
/* Before each trial. `left` is the seconds that the run is expected to take still. */
void progress_trial(struct progress *progress, int comparison, int block, const char *column,
		    double left);
/* What its conditions look like so far; kept for the next lines. NULL: not known. */
void progress_look(struct progress *progress, int comparison, const struct live_look *looks);
/* A comparison has ended: a line that stays. */
void progress_decided(struct progress *progress, int comparison, int blocks, const char *why);
void progress_warn(struct progress *progress, const char *message);
/* Takes the line away. */
void progress_end(struct progress *progress);

#endif
