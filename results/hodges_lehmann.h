/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The Hodges-Lehmann estimate: the median of all pairwise means ("Walsh averages"), of each value
 * with itself and with every other (Hodges and Lehmann, Annals of Mathematical Statistics 34,
 * 1963). It is 4.5 % less efficient than the mean under normal noise, but much more efficient under
 * skewed or heavy-tailed noise, like that of a busy machine. Its interval is Wilcoxon's: the k-th
 * smallest and k-th largest Walsh average (Moses; Hollander, Wolfe and Chicken, "Nonparametric
 * Statistical Methods", 3.2 and 3.3), with k from the exact distribution of the signed-rank sum,
 * and above HODGES_LEHMANN_EXACT values from its normal approximation (ibid. 3.1).
 *
 * The averages are not listed: one is selected from the rows of a sorted matrix in time O(n log n),
 * and only the last few are listed (Johnson and Mizoguchi, SIAM Journal on Computing 7, 1978;
 * Monahan, ACM TOMS 10, 1984, algorithm 616).
 */
#pragma once

#define HODGES_LEHMANN_LEAST 6 /* with fewer values no 95 % interval exists: 2 / 2^5 > 0.05 */
#define HODGES_LEHMANN_EXACT 50

struct location {
	double value, low, high; /* `low` and `high`: at least 95 % */
};

/* Sorts `values`, none of which may be NaN; `count` is at least HODGES_LEHMANN_LEAST. -ENOMEM. */
int hodges_lehmann(double *values, int count, struct location *location);
/* The number, from 1, of the Walsh average at the lower end of the 95 % interval of `count` values.
 */
long hodges_lehmann_rank(int count);
