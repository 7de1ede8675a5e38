/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/remedy.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#define BLOCKS_MOST 100000
#define STARTS_LEAST 5
#define STARTS_MOST 200

static double half_width(double own, double own_freedom, double luck, double luck_freedom)
{
	double sum = own + luck;
	double freedom =
		sum * sum / (own * own / own_freedom + (luck > 0 ? luck * luck / luck_freedom : 0));

	return estimate_quantile(freedom) * sqrt(sum);
}

/* The smallest sufficient number of blocks; 0: none is sufficient. */
static double blocks_needed(const struct undecided *u, double wanted)
{
	double own = u->within.se * u->within.se * u->within.blocks;

	for (long n = (long)u->within.blocks + 1; n <= BLOCKS_MOST; n += (n + 49) / 50)
		if (half_width(own / n, n - 1, u->luck_variance, u->luck_freedom) < wanted)
			return n;
	return 0;
}

static int starts_needed(double spread, double wanted)
{
	for (int starts = STARTS_LEAST; starts <= STARTS_MOST; starts++)
		if (estimate_quantile(starts - 1) * sqrt(spread / starts) < wanted)
			return starts;
	return 0;
}

struct remedy remedy_of(const struct undecided *u)
{
	double margin = log1p(u->margin), distance = fabs(u->within.value);
	double wanted = distance > margin - distance ? distance : margin - distance;
	double spread = u->within.se * u->within.se * (u->within.starts > 1 ? u->within.starts : 1);
	double blocks = 0;
	struct remedy remedy = {0};

	if (!(u->within.se > 0))
		return remedy;
	if (u->within.starts == 1 && !(fabs(u->null_value) >= margin))
		blocks = blocks_needed(u, wanted);
	if (blocks > 0 && u->seconds_by_block > 0) {
		remedy.kind = REMEDY_MINUTES;
		remedy.seconds = (blocks - u->within.blocks) * u->seconds_by_block;
		return remedy;
	}
	remedy.starts = starts_needed(spread + u->luck_variance, wanted);
	if (u->within.starts > 1 && remedy.starts <= u->within.starts)
		remedy.starts = u->within.starts + 1;
	remedy.kind = remedy.starts ? REMEDY_STARTS : REMEDY_NONE;
	return remedy;
}

double remedy_found(double se, double freedom)
{
	return (estimate_quantile(freedom) + gsl_cdf_tdist_Pinv(0.9, freedom)) * se;
}
