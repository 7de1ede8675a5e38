/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The headline metric of a workload for every arm: its value and against the baseline. */
#pragma once

#include "results/blocks.h"

/* Logs; values in the metric's unit; NaN where there is no estimate. Without the luck of the start
 * (results/luck.h). */
struct headline {
	struct estimate value, relative;
};

/* Of one arm, against the baseline. -ENOMEM. */
int headline_relative(const struct blocks *blocks, int arm, struct estimate *relative,
		      struct error *err);
/* `arms` has room for all arms of the record. -ENOMEM. */
int headline_estimate(const struct blocks *blocks, struct headline *arms, struct error *err);
