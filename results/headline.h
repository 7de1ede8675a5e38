/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The headline metric of a workload, for every arm: as value and against the baseline. */
#ifndef TARE_HEADLINE_H
#define TARE_HEADLINE_H

#include "results/blocks.h"

/* Logs; values in the metric's unit. Means are NaN where there is no estimate. */
struct headline {
	struct estimate value, relative;
};

/* `arms` has room for all arms of the record. -ENOMEM. */
int headline_estimate(const struct blocks *blocks, struct headline *arms, struct error *err);

#endif
