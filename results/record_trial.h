/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Converts a parsed line to a trial of the record: looks up, checks, packs. */
#pragma once

#include "results/trial_line.h"
#include "results/record.h"

/* Appends the trial. One that may not enter the estimate is kept with the reason. -ENOENT: the plan
 * has no such workload or arm; -EBADMSG: no start or block; -ENOMEM. */
int trial_add(struct record *record, struct line *line, uint32_t number, struct error *err);
