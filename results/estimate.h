/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Estimates: where a quantity lies, as a logarithm, its standard error, its 95 % interval, and
 * where the width comes from.
 *
 * A series holds the log of one quantity, one value a block; for a relative the difference of two
 * logs of one block, so that what both trials of the block share drops out. A relative has two
 * columns: against the baseline (d1) and against its null arm (d2). Both are averaged,
 *   D = (HL(d1) + HL(d2)) / 2        SE^2 = (SE1^2 + SE2^2 + 2 r SE1 SE2) / 4
 * with r their rank correlation (Spearman 1904): the variance of a mean of two correlated
 * estimates. Pooling the two baselines before the difference would be biased under skew.
 *
 * HL is the Hodges-Lehmann estimate, its SE the half width of Wilcoxon's 95 % interval divided by
 * t(0.975, n - 1) (results/hodges_lehmann.h). Where there are fewer than 6 values, or so many
 * equal ones that Wilcoxon's interval has no width though they differ: the mean, and s / sqrt(n)
 * (Student 1908).
 *
 * Blocks of one start share its luck (placement of memory, of threads) and are no independent
 * observations of it (Kalibera and Jones, "Reasonable Time", ISMM 2013). Where there are S > 1
 * starts with several blocks, the spread from start to start is in the variance as well,
 *   V = SE^2 + max(0, T) / S        with S - 1 degrees of freedom of its part,
 * T being the variance of the starts' means less what their blocks explain of it (analysis of
 * variance, one way). Where each block has a start of its own, its luck is in SE.
 * The interval is D +- t(0.975, freedom) sqrt(V), with Satterthwaite's freedom for a sum of
 * variances (Biometrics Bulletin 2, 1946). exp() of it is an interval for the ratio (Fleming and
 * Wallace, CACM 1986).
 *
 * The variance of the estimate is split into three parts. Within starts, half the mean square of
 * successive differences sees only what changes from one trial to the next, not what drifts
 * slowly (von Neumann et al., Annals of Mathematical Statistics 12, 1941): the share of the
 * trial. The rest of the variance within starts is the share of the block. What the means of the
 * starts vary beyond what their blocks explain is the share of the start.
 */
#pragma once

#include <stdbool.h>

#include "base/error.h"
#include "base/fields.h"

#define ESTIMATE_MIN_BLOCKS 3 /* fewer are no estimate */

/* Sorted by start. `again` is the second column, NaN where a block has no such value. */
struct series {
	double *values, *again;
	int *starts;
	int count, room;
};

/* `hint` is the room to begin with. -ENOMEM. */
int series_append(struct series *series, double value, double again, int start, int hint,
		  struct error *err);
void series_finish(struct series *series);

struct estimate {
	double value, half; /* logs; NaN where there are too few */
	double se, freedom; /* half = t(0.975, freedom) * se */
	double mean;        /* of the logs: rare stalls, to which HL is deaf, show in it */
	double spread;      /* T; NaN: one start, or a start for each block */
	int blocks, starts;
	bool both;                                    /* against the null arm as well */
	double share_trial, share_block, share_start; /* of the variance of `mean`; NaN: unknown */
};

/* As above. NaN where there are too few blocks, or no memory. */
struct estimate estimate_series(const struct series *series);
/* The first column's mean with Student's interval, the start being the unit where there are
 * several. */
struct estimate estimate_student(const struct series *series);
/* No value, of no blocks. */
struct estimate estimate_none(void);
/* Adds an independent variance, known with `freedom` degrees of freedom, to the estimate's. */
void estimate_add_variance(struct estimate *estimate, double variance, double freedom);
/* exp() of value and value +- half. */
struct interval estimate_interval(const struct estimate *estimate);
struct interval interval_none(void);
/* t(0.975, freedom); NaN without any freedom. */
double estimate_quantile(double freedom);
/* Welch's interval for the difference of two independent estimates (b - a), as logs. */
struct estimate estimate_difference(const struct estimate *a, const struct estimate *b);
