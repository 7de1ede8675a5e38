/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "workloads/linear.h"
#include "workloads/random.h"

#define MATRIX_SEED 4
#define RESIDUAL_MAX 16 /* HPL's threshold */
#define CORNER 100

struct state {
	struct linear *linear;
	enum vector vector;
	size_t n, *pivots;
	double *a, *b;  /* the problem */
	double *lu, *x; /* overwritten by each solve */
	double *first;  /* the first solution of the trial: all others must be the same */
	bool solved;    /* there is one */
};

static int prepare(struct trial *trial, struct error *err)
{
	struct random_state random = random_seeded(MATRIX_SEED);
	struct state *s = trial->state;
	size_t n = (size_t)trial_integer(trial, "order");
	int rc;

	rc = vector_resolve(trial, &s->vector, err);
	if (rc)
		return rc;
	s->n = n;
	s->linear = linear_create(s->vector);
	s->pivots = calloc(n, sizeof(*s->pivots));
	s->a = malloc(n * n * sizeof(double));
	s->lu = malloc(n * n * sizeof(double));
	s->b = malloc(n * sizeof(double));
	s->x = malloc(n * sizeof(double));
	s->first = malloc(n * sizeof(double));
	if (!s->linear || !s->pivots || !s->a || !s->lu || !s->b || !s->x || !s->first)
		return error_set(err, -ENOMEM, "no memory for a matrix of order %zu", n);
	for (size_t i = 0; i < n * n; i++)
		s->a[i] = random_share(&random) - 0.5;
	for (size_t i = 0; i < n; i++)
		s->b[i] = random_share(&random) - 0.5;
	memset(s->lu, 0, n * n * sizeof(double));
	return 0;
}

/* As HPL counts: 2/3 n^3 + 3/2 n^2. */
static double operations_of(size_t order)
{
	double n = (double)order;

	return n * n * n * 2 / 3 + n * n * 3 / 2;
}

/* Keeps the first solution and compares all others with it. */
static int take_solution(struct state *s, struct error *err)
{
	if (s->solved && memcmp(s->first, s->x, s->n * sizeof(double)))
		return error_set(err, -EIO, "two solutions of the same problem differ");
	memcpy(s->first, s->x, s->n * sizeof(double));
	s->solved = true;
	return 0;
}

/* Only solving is timed, not copying the problem. If not even one solution is completed in time,
 * the part that was done is counted. */
static int run(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;
	uint64_t solving = 0;
	double work = 0;

	s->solved = false;
	while (trial_continue(trial)) {
		uint64_t start;
		int rc;

		memcpy(s->lu, s->a, s->n * s->n * sizeof(double));
		memcpy(s->x, s->b, s->n * sizeof(double));
		start = clock_now();
		rc = linear_solve(s->linear, s->n, s->lu, s->pivots, s->x,
				  s->solved ? 0 : trial->deadline);
		solving += clock_now() - start;
		if (rc == -EDOM)
			return error_set(err, rc, "the matrix is singular");
		work += rc ? linear_work(s->linear) : operations_of(s->n);
		rc = rc ?: take_solution(s, err);
		if (rc && rc != -ETIME)
			return rc;
	}
	trial->operations = work / 1e9;
	if (solving)
		trial_value(trial, "rate",
			    trial->operations / seconds_of(solving) / (1 + trial->slow));
	if (!s->solved)
		trial_note(trial, "verified",
			   "the system was not solved in time: choose a smaller order");
	trial_note(trial, "vector", vector_name(s->vector));
	return 0;
}

/* Solves the upper left corner of the problem. */
static double residual_of_corner(struct state *s)
{
	size_t n = s->n < 2 * CORNER ? s->n / 2 : CORNER; /* the buffer holds two */

	for (size_t j = 0; j < n; j++) {
		memcpy(s->lu + j * n, s->a + j * s->n, n * sizeof(double));
		memcpy(s->lu + (n + j) * n, s->a + j * s->n, n * sizeof(double));
	}
	memcpy(s->x, s->b, n * sizeof(double));
	if (linear_solve(s->linear, n, s->lu, s->pivots, s->x, 0))
		return INFINITY;
	return linear_residual(n, s->lu + n * n, s->x, s->b);
}

static int verify(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;
	double residual =
		s->solved ? linear_residual(s->n, s->a, s->x, s->b) : residual_of_corner(s);

	if (residual < RESIDUAL_MAX)
		return 0;
	return error_set(err, -EIO, "the residual is %g, but must be below %d", residual,
			 RESIDUAL_MAX);
}

static void cleanup(struct trial *trial)
{
	struct state *s = trial->state;

	linear_destroy(s->linear);
	free(s->pivots);
	free(s->a);
	free(s->b);
	free(s->lu);
	free(s->x);
	free(s->first);
}

const struct workload cpu_linpack = {
	.name = "cpu.linpack",
	.version = 1,
	.panel = PANEL_CPU,
	.summary = "solve a dense system of linear equations, one thread",
	.operation = "1e9 floating-point operations",
	.stands_for = "Linpack, N = 45000 (felter2015, Table I)",
	.metrics =
		(const struct metric[]){
			RATE("rate", "GFLOP/s"),
			RATE(PER_CPU_SECOND, "GFLOP/CPU s"),
			{0},
		},
	.parameters =
		(const struct parameter[]){
			{"order", "order of the matrix", PARAMETER_INTEGER, .fallback = 1000,
			 .low = 16, .high = 20000},
			VECTOR_PARAMETER,
			{0},
		},
	.needs = {.cpus = 1, .memory = 64 << 20},
	.state_bytes = sizeof(struct state),
	.prepare = prepare,
	.run = run,
	.verify = verify,
	.cleanup = cleanup,
};
