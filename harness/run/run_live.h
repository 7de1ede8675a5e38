/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The estimate during a run: for the stop rule and the progress bar. The estimates are
 * those of results/; nothing is computed here. */
#ifndef TARE_RUN_LIVE_H
#define TARE_RUN_LIVE_H

#include <jansson.h>
#include <stdbool.h>

#include "harness/plan/plan.h"
#include "results/record.h"
#include "results/estimate.h"

struct live;

struct live_arm {
	struct interval overhead; /* percent; NaN where there is none yet */
};

/* `run` is run.json as it is so far. */
int live_create(json_t *run, struct live **live, struct error *err);
void live_destroy(struct live *live); /* NULL is legal */
int live_add(struct live *live, json_t *line, struct error *err);

/* Of the headline metric of a workload, for every arm of the plan; `arms` has room for them. */
int live_look(const struct live *live, int workload, struct live_arm *arms, struct error *err);

/* Is the headline metric of a workload known to `target` (half-width of log relative) in every
 * arm, and well enough in the null arm? False where that is not known. */
bool live_precise(const struct live *live, int workload, double target);

/* Blocks of a workload in which no arm is missing that was measured at all and whose turn it was.
 */
int live_whole_blocks(const struct live *live, int workload, const struct plan *plan,
		      struct error *err);

#endif
