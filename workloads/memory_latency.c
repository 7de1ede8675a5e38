/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>

#include "workloads/pages.h"
#include "workloads/random.h"

#define SLICE_LOADS 4096
#define CYCLE_SEED 3

/* A cache line: the pointer, and the line's place in the cycle. */
struct line {
	struct line *next;
	uint64_t place;
	char rest[64 - sizeof(struct line *) - sizeof(uint64_t)];
};

struct state {
	struct pages pages;
	struct line *at; /* position of the walk; continues across trials */
	size_t lines;
	uint64_t walked; /* loads since the start of the cycle */
};

/* Sattolo's algorithm: a random permutation that is one cycle. */
static void link_lines(struct line *lines, size_t count)
{
	struct random_state random = random_seeded(CYCLE_SEED);

	for (size_t i = 0; i < count; i++)
		lines[i].next = &lines[i];
	for (size_t i = count - 1; i > 0; i--) {
		size_t j = random_below(&random, i);
		struct line *next = lines[i].next;

		lines[i].next = lines[j].next;
		lines[j].next = next;
	}
}

/* Numbers the lines along the cycle; false: it does not visit all of them. */
static bool number_lines(struct line *lines, size_t count)
{
	struct line *at = lines;
	size_t place = 0;

	do {
		at->place = place++;
		at = at->next;
	} while (at != lines && place < count);
	return at == lines && place == count;
}

static int prepare(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;
	size_t size = (size_t)trial_integer(trial, "size");
	int rc;

	s->lines = size / sizeof(struct line);
	rc = pages_map(trial, size, &s->pages, err);
	if (rc)
		return rc;
	link_lines(s->pages.memory, s->lines);
	s->at = s->pages.memory;
	if (!number_lines(s->at, s->lines))
		return error_set(err, -EIO, "the working set is not one cycle of %zu lines",
				 s->lines);
	return 0;
}

static struct line *walk(struct line *at, uint64_t loads)
{
	for (uint64_t i = 0; i < loads; i++)
		at = at->next;
	return at;
}

static int run(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;
	struct line *at = s->at;

	(void)err;
	while (trial_continue(trial)) {
		at = walk(at, SLICE_LOADS);
		__asm__ volatile("" : "+r"(at)); /* the loads must not be optimized away */
		trial->operations += SLICE_LOADS;
	}
	trial_value(trial, "load", trial_elapsed(trial) * 1e9 / trial->operations);
	s->at = at;
	s->walked += (uint64_t)trial->operations;
	pages_note(trial, &s->pages);
	return 0;
}

/* This number of loads must end at one particular line. */
static int verify(struct trial *trial, struct error *err)
{
	const struct state *s = trial->state;

	if (s->at->place == s->walked % s->lines)
		return 0;
	return error_set(err, -EIO, "a walk of %llu loads ended at line %llu of %zu",
			 (unsigned long long)s->walked, (unsigned long long)s->at->place, s->lines);
}

static void cleanup(struct trial *trial)
{
	struct state *s = trial->state;

	pages_unmap(&s->pages);
}

const struct workload memory_latency = {
	.name = "memory.latency",
	.version = 1,
	.panel = PANEL_MEMORY,
	.summary = "dependent loads along one random cycle through a working set",
	.operation = "one load",
	.stands_for = "lmbench lat_mem_rd with random strides",
	.metrics =
		(const struct metric[]){
			{"load", "ns", BETTER_LOWER, METRIC_TIME, NULL, 0, .per_operation = true},
			{0},
		},
	.parameters =
		(const struct parameter[]){
			{"size", "size of the working set", PARAMETER_SIZE, .fallback = 256 << 20,
			 .low = 4096, .high = 0x1p40},
			PAGES_PARAMETER,
			{0},
		},
	.sweep = "size",
	.needs = {.cpus = 1, .memory_parameter = "size"},
	.state_bytes = sizeof(struct state),
	.prepare = prepare,
	.run = run,
	.verify = verify,
	.cleanup = cleanup,
};
