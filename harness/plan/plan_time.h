/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long a plan takes, and how its trials and blocks fit into the time that it was given. */
#ifndef TARE_PLAN_TIME_H
#define TARE_PLAN_TIME_H

#include "harness/plan/plan.h"

/* Seconds for one comparison in one start: preparing, warming up, and so many blocks. */
double plan_comparison_seconds(const struct plan *plan, int comparison, int blocks);

/* Chooses the length of trials and the fewest blocks, so that the plan ends in budget_seconds:
 * first trials become shorter, then blocks fewer. Where neither is enough, a time that the user
 * gave is refused (-EINVAL, with the least one), and a preset's is raised. Arms and workloads are
 * in the plan. */
int plan_fit(struct plan *plan, const struct preset_of_run *preset, bool given, struct error *err);

#endif
