/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_PLAN_CONDITIONS_H
#define TARE_PLAN_CONDITIONS_H

#include "harness/plan/plan.h"

/* One comparison for each workload of the plan, and in it one condition for each instance,
 * compared with the baseline's. Once, when all workloads and instances are known. */
int plan_add_conditions(struct plan *plan, struct error *err);

/* What an emulated CPU does in its time is little, and its trials say little of the rest: its
 * conditions take part in every second block, unless there is nothing else to measure. */
void plan_set_turns(struct plan *plan);

#endif
