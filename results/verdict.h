/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Derives a verdict from an interval. The margin m is the largest irrelevant difference: an
 * interval that lies wholly within it is evidence of no relevant difference (equivalence by
 * inclusion of the interval: Schuirmann, J. Pharmacokinetics and Biopharmaceutics 15, 1987); an
 * interval that merely includes 1 is not. With the estimate D, its half-width h (including the luck
 * of the start, results/luck.h) and the null arm's estimate N, all logs, the verdict is the first
 * that applies:
 *   negligible   |D| + h < ln(1 + m) and |N| < ln(1 + m)
 *   overhead     D + h < 0
 *   speedup      D - h > 0
 *   unresolved   else
 * If the baseline differs from itself by more than the margin, nothing is called negligible; an
 * overhead is still one, because the interval includes that luck.
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
	VERDICT_NONE, /* the baseline itself; metrics other than the headline */
};

#define VERDICT_MARGIN 0.03      /* throughput, mean latency, percentiles below the tail */
#define VERDICT_MARGIN_TAIL 0.10 /* percentiles from VERDICT_TAIL on */
#define VERDICT_TAIL 0.9

extern const char *const verdict_names[]; /* ends with NULL */
double verdict_margin(const struct record_metric *metric);
/* Whether the whole interval lies within (1/(1+margin), 1+margin). */
bool verdict_within(const struct interval *relative, double margin);
bool verdict_differs(const struct interval *relative);
/* `null_value`: N; NaN: none. */
enum verdict verdict_of(const struct estimate *relative, double null_value, double margin);
/* Whether it is an overhead, a speedup or negligible, which may be wrong by chance. */
bool verdict_is_decided(enum verdict verdict);
