/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/record.h"

/* Fills record->conditions from plan.conditions; a plan without compares every arm of a workload
 * with the baseline, which its null arm repeats. Needs workloads and arms. -EINVAL: malformed. */
int conditions_read(struct record *record, struct error *err);
