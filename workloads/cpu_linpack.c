/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "workloads/linear.h"
#include "workloads/random.h"

static int prepare(struct trial *trial, struct error *err);
static int run(struct trial *trial, struct error *err);
static int verify(struct trial *trial, struct error *err);
static void cleanup(struct trial *trial);

const struct workload cpu_linpack = {
	.name = "cpu.linpack",
	.version = 1,
	.panel = PANEL_CPU,
	.summary = "a dense system of linear equations, one thread, its residual checked",
	.stands_for = "Linpack, N = 45000 (felter2015, Table I)",
	.metrics =
		(const struct metric[]){
			{"rate", "GFLOP/s", BETTER_HIGHER, NULL, 0},
			{0},
		},
	.parameters =
		(const struct parameter[]){
			{"order", "of the matrix", PARAMETER_INTEGER, 1000, 16, 20000, NULL},
			VECTOR_PARAMETER,
			{0},
		},
	.needs = {.cpus = 1, .memory = 64 << 20},
	.prepare = prepare,
	.run = run,
	.verify = verify,
	.cleanup = cleanup,
};

#define MATRIX_SEED 4
#define RESIDUAL_MAX 16 /* HPL's threshold */

struct state {
	struct linear *linear;
	enum vector vector;
	size_t n, *pivots;
	double *a, *b;  /* the problem */
	double *lu, *x; /* overwritten by each solve */
	double *first;  /* the first solution of the trial: all others must be the same */
};

static int prepare(struct trial *trial, struct error *err)
{
	struct random_state random = random_seeded(MATRIX_SEED);
	struct state *s = calloc(1, sizeof(*s));
	size_t n = (size_t)trial_integer(trial, "order");
	int rc;

	trial->state = s;
	if (!s)
		return error_set(err, -ENOMEM, "no memory for cpu.linpack");
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

/* Only the solving counts, not the copying of the problem. */
static int run(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;
	uint64_t solving = 0;
	int solved = 0;

	while (trial_continue(trial)) {
		uint64_t start;

		memcpy(s->lu, s->a, s->n * s->n * sizeof(double));
		memcpy(s->x, s->b, s->n * sizeof(double));
		start = clock_now();
		if (!linear_solve(s->linear, s->n, s->lu, s->pivots, s->x))
			return error_set(err, -EDOM, "the matrix came out singular");
		solving += clock_now() - start;
		if (!solved++)
			memcpy(s->first, s->x, s->n * sizeof(double));
		else if (memcmp(s->first, s->x, s->n * sizeof(double)))
			return error_set(err, -EIO, "two solutions of one problem differ");
	}
	trial->operations = solved * operations_of(s->n) / 1e9;
	if (solved)
		trial_value(trial, "rate",
			    trial->operations / seconds_of(solving) / (1 + trial->slow));
	trial_note(trial, "vector", vector_name(s->vector));
	return 0;
}

static int verify(struct trial *trial, struct error *err)
{
	const struct state *s = trial->state;
	double residual = linear_residual(s->n, s->a, s->x, s->b);

	if (residual < RESIDUAL_MAX)
		return 0;
	return error_set(err, -EIO, "the residual is %g and must be below %d", residual,
			 RESIDUAL_MAX);
}

static void cleanup(struct trial *trial)
{
	struct state *s = trial->state;

	if (!s)
		return;
	linear_destroy(s->linear);
	free(s->pivots);
	free(s->a);
	free(s->b);
	free(s->lu);
	free(s->x);
	free(s->first);
	free(s);
	trial->state = NULL;
}
