/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dgesv ORDER SECONDS: a system of linear equations by LAPACK, one thread, GFLOP/s as HPL counts
 * them. Only the solving is timed, not the copying of the problem. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void dgesv_(const int *n, const int *right_sides, double *a, const int *rows_a, int *pivots,
	    double *b, const int *rows_b, int *info);
void openblas_set_num_threads(int threads);

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	int n = argc > 2 ? atoi(argv[1]) : 0, one = 1, info = 0, solved = 0;
	double seconds = argc > 2 ? strtod(argv[2], NULL) : 0, solving = 0, residual = 0, until;
	size_t elements = (size_t)n * (size_t)n;
	double *a = malloc(elements * sizeof(*a)), *lu = malloc(elements * sizeof(*lu));
	double *b = malloc((size_t)n * sizeof(*b)), *x = malloc((size_t)n * sizeof(*x));
	int *pivots = malloc((size_t)n * sizeof(*pivots));

	if (n < 1 || !a || !lu || !b || !x || !pivots)
		return 2;
	openblas_set_num_threads(1);
	srand48(4);
	for (size_t i = 0; i < elements; i++)
		a[i] = drand48() - 0.5;
	for (int i = 0; i < n; i++)
		b[i] = drand48() - 0.5;
	for (until = now() + seconds; now() < until && !info; solved++) {
		double start;

		memcpy(lu, a, elements * sizeof(*a));
		memcpy(x, b, (size_t)n * sizeof(*b));
		start = now();
		dgesv_(&n, &one, lu, &n, pivots, x, &n, &info);
		solving += now() - start;
	}
	for (int i = 0; i < n; i++) {
		double sum = -b[i];

		for (int j = 0; j < n; j++)
			sum += a[(size_t)j * (size_t)n + (size_t)i] * x[j];
		residual = fmax(residual, fabs(sum));
	}
	if (info || residual > 1e-6)
		return 1;
	printf("value %.4f\n", solved * (2.0 / 3 * pow(n, 3) + 1.5 * pow(n, 2)) / 1e9 / solving);
	free(a), free(lu), free(b), free(x), free(pivots);
	return 0;
}
