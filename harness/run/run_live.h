/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The estimates during a run, for the stop rule and the progress line. results/ computes them. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "harness/plan/plan.h"
#include "results/record.h"
#include "results/estimate.h"

struct live;

/* The estimate of one condition. */
struct live_look {
	struct interval overhead; /* percent; NaN if there is none yet */
};

/* `run` is run.json as it is so far. */
int live_create(json_t *run, struct live **live, struct error *err);
void live_destroy(struct live *live); /* NULL is legal */
int live_add(struct live *live, json_t *line, struct error *err);

/* Estimates of the headline metric for each condition of a comparison; `looks` has room for them.
 */
int live_look(const struct live *live, const struct plan *plan, int comparison,
	      struct live_look *looks, struct error *err);

/* Whether the headline metric is known to its workload's target (half-width of log relative) in
 * every condition of a comparison, and well enough in the null one. False if unknown. */
bool live_precise(const struct live *live, const struct plan *plan, int comparison);

/* Blocks of a comparison without a missing condition, among those ever measured and whose turn it
 * was. */
int live_whole_blocks(const struct live *live, const struct plan *plan, int comparison,
		      struct error *err);
