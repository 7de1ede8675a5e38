/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workloads/linear.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

#define BLOCK_DEPTH 256 /* of a packed piece: a strip of it stays in the first cache */
#define BLOCK_ROWS 192  /* of the packed left piece: stays in the second cache */
#define BLOCK_COLUMNS 2048
#define TILE_ROWS_MAX 24
#define TILE_COLUMNS_MAX 8
#define BASE_COLUMNS 4 /* where the recursion ends */

/* c -= a b, one tile in registers: a is `depth` columns of a tile's rows, b `depth` rows of a
 * tile's columns, both packed. */
typedef void tile_function(size_t depth, const double *a, const double *b, double *c,
			   size_t stride);
typedef void axpy_function(size_t count, double factor, const double *x, double *y);

#define UNROLL _Pragma("GCC unroll 8")

#define KERNELS(name, features, bytes, vectors, columns)                                           \
	typedef double name##_vector                                                               \
		__attribute__((vector_size(bytes), aligned(sizeof(double)), may_alias));           \
	features static void name##_tile(size_t depth, const double *a, const double *b,           \
					 double *c, size_t stride)                                 \
	{                                                                                          \
		name##_vector sum[columns][vectors] = {0};                                         \
		const size_t width = bytes / sizeof(double);                                       \
		for (size_t k = 0; k < depth; k++) {                                               \
			name##_vector left[vectors];                                               \
			UNROLL for (int i = 0; i < vectors; i++) left[i] =                         \
				*(const name##_vector *)(a + (size_t)i * width);                   \
			UNROLL for (int j = 0; j < columns; j++)                                   \
				UNROLL for (int i = 0; i < vectors; i++) sum[j][i] +=              \
				left[i] * b[j];                                                    \
			a += vectors * width;                                                      \
			b += columns;                                                              \
		}                                                                                  \
		UNROLL for (int j = 0; j < columns; j++) UNROLL for (int i = 0; i < vectors; i++)  \
		{                                                                                  \
			name##_vector *to =                                                        \
				(name##_vector *)(c + (size_t)j * stride + (size_t)i * width);     \
			*to -= sum[j][i];                                                          \
		}                                                                                  \
	}                                                                                          \
	features static void name##_axpy(size_t count, double factor, const double *x, double *y)  \
	{                                                                                          \
		const size_t width = bytes / sizeof(double);                                       \
		size_t i = 0;                                                                      \
		for (; i + width <= count; i += width)                                             \
			*(name##_vector *)(y + i) += factor * *(const name##_vector *)(x + i);     \
		for (; i < count; i++)                                                             \
			y[i] += factor * x[i];                                                     \
	}

KERNELS(baseline, , 16, 2, 4)
#ifdef __x86_64__
KERNELS(avx2, __attribute__((target("avx2,fma"))), 32, 3, 4)
KERNELS(avx512, __attribute__((target("avx512f,fma,prefer-vector-width=512"))), 64, 3, 8)
#endif

struct linear {
	tile_function *tile;
	axpy_function *axpy;
	size_t rows, columns; /* of a tile */
	double *left, *right; /* packed */
	uint64_t deadline;    /* 0: none */
	double work;          /* operations so far */
};

struct linear *linear_create(enum vector vector)
{
	struct linear *l = calloc(1, sizeof(*l));
	void *left, *right;

	if (!l)
		return NULL;
	*l = (struct linear){.tile = baseline_tile, .axpy = baseline_axpy, .rows = 4, .columns = 4};
#ifdef __x86_64__
	if (vector == VECTOR_AVX2)
		*l = (struct linear){
			.tile = avx2_tile, .axpy = avx2_axpy, .rows = 12, .columns = 4};
	else if (vector == VECTOR_AVX512)
		*l = (struct linear){
			.tile = avx512_tile, .axpy = avx512_axpy, .rows = 24, .columns = 8};
#else
	(void)vector;
#endif
	if (!posix_memalign(&left, 64, sizeof(double) * BLOCK_ROWS * BLOCK_DEPTH))
		l->left = left;
	if (!posix_memalign(&right, 64, sizeof(double) * BLOCK_COLUMNS * BLOCK_DEPTH))
		l->right = right;
	if (l->left && l->right)
		return l;
	linear_destroy(l);
	return NULL;
}

void linear_destroy(struct linear *l)
{
	if (!l)
		return;
	free(l->left);
	free(l->right);
	free(l);
}

/* Strips of a tile's rows, column after column; missing rows are zero. */
static void pack_left(const struct linear *l, size_t rows, size_t depth, const double *a,
		      size_t stride)
{
	double *to = l->left;

	for (size_t i = 0; i < rows; i += l->rows) {
		size_t n = rows - i < l->rows ? rows - i : l->rows;

		for (size_t k = 0; k < depth; k++, to += l->rows) {
			memcpy(to, a + k * stride + i, n * sizeof(double));
			for (size_t r = n; r < l->rows; r++)
				to[r] = 0;
		}
	}
}

/* Strips of a tile's columns, row after row. */
static void pack_right(const struct linear *l, size_t depth, size_t columns, const double *b,
		       size_t stride)
{
	double *to = l->right;

	for (size_t j = 0; j < columns; j += l->columns, to += depth * l->columns)
		for (size_t c = 0; c < l->columns; c++)
			for (size_t k = 0; k < depth; k++)
				to[k * l->columns + c] =
					j + c < columns ? b[(j + c) * stride + k] : 0;
}

/* A tile at the edge is computed as a full one. */
static void edge(const struct linear *l, size_t depth, const double *a, const double *b, double *c,
		 size_t stride, size_t rows, size_t columns)
{
	double whole[TILE_ROWS_MAX * TILE_COLUMNS_MAX] = {0};

	l->tile(depth, a, b, whole, l->rows);
	for (size_t j = 0; j < columns; j++)
		for (size_t i = 0; i < rows; i++)
			c[j * stride + i] += whole[j * l->rows + i];
}

static void multiply_packed(const struct linear *l, size_t rows, size_t columns, size_t depth,
			    double *c, size_t stride)
{
	for (size_t j = 0; j < columns; j += l->columns) {
		for (size_t i = 0; i < rows; i += l->rows) {
			const double *a = l->left + i * depth, *b = l->right + j * depth;
			double *to = c + j * stride + i;

			if (i + l->rows <= rows && j + l->columns <= columns)
				l->tile(depth, a, b, to, stride);
			else
				edge(l, depth, a, b, to, stride,
				     rows - i < l->rows ? rows - i : l->rows,
				     columns - j < l->columns ? columns - j : l->columns);
		}
	}
}

/* An emulated guest needs nearly a minute for what a CPU does in 15 ms. */
static bool in_time(const struct linear *l)
{
	return !l->deadline || clock_now() < l->deadline;
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* c -= a b: c is rows x columns, a rows x depth, b depth x columns, all with the same stride. Left
 * unfinished when the time is up. */
static void multiply(struct linear *l, size_t rows, size_t columns, size_t depth, const double *a,
		     const double *b, double *c, size_t stride)
{
	for (size_t j = 0; j < columns; j += BLOCK_COLUMNS) {
		size_t nj = smaller(columns - j, BLOCK_COLUMNS);

		for (size_t k = 0; k < depth; k += BLOCK_DEPTH) {
			size_t nk = smaller(depth - k, BLOCK_DEPTH);

			pack_right(l, nk, nj, b + j * stride + k, stride);
			for (size_t i = 0; i < rows && in_time(l); i += BLOCK_ROWS) {
				size_t ni = smaller(rows - i, BLOCK_ROWS);

				pack_left(l, ni, nk, a + k * stride + i, stride);
				multiply_packed(l, ni, nj, nk, c + j * stride + i, stride);
				l->work += 2.0 * (double)ni * (double)nj * (double)nk;
			}
		}
	}
}

/* b = inverse of the unit lower triangle t (n x n) times b (n x columns). */
static void solve_triangle(struct linear *l, size_t n, size_t columns, const double *t, double *b,
			   size_t stride)
{
	size_t half = n / 2;

	if (n > BASE_COLUMNS * 2) {
		solve_triangle(l, half, columns, t, b, stride);
		multiply(l, n - half, columns, half, t + half, b, b + half, stride);
		solve_triangle(l, n - half, columns, t + half * stride + half, b + half, stride);
		return;
	}
	for (size_t j = 0; j < columns; j++)
		for (size_t k = 0; k < n; k++)
			for (size_t i = k + 1; i < n; i++)
				b[j * stride + i] -= t[k * stride + i] * b[j * stride + k];
	l->work += (double)(n * (n - 1) * columns);
}

static void swap_rows(size_t count, const size_t *pivots, double *a, size_t columns, size_t stride)
{
	for (size_t j = 0; j < columns; j++) {
		double *column = a + j * stride;

		for (size_t i = 0; i < count; i++) {
			double value = column[i];

			column[i] = column[pivots[i]];
			column[pivots[i]] = value;
		}
	}
}

static size_t largest(size_t count, const double *x)
{
	size_t at = 0;
	double most = -1;

	for (size_t i = 0; i < count; i++) {
		if (fabs(x[i]) > most) {
			most = fabs(x[i]);
			at = i;
		}
	}
	return at;
}

/* A few columns, one after the other. Pivots count from the first row of `a`. */
static int factor_columns(struct linear *l, size_t rows, size_t columns, double *a, size_t stride,
			  size_t *pivots)
{
	if (!in_time(l))
		return -ETIME;
	for (size_t k = 0; k < columns; k++) {
		double *column = a + k * stride, inverse;

		pivots[k] = k + largest(rows - k, column + k);
		if (column[pivots[k]] == 0)
			return -EDOM;
		for (size_t j = 0; j < columns; j++) {
			double value = a[j * stride + k];

			a[j * stride + k] = a[j * stride + pivots[k]];
			a[j * stride + pivots[k]] = value;
		}
		inverse = 1 / column[k];
		for (size_t i = k + 1; i < rows; i++)
			column[i] *= inverse;
		for (size_t j = k + 1; j < columns; j++)
			l->axpy(rows - k - 1, -a[j * stride + k], column + k + 1,
				a + j * stride + k + 1);
		l->work += (double)((rows - k - 1) * (2 * (columns - k) - 1));
	}
	return 0;
}

static int factor(struct linear *l, size_t rows, size_t columns, double *a, size_t stride,
		  size_t *pivots)
{
	size_t half = columns / 2;
	double *right = a + half * stride;
	int rc;

	if (columns <= BASE_COLUMNS)
		return factor_columns(l, rows, columns, a, stride, pivots);
	rc = factor(l, rows, half, a, stride, pivots);
	if (rc)
		return rc;
	swap_rows(half, pivots, right, columns - half, stride);
	solve_triangle(l, half, columns - half, a, right, stride);
	multiply(l, rows - half, columns - half, half, a + half, right, right + half, stride);
	rc = factor(l, rows - half, columns - half, right + half, stride, pivots + half);
	if (rc)
		return rc;
	swap_rows(columns - half, pivots + half, a + half, half, stride);
	for (size_t i = half; i < columns; i++)
		pivots[i] += half;
	return 0;
}

int linear_solve(struct linear *l, size_t n, double *a, size_t *pivots, double *b,
		 uint64_t deadline)
{
	int rc;

	l->deadline = deadline;
	l->work = 0;
	rc = factor(l, n, n, a, n, pivots);
	if (rc)
		return rc;
	swap_rows(n, pivots, b, 1, n);
	for (size_t k = 0; k < n; k++)
		l->axpy(n - k - 1, -b[k], a + k * n + k + 1, b + k + 1);
	for (size_t k = n; k-- > 0;) {
		b[k] /= a[k * n + k];
		l->axpy(k, -b[k], a + k * n, b);
	}
	l->work += 2.0 * (double)n * (double)n;
	return 0;
}

double linear_work(const struct linear *l)
{
	return l->work;
}

double linear_residual(size_t n, const double *a, const double *x, const double *b)
{
	double worst = 0, norm_a = 0, norm_x = 0, norm_b = 0;

	for (size_t i = 0; i < n; i++) {
		double sum = -b[i], row = 0;

		for (size_t j = 0; j < n; j++) {
			sum += a[j * n + i] * x[j];
			row += fabs(a[j * n + i]);
		}
		worst = fmax(worst, isnan(sum) ? INFINITY : fabs(sum));
		norm_a = fmax(norm_a, row);
		norm_x = fmax(norm_x, fabs(x[i]));
		norm_b = fmax(norm_b, fabs(b[i]));
	}
	return worst / (DBL_EPSILON * (norm_a * norm_x + norm_b) * (double)n);
}
