/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From an interval to a word. The margin m says what no reader would act upon; an interval that
 * lies within it wholly is evidence of no difference that matters (equivalence by the interval's
 * inclusion: Schuirmann, J. Pharmacokinetics and Biopharmaceutics 15, 1987), which an interval
 * that merely holds 1 is not. With the estimate D, its half width h (the luck of the start in it,
 * results/luck.h) and the null arm's estimate N, all logs, the first that applies:
 *   negligible   |D| + h < ln(1 + m) and |N| < ln(1 + m)
 *   overhead     D + h < 0
 *   speedup      D - h > 0
 *   unresolved   else
 * What the baseline itself differs by cannot be called negligible; an overhead beyond the interval
 * that has this luck in it is one all the same.
 */
#pragma once

#include "results/estimate.h"
#include "results/record.h"

enum verdict {
	VERDICT_UNAVAILABLE,
	VERDICT_UNRESOLVED,
	VERDICT_NEGLIGIBLE,
	VERDICT_OVERHEAD,
	VERDICT_SPEEDUP,
	VERDICT_NONE, /* the baseline itself; metrics that are no headline */
};

#define VERDICT_MARGIN 0.03      /* throughput, mean latency, percentiles below the tail */
#define VERDICT_MARGIN_TAIL 0.10 /* percentiles from VERDICT_TAIL on */
#define VERDICT_TAIL 0.9

extern const char *const verdict_names[]; /* ends with NULL */
double verdict_margin(const struct record_metric *metric);
/* Does the whole interval lie within (1/(1+margin), 1+margin)? */
bool verdict_within(const struct interval *relative, double margin);
bool verdict_differs(const struct interval *relative);
/* `null_value`: N; NaN where there is none. */
enum verdict verdict_of(const struct estimate *relative, double null_value, double margin);
/* An overhead, a speedup or negligible: one of which chance may get wrong. */
bool verdict_is_decided(enum verdict verdict);
