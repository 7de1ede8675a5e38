/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/hodges_lehmann.h"

#include <errno.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/cleanup.h"

/*
 * The sums values[i] + values[j], i <= j: a row for each i, ascending in j. Of each row the sums
 * from j = from[i] up to and without to[i] are still candidates.
 */
struct matrix {
	const double *values;
	int count;
	int *from, *to;
	uint64_t random;
};

static long candidates(const struct matrix *m)
{
	long sum = 0;

	for (int i = 0; i < m->count; i++)
		sum += m->to[i] - m->from[i];
	return sum;
}

/* One of the candidates, each as likely. Which one decides how long it takes, not what comes out.
 */
static double pick(struct matrix *m, long count)
{
	long at;
	int row = 0;

	m->random = m->random * 6364136223846793005u + 1442695040888963407u;
	at = (long)((m->random >> 33) % (uint64_t)count);
	for (; at >= m->to[row] - m->from[row]; row++)
		at -= m->to[row] - m->from[row];
	return m->values[row] + m->values[m->from[row] + at];
}

/* For each row the first sum that is not below `pivot` (`or_equal`: that is above it); returns how
 * many sums come before them. The place only falls from row to row, as the values rise. */
static long split(const struct matrix *m, double pivot, int or_equal, int *place)
{
	int j = m->count;
	long before = 0;

	for (int i = 0; i < m->count; i++) {
		while (j > i && (or_equal ? m->values[i] + m->values[j - 1] > pivot
					  : m->values[i] + m->values[j - 1] >= pivot))
			j--;
		place[i] = j > i ? j : i;
		before += place[i] - i;
	}
	return before;
}

static int later(int a, int b)
{
	return a > b ? a : b;
}

static int earlier(int a, int b)
{
	return a < b ? a : b;
}

/* The k-th smallest sum, from 1. `below` and `upto` are room for a place in each row. */
static double select_sum(struct matrix *m, long k, int *below, int *upto)
{
	for (int i = 0; i < m->count; i++) {
		m->from[i] = i;
		m->to[i] = m->count;
	}
	for (;;) {
		double pivot = pick(m, candidates(m));

		if (split(m, pivot, 0, below) >= k) {
			for (int i = 0; i < m->count; i++)
				m->to[i] = later(m->from[i], earlier(m->to[i], below[i]));
		} else if (split(m, pivot, 1, upto) < k) {
			for (int i = 0; i < m->count; i++)
				m->from[i] = earlier(m->to[i], later(m->from[i], upto[i]));
		} else {
			return pivot;
		}
	}
}

/* P(sum of signed ranks <= t), by counting subsets of 1..count: rank r is in or not. */
static long rank_exact(int count)
{
	double ways[HODGES_LEHMANN_EXACT * (HODGES_LEHMANN_EXACT + 1) / 2 + 1] = {1};
	double all = ldexp(1, count), below = 0;
	long t = 0;

	for (int r = 1, most = 0; r <= count; r++) {
		most += r;
		for (int sum = most; sum >= r; sum--)
			ways[sum] += ways[sum - r];
	}
	while ((below += ways[t]) / all <= 0.025)
		t++;
	return t;
}

long hodges_lehmann_rank(int count)
{
	double n = count, sd = sqrt(n * (n + 1) * (2 * n + 1) / 24);
	long rank;

	if (count <= HODGES_LEHMANN_EXACT)
		return rank_exact(count);
	rank = (long)floor(n * (n + 1) / 4 - gsl_cdf_ugaussian_Pinv(0.975) * sd);
	return rank > 1 ? rank : 1;
}

int hodges_lehmann(double *values, int count, struct location *location)
{
	cleanup_free int *places = calloc(4 * (size_t)count, sizeof(*places));
	struct matrix m = {.values = values, .count = count, .random = 1};
	long all = (long)count * (count + 1) / 2, rank = hodges_lehmann_rank(count);
	int *below, *upto;
	double middle;

	if (!places)
		return -ENOMEM;
	m.from = places;
	m.to = places + count;
	below = places + 2 * (size_t)count;
	upto = places + 3 * (size_t)count;
	gsl_sort(values, 1, (size_t)count);
	middle = select_sum(&m, (all + 1) / 2, below, upto);
	if (all % 2 == 0)
		middle = (middle + select_sum(&m, all / 2 + 1, below, upto)) / 2;
	location->value = middle / 2;
	location->low = select_sum(&m, rank, below, upto) / 2;
	location->high = select_sum(&m, all + 1 - rank, below, upto) / 2;
	return 0;
}
