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

/* Of one condition. */
struct live_look {
	struct interval overhead; /* percent; NaN where there is none yet */
};

/* `run` is run.json as it is so far. */
int live_create(json_t *run, struct live **live, struct error *err);
void live_destroy(struct live *live); /* NULL is legal */
int live_add(struct live *live, json_t *line, struct error *err);

/* Of the headline metric, for each condition of a comparison; `looks` has room for them. */
int live_look(const struct live *live, const struct plan *plan, int comparison,
	      struct live_look *looks, struct error *err);

/* Is the headline metric of a comparison known to its workload's target (half-width of log
 * relative) in every condition, and well enough in the null one? False where that is not known. */
bool live_precise(const struct live *live, const struct plan *plan, int comparison);

/* Blocks of a comparison in which no condition is missing that was measured at all and whose turn
 * it was. */
int live_whole_blocks(const struct live *live, const struct plan *plan, int comparison,
		      struct error *err);

#endif
