/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/record.h"

/* Fills record->conditions from plan.conditions; a plan without them compares every arm of a
 * workload with the baseline, which the null arm repeats. Needs workloads and arms. -EINVAL:
 * malformed. */
int conditions_read(struct record *record, struct error *err);
