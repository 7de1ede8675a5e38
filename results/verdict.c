/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/verdict.h"

#include <math.h>

const char *const verdict_names[] = {[VERDICT_UNAVAILABLE] = "unavailable",
				     [VERDICT_UNRESOLVED] = "unresolved",
				     [VERDICT_NEGLIGIBLE] = "negligible",
				     [VERDICT_OVERHEAD] = "overhead",
				     [VERDICT_SPEEDUP] = "speedup",
				     [VERDICT_NONE] = "",
				     NULL};

double verdict_margin(const struct record_metric *metric)
{
	bool tail = metric->histogram && metric->percentile >= VERDICT_TAIL;

	return tail ? VERDICT_MARGIN_TAIL : VERDICT_MARGIN;
}

bool verdict_within(const struct interval *relative, double margin)
{
	return relative->low > 1 / (1 + margin) && relative->high < 1 + margin;
}

bool verdict_differs(const struct interval *relative)
{
	return relative->low > 1 || relative->high < 1;
}

bool verdict_is_decided(enum verdict verdict)
{
	return verdict == VERDICT_NEGLIGIBLE || verdict == VERDICT_OVERHEAD ||
	       verdict == VERDICT_SPEEDUP;
}

enum verdict verdict_of(const struct estimate *relative, double null_value, double margin)
{
	double m = log1p(margin);

	if (isnan(relative->value) || isnan(relative->half))
		return VERDICT_UNAVAILABLE;
	if (fabs(relative->value) + relative->half < m && !(fabs(null_value) >= m))
		return VERDICT_NEGLIGIBLE;
	if (relative->value + relative->half < 0)
		return VERDICT_OVERHEAD;
	return relative->value - relative->half > 0 ? VERDICT_SPEEDUP : VERDICT_UNRESOLVED;
}
