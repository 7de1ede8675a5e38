/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Solves dense linear equations by LU factorization with partial pivoting, recursive on the columns
 * (S. Toledo, "Locality of reference in LU decomposition with partial pivoting", 1997), so that
 * nearly all of the work is matrix products, which are packed and register-blocked (K. Goto and R.
 * van de Geijn, "Anatomy of high-performance matrix multiplication", 2008). Matrices are stored by
 * columns. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "workloads/vector.h"

struct linear; /* work space, and which vector code */

/* NULL if there is no memory. */
struct linear *linear_create(enum vector vector);
void linear_destroy(struct linear *linear);

/* Overwrites `a` (n x n) with L and U and `b` with the solution of a x = b. pivots: n. -EDOM: the
 * matrix is singular. -ETIME: `deadline` (CLOCK_MONOTONIC ns; 0: none) passed before the end, and
 * `a` and `b` are undefined. */
int linear_solve(struct linear *linear, size_t n, double *a, size_t *pivots, double *b,
		 uint64_t deadline);
/* Floating-point operations of the last linear_solve(), even if unfinished. */
double linear_work(const struct linear *linear);

/* HPL's check: ||a x - b|| / (eps (||a|| ||x|| + ||b||) n), maximum norms; sound below 16. */
double linear_residual(size_t n, const double *a, const double *x, const double *b);
