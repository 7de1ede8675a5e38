/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long a plan takes, and how its trials and blocks fit in the given time. */
#pragma once

#include "harness/plan/plan.h"

/* Seconds for one comparison in one start: preparing, warming up, and so many blocks. */
double plan_comparison_seconds(const struct plan *plan, int comparison, int blocks);

/* Chooses the length of trials and the fewest blocks so that the plan ends within budget_seconds:
 * first it shortens trials, then it reduces blocks. If that is not enough, a time given by the user
 * is an error (-EINVAL, with the shortest possible), and a preset's is raised. The plan must have
 * its arms and workloads. */
int plan_fit(struct plan *plan, const struct preset_of_run *preset, bool given, struct error *err);
