/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "workloads/pages.h"
#include "workloads/stream_kernels.h"

#define PIECE ((size_t)128 << 10)  /* doubles of each array in a slice: 1 MiB, under 0.2 ms */
#define LOOK_NS 50000000           /* limit for each trial of a kind of store */
#define SCALAR 0.41421356237309515 /* sqrt(2) - 1: then the four kernels restore the values */

/* The expected value of each element of a piece. Pieces are processed cyclically, each kernel
 * continuing where its last trial stopped, so that a short trial is as good as a long one. */
struct expected {
	double a, b, c;
};

struct state {
	struct pages pages;
	double *a, *b, *c;
	size_t pieces, at[STREAM_KERNELS];
	struct expected *expected;
	size_t verified; /* trials */
	stream_function *kernels[STREAM_KERNELS];
	bool nontemporal;
	enum vector vector;
};

static void do_piece(struct state *s, enum stream_kernel kernel, size_t piece)
{
	struct expected *e = &s->expected[piece];
	size_t from = piece * PIECE;

	s->kernels[kernel](s->a + from, s->b + from, s->c + from, PIECE, SCALAR);
	switch (kernel) {
	case STREAM_COPY:
		e->c = e->a;
		break;
	case STREAM_SCALE:
		e->b = SCALAR * e->c;
		break;
	case STREAM_ADD:
		e->c = e->a + e->b;
		break;
	default:
		e->a = e->b + SCALAR * e->c;
	}
}

static void choose_kernels(struct state *s, bool nontemporal)
{
	s->nontemporal = nontemporal;
	for (int i = 0; i < STREAM_KERNELS; i++)
		s->kernels[i] = stream_kernel(s->vector, nontemporal, (enum stream_kernel)i);
}

/* Seconds that a triad takes for a piece, over more of the arrays than fits in a private cache; on
 * an emulated CPU, which would need seconds, over a part of it. */
static double time_triad(struct state *s)
{
	uint64_t start = clock_now(), now = start;
	size_t done = 0;

	for (; done < s->pieces && done < 64 && now - start < LOOK_NS; done++) {
		do_piece(s, STREAM_TRIAD, done);
		now = clock_now();
	}
	return seconds_of(now - start) / (double)done;
}

/* Regular and non-temporal stores alternate, best of three each; regular ones win a tie. */
static bool nontemporal_wins(struct state *s)
{
	double best[2] = {INFINITY, INFINITY};

	for (int i = 0; i < 6; i++) {
		choose_kernels(s, i % 2);
		best[i % 2] = fmin(best[i % 2], time_triad(s));
	}
	return best[1] < best[0] * 0.97;
}

static int choose_stores(struct trial *trial, struct state *s, struct error *err)
{
	const char *stores = trial_choice(trial, "stores");
	bool has = stream_kernel(s->vector, true, STREAM_COPY) != NULL;

	if (!has && !strcmp(stores, "nontemporal"))
		return error_set(err, -ENOTSUP, "stores=nontemporal: this CPU has none");
	if (!has || !strcmp(stores, "regular"))
		choose_kernels(s, false);
	else
		choose_kernels(s, !strcmp(stores, "nontemporal") || nontemporal_wins(s));
	return 0;
}

static int prepare(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;
	size_t count;
	int rc;

	rc = vector_resolve(trial, &s->vector, err);
	if (rc)
		return rc;
	/* wider vectors move no more data and lower some CPUs' clock: only if requested */
	if (!strcmp(trial_choice(trial, "vector"), "auto") && s->vector > VECTOR_AVX2)
		s->vector = VECTOR_AVX2;
	s->pieces = (size_t)trial_integer(trial, "size") / 3 / sizeof(double) / PIECE;
	count = s->pieces * PIECE;
	s->expected = malloc(s->pieces * sizeof(*s->expected));
	/* a page and a half between the arrays: with equal low address bits a load would wait for
	 * an unrelated store */
	rc = pages_map(trial, 3 * (count * sizeof(double) + 6144), &s->pages, err);
	if (rc)
		return rc;
	s->a = s->pages.memory;
	s->b = s->a + count + 6144 / sizeof(double);
	s->c = s->b + count + 6144 / sizeof(double);
	if (!s->expected)
		return error_set(err, -ENOMEM, "no memory for memory.stream");
	for (size_t i = 0; i < count; i++)
		s->a[i] = 1, s->b[i] = 2, s->c[i] = 0;
	for (size_t i = 0; i < s->pieces; i++)
		s->expected[i] = (struct expected){1, 2, 0};
	return choose_stores(trial, s, err);
}

