/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/hodges_lehmann.h"

#include <errno.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/cleanup.h"

/* The sums values[i] + values[j], i <= j: one row for each i, ascending in j. The sums of each row
 * from j = from[i] to to[i] - 1 are still candidates. */
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

/* A random candidate. The choice affects the time, not the result. */
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
 * many sums are before these. The place only moves down from row to row, as the values ascend. */
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

/* Working memory, besides the matrix. */
struct room {
	int *below, *upto; /* a place in each row */
	double *sums;      /* GATHERED sums per row */
};

#define GATHERED 8 /* so few candidates per row are listed */

/* Keeps the candidates on the side of `pivot` that has the k-th sum; true: the pivot is it. */
static bool narrow(struct matrix *m, long k, double pivot, const struct room *room)
{
	if (split(m, pivot, 0, room->below) >= k) {
		for (int i = 0; i < m->count; i++)
			m->to[i] = later(m->from[i], earlier(m->to[i], room->below[i]));
		return false;
	}
	if (split(m, pivot, 1, room->upto) >= k)
		return true;
	for (int i = 0; i < m->count; i++)
		m->from[i] = earlier(m->to[i], later(m->from[i], room->upto[i]));
	return false;
}

/* The k-th of all sums, once few candidates are left: these are listed. */
static double select_listed(const struct matrix *m, long k, double *sums)
{
	long before = 0;
	size_t count = 0;

	for (int i = 0; i < m->count; i++) {
		before += m->from[i] - i;
		for (int j = m->from[i]; j < m->to[i]; j++)
			sums[count++] = m->values[i] + m->values[j];
	}
	return gsl_stats_select(sums, 1, count, (size_t)(k - before - 1));
}

/* sampled values, which show roughly where a sum lies */
enum { SAMPLED = 64, SAMPLED_SUMS = SAMPLED * (SAMPLED + 1) / 2 };

/* Two sums of the sample, a little below and above where the k-th of all should be. */
static void guess(const struct matrix *m, long k, double *low, double *high)
{
	double all = 0.5 * m->count * (m->count + 1.0), sums[SAMPLED_SUMS];
	int count = 0, at = (int)((double)k / all * SAMPLED_SUMS), slack = SAMPLED_SUMS / 50;

	for (int i = 0; i < SAMPLED; i++)
		for (int j = i; j < SAMPLED; j++)
			sums[count++] = m->values[(2L * i + 1) * m->count / (2 * SAMPLED)] +
					m->values[(2L * j + 1) * m->count / (2 * SAMPLED)];
	gsl_sort(sums, 1, SAMPLED_SUMS);
	*low = sums[later(at - slack, 0)];
	*high = sums[earlier(at + slack, SAMPLED_SUMS - 1)];
}

/* The k-th smallest sum, from 1. */
static double select_sum(struct matrix *m, long k, const struct room *room)
{
	double pivots[2];
	long count;

	for (int i = 0; i < m->count; i++) {
		m->from[i] = i;
		m->to[i] = m->count;
	}
	if (m->count > 4 * SAMPLED) {
		guess(m, k, &pivots[0], &pivots[1]);
		for (int i = 0; i < 2; i++)
			if (narrow(m, k, pivots[i], room))
				return pivots[i];
	}
	while ((count = candidates(m)) > 0 && count > (long)GATHERED * m->count) {
		double pivot = pick(m, count);

		if (narrow(m, k, pivot, room))
			return pivot;
	}
	return select_listed(m, k, room->sums);
}

/* The least t with P(sum of signed ranks <= t) > 0.025, by counting the subsets of 1..count. */
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
	cleanup_free double *sums = calloc(GATHERED * (size_t)count, sizeof(*sums));
	struct matrix m = {.values = values, .count = count, .random = 1};
	long all = (long)count * (count + 1) / 2, rank = hodges_lehmann_rank(count);
	struct room room = {.sums = sums};
	double middle;

	if (!places || !sums)
		return -ENOMEM;
	m.from = places;
	m.to = places + count;
	room.below = places + 2 * (size_t)count;
	room.upto = places + 3 * (size_t)count;
	gsl_sort(values, 1, (size_t)count);
	middle = select_sum(&m, (all + 1) / 2, &room);
	if (all % 2 == 0)
		middle = (middle + select_sum(&m, all / 2 + 1, &room)) / 2;
	location->value = middle / 2;
	location->low = select_sum(&m, rank, &room) / 2;
	location->high = select_sum(&m, all + 1 - rank, &room) / 2;
	return 0;
}
