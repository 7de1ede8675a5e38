/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Estimates: a mean of logs with its 95 % interval, and where its width comes from.
 *
 * A series holds the log of one quantity, one value a block (for a relative: the difference of
 * two logs of one block, so that what both trials of the block share drops out). The unit is
 *   the block, where all blocks come from one start;
 *   the start, where there are several: the mean of its blocks. Blocks of one start share its
 *   luck (placement of memory, of threads) and are no independent observations of it
 *   (Kalibera and Jones, "Rigorous Benchmarking in Reasonable Time", ISMM 2013).
 * With n units, mean m and standard deviation s, the interval is
 *   m +- t(0.975, n - 1) * s / sqrt(n)                  (Student 1908; any textbook)
 * and exp() of it is an interval for the ratio (geometric mean: Fleming and Wallace, CACM 1986).
 *
 * The variance of the estimate is split into three parts. Within starts, half the mean square of
 * successive differences sees only what changes from one trial to the next, not what drifts
 * slowly (von Neumann et al., Annals of Mathematical Statistics 12, 1941): the share of the
 * trial. The rest of the variance within starts is the share of the block. What the means of the
 * starts vary beyond what their blocks explain is the share of the start.
 */
#ifndef TARE_ESTIMATE_H
#define TARE_ESTIMATE_H

#include <stdbool.h>

#include "base/error.h"

#define ESTIMATE_MIN_BLOCKS 3 /* fewer are no estimate */

/* Sorted by start. */
struct series {
	double *values;
	int *starts;
	int count, room;
};

/* `hint` is the room to begin with. -ENOMEM. */
int series_append(struct series *series, double value, int start, int hint, struct error *err);
void series_finish(struct series *series);

/* A value with its 95 % interval; all NaN where there is none. */
struct interval {
	double value, low, high;
};

struct estimate {
	double mean, half; /* of the logs; NaN where there are too few */
	int units;         /* blocks or starts that were averaged */
	int blocks, starts;
	double share_trial, share_block, share_start; /* of the variance of `mean`; NaN: unknown */
};

struct estimate estimate_series(const struct series *series);
/* exp() of mean and mean +- half. */
struct interval estimate_interval(const struct estimate *estimate);
struct interval interval_none(void);
/* t(0.975, units - 1). */
double estimate_quantile(int units);
/* Welch's interval for the difference of two independent estimates' means (b - a), as logs. */
struct estimate estimate_difference(const struct estimate *a, const struct estimate *b);

#endif