static void note(struct trial *trial, const struct state *s)
{
	size_t cache = pages_cache_bytes();
	char text[128];

	trial_note(trial, "stores", s->nontemporal ? "nontemporal" : "regular");
	trial_note(trial, "vector", vector_name(s->vector));
	pages_note(trial, &s->pages);
	if (s->pages.size / 3 >= 4 * cache)
		return;
	snprintf(text, sizeof(text),
		 "arrays of %zu MiB are smaller than 4 x the last-level cache (%zu MiB), which may "
		 "serve part of the load",
		 s->pages.size / 3 >> 20, cache >> 20);
	trial_note(trial, "cache", text);
}

/* One kernel for `share` of the trial. */
static void run_kernel(struct trial *trial, struct state *s, enum stream_kernel kernel,
		       double until)
{
	static const char *const names[] = {"copy", "scale", "add", "triad"};
	double bytes = 0, start = trial_elapsed(trial), now;
	double each = (kernel >= STREAM_ADD ? 3 : 2) * sizeof(double) * (double)PIECE;
	bool more;

	do {
		do_piece(s, kernel, s->at[kernel]);
		s->at[kernel] = (s->at[kernel] + 1) % s->pieces;
		bytes += each;
		more = trial_continue(trial);
		now = trial_elapsed(trial);
	} while (more && now < until);
	trial->operations += bytes / 1e9;
	trial_value(trial, names[kernel], bytes / 1e9 / (now - start));
}

static int run(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;
	double seconds = seconds_of(trial->deadline - trial->start);

	(void)err;
	/* triad, the headline, gets half of the time */
	run_kernel(trial, s, STREAM_COPY, seconds / 6);
	run_kernel(trial, s, STREAM_SCALE, seconds * 2 / 6);
	run_kernel(trial, s, STREAM_ADD, seconds * 3 / 6);
	run_kernel(trial, s, STREAM_TRIAD, seconds);
	note(trial, s);
	return 0;
}

/* Rounding differs between one fused multiply-add and two instructions. */
static bool far(double is, double must)
{
	return !(fabs(is - must) <= 1e-12 * fabs(must) + 1e-300);
}

static int verify(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;
	/* every element of some pieces; only of a few once the arrays have been checked, others in
	 * later trials */
	size_t step = s->pieces / (s->verified ? 2 : 16) + 1;

	for (size_t piece = (trial->seed + s->verified++) % step; piece < s->pieces;
	     piece += step) {
		const struct expected *e = &s->expected[piece];

		for (size_t i = piece * PIECE; i < (piece + 1) * PIECE; i++)
			if (far(s->a[i], e->a) || far(s->b[i], e->b) || far(s->c[i], e->c))
				return error_set(err, -EIO,
						 "element %zu is (%.17g, %.17g, %.17g) but should "
						 "be (%.17g, %.17g, %.17g)",
						 i, s->a[i], s->b[i], s->c[i], e->a, e->b, e->c);
	}
	return 0;
}

static void cleanup(struct trial *trial)
{
	struct state *s = trial->state;

	pages_unmap(&s->pages);
	free(s->expected);
}

const struct workload memory_stream = {
	.name = "memory.stream",
	.version = 1,
	.panel = PANEL_MEMORY,
	.summary = "bandwidth of STREAM's copy, scale, add and triad, one thread",
	.operation = "1 GB moved to or from memory",
	.stands_for = "STREAM (felter2015, Table I)",
	.metrics =
		(const struct metric[]){
			RATE("triad", "GB/s"),
			RATE("copy", "GB/s"),
			RATE("scale", "GB/s"),
			RATE("add", "GB/s"),
			{0},
		},
	.parameters =
		(const struct parameter[]){
			{"size", "size of the three arrays together", PARAMETER_SIZE,
			 .fallback = 768 << 20, .low = 6 << 20, .high = 0x1p40},
			PAGES_PARAMETER,
			{"stores",
			 "through the caches, as in STREAM; around them; or whichever is faster "
			 "here",
			 PARAMETER_CHOICE,
			 .choices = (const char *const[]){"regular", "nontemporal", "auto", NULL}},
			VECTOR_PARAMETER,
			{0},
		},
	.needs = {.cpus = 1, .memory_parameter = "size"},
	.state_bytes = sizeof(struct state),
	.prepare = prepare,
	.run = run,
	.verify = verify,
	.cleanup = cleanup,
};
