/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "harness/plan/plan.h"

/* Creates one comparison for each workload of the plan that is compared, with one condition for
 * each instance but neighbours, and one more in each scene. Called once, when all workloads and
 * instances are known. */
int plan_add_conditions(struct plan *plan, struct error *err);

/* An emulated CPU does little in its time: its conditions take part in every second block, unless
 * there is nothing else to measure. */
void plan_set_turns(struct plan *plan);
