/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit.h"

#include <math.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "results/hodges_lehmann.h"

static struct location locate(const double *values, int count)
{
	double *copy = malloc((size_t)count * sizeof(*copy));
	struct location l;

	memcpy(copy, values, (size_t)count * sizeof(*copy));
	ck_assert_int_eq(hodges_lehmann(copy, count, &l), 0);
	free(copy);
	return l;
}

/* Hollander, Wolfe and Chicken, "Nonparametric Statistical Methods", tables 3.1 and 3.4: the
 * change of a depression factor in nine patients: -0.46, interval -0.786 to -0.010. */
START_TEST(the_depression_factors_of_the_textbook_come_out)
{
	static const double before[] = {1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30};
	static const double after[] = {0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29};
	struct location l;
	double change[9];

	for (int i = 0; i < 9; i++)
		change[i] = after[i] - before[i];
	l = locate(change, 9);
	ck_assert_double_eq_tol(l.value, -0.46, 1e-12);
	ck_assert_double_eq_tol(l.low, -0.786, 1e-12);
	ck_assert_double_eq_tol(l.high, -0.010, 1e-12);
}
END_TEST

/* One more than the tabulated critical values of Wilcoxon's signed-rank sum at 2.5 % a side. */
START_TEST(the_rank_is_that_of_wilcoxons_table)
{
	static const int table[][2] = {{6, 1},   {7, 3},   {8, 4},    {10, 9},
				       {12, 14}, {20, 53}, {30, 138}, {50, 435}};

	for (unsigned i = 0; i < sizeof(table) / sizeof(*table); i++)
		ck_assert_int_eq(hodges_lehmann_rank(table[i][0]), table[i][1]);
	/* the approximation goes on where the table ends */
	ck_assert_int_ge(hodges_lehmann_rank(51), 435);
	ck_assert_int_le(hodges_lehmann_rank(51), 465);
}
END_TEST

static double next_random(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (double)(*state >> 33) / 2147483648.0;
}

/* 400 exponential values; the digits by sorting all 80,200 pairs in NumPy. */
START_TEST(the_selection_gives_what_sorting_all_pairs_gives)
{
	uint64_t state = 7;
	double values[400];
	struct location l;

	for (int i = 0; i < 400; i++)
		values[i] = -log(next_random(&state) + 1e-9);
	l = locate(values, 400);
	ck_assert_double_eq_tol(l.value, 0.8859960710442665, 1e-14);
	ck_assert_double_eq_tol(l.low, 0.7995849779208473, 1e-14);
	ck_assert_double_eq_tol(l.high, 0.9760616162463379, 1e-14);
}
END_TEST

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

START_TEST(ties_of_every_kind_give_what_sorting_gives)
{
	uint64_t state = 3;

	for (int round = 0; round < 2000; round++) {
		int count = 6 + round % 40, pairs = 0;
		long rank = hodges_lehmann_rank(count);
		static double values[64], sums[64 * 65 / 2];
		struct location l;

		for (int i = 0; i < count; i++) /* one to seven different values */
			values[i] = floor(next_random(&state) * (1 + round % 7)) / 8;
		for (int i = 0; i < count; i++)
			for (int j = i; j < count; j++)
				sums[pairs++] = (values[i] + values[j]) / 2;
		qsort(sums, (size_t)pairs, sizeof(*sums), ascending);
		l = locate(values, count);
		ck_assert_double_eq(l.value, (sums[(pairs - 1) / 2] + sums[pairs / 2]) / 2);
		ck_assert_double_eq(l.low, sums[rank - 1]);
		ck_assert_double_eq(l.high, sums[pairs - rank]);
	}
}
END_TEST

/* Half a million pairs of 1,000 values would take a second a hundred times. */
START_TEST(a_thousand_values_take_no_time_that_is_felt)
{
	static double values[1000];
	uint64_t state = 11;
	clock_t from = clock();
	struct location l;

	for (int round = 0; round < 100; round++) {
		for (int i = 0; i < 1000; i++)
			values[i] = next_random(&state);
		l = locate(values, 1000);
		ck_assert(l.low < l.value && l.value < l.high);
	}
	ck_assert_double_le((double)(clock() - from) / CLOCKS_PER_SEC, 1);
}
END_TEST

UNIT("hodges_lehmann", the_depression_factors_of_the_textbook_come_out,
     the_rank_is_that_of_wilcoxons_table, the_selection_gives_what_sorting_all_pairs_gives,
     ties_of_every_kind_give_what_sorting_gives, a_thousand_values_take_no_time_that_is_felt)
