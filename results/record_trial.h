/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a parsed line to a trial of the record: looked up, checked, packed. */
#pragma once

#include "results/trial_line.h"
#include "results/record.h"

/* Appends the trial. One that may not enter the estimate is kept with its reason. -ENOENT where
 * the plan has no such workload or arm, -EBADMSG without start and block, -ENOMEM. */
int trial_add(struct record *record, struct line *line, uint32_t number, struct error *err);
