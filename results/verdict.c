/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/verdict.h"

#include <math.h>

const char *verdict_name(enum verdict verdict)
{
	static const char *const names[] = {
		[VERDICT_UNAVAILABLE] = "unavailable", [VERDICT_UNRESOLVED] = "unresolved",
		[VERDICT_NEGLIGIBLE] = "negligible",   [VERDICT_OVERHEAD] = "overhead",
		[VERDICT_SPEEDUP] = "speedup",         [VERDICT_NONE] = "",
	};

	return names[verdict];
}

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

enum verdict verdict_of(const struct interval *relative, const struct interval *null_arm,
			double margin)
{
	if (isnan(relative->low) || isnan(relative->high))
		return VERDICT_UNAVAILABLE;
	if (!null_arm || !verdict_within(null_arm, margin))
		return VERDICT_UNRESOLVED;
	if (verdict_within(relative, margin))
		return VERDICT_NEGLIGIBLE;
	if (relative->high < 1)
		return VERDICT_OVERHEAD;
	return relative->low > 1 ? VERDICT_SPEEDUP : VERDICT_UNRESOLVED;
}
