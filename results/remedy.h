/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What would decide an unresolved verdict. With the estimate D, its standard error SE from n
 * blocks, the luck's variance c L^2 with its degrees of freedom and the margin's log M, a verdict
 * needs the half-width
 *   h* = |D|, or M - |D| if that is larger: an overhead, or negligible.
 * More blocks reduce only SE^2: the smallest n' with t(v') sqrt(SE^2 n / n' + c L^2) < h*, if the
 * luck alone is below h*. Otherwise more starts, each with the variance SE^2 n / b + c L^2 for b
 * blocks per start: the smallest s with t(s - 1) sqrt(that / s) < h*. This is an expectation, as D
 * and SE are estimates.
 */
#pragma once

#include "results/estimate.h"
#include "results/reason.h"

struct undecided {
	struct estimate within;  /* without the luck */
	double luck_variance;    /* c L^2; 0 if it is in the spread of several starts */
	double luck_freedom;     /* luck_freedom() */
	double null_value;       /* N; NaN: none */
	double margin;           /* M as a ratio: 0.03 */
	double seconds_by_block; /* of all environments; NaN: unknown */
};

struct remedy remedy_of(const struct undecided *undecided);
/* The difference that is found in 90 % of runs with this standard error: (t(0.975) + t(0.9)) SE,
 * the usual approximation of the power of a t test (Cohen 1988, any textbook). */
double remedy_found(double se, double freedom);
