/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Percentiles of histograms merged over blocks, for all arms over the same blocks, never the mean
 * of the trials' percentiles (which is not a percentile of anything).
 *
 * The interval is a bootstrap of the units (blocks; starts, where there are several): the units are
 * drawn with replacement, the same for both arms, and the standard deviation d of the log ratio
 * over PERCENTILE_RESAMPLES draws is its standard error (Efron and Tibshirani, "An Introduction to
 * the Bootstrap", 1993, chapter 6). With n units the interval is
 *   +- t(0.975, n - 1) * d * sqrt(n / (n - 1))
 * which for a mean is Student's own (ibid. 5.3 and 12.2); plain bootstrap intervals are too narrow
 * for few units. It is never narrower than a histogram's bucket. A relative is against the
 * baseline's percentile and, if the null arm has samples in every unit, also against that of the
 * null arm: the mean of the two logs, in every draw. If there are more than PERCENTILE_UNITS
 * blocks, adjacent ones are merged first.
 */
#pragma once

#include <stdint.h>

#include "results/blocks.h"

#define PERCENTILE_RESAMPLES 1000
#define PERCENTILE_UNITS 64
#define PERCENTILE_BEYOND 10 /* minimum of samples beyond it in the arm and in its baseline */

/* One arm's percentile. Logs of nanoseconds and of relative performance; NaN: none. */
struct percentile {
	struct estimate value, relative;
	uint64_t samples, max; /* of the merged histogram; max in ns */
};

/* The histograms of one name for all arms, merged by unit, computed once for all its percentiles.
 */
struct percentile_tables;

/* NULL, with the reason, if there is no memory. */
struct percentile_tables *percentile_tables_create(const struct blocks *blocks,
						   const char *histogram, bool without_flagged,
						   struct error *err);
void percentile_tables_destroy(struct percentile_tables *tables);
bool percentile_tables_are(const struct percentile_tables *tables, const char *histogram);

/* `metric` is a percentile of this histogram above 0 (1: only samples and max are set). Fills one
 * entry for each arm. `seed` determines the draws. *few is set if an arm, or its baseline in the
 * same blocks, has fewer than PERCENTILE_BEYOND samples beyond the percentile, which must then not
 * be shown. -ENOMEM. */
int percentile_estimate(const struct percentile_tables *tables, const struct record_metric *metric,
			uint64_t seed, struct percentile *arms, bool *few, struct error *err);
