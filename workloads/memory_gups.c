/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>

#include "workloads/pages.h"

#define STREAMS 128 /* updates that do not depend on each other, as in the reference code */
#define ROUNDS 64   /* of all streams in a slice */
#define POLYNOMIAL 7

struct state {
	struct pages pages;
	uint64_t *table;
	size_t words;
	uint64_t streams[STREAMS], first[STREAMS];
	uint64_t rounds; /* since the table was last verified */
};

/* RandomAccess's generator: a shift register over GF(2). */
static inline uint64_t advance(uint64_t value)
{
	return (value << 1) ^ ((int64_t)value < 0 ? POLYNOMIAL : 0);
}

static int prepare(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;
	size_t words = (size_t)trial_integer(trial, "size") / sizeof(uint64_t);
	uint64_t value = 1;
	int rc;

	for (s->words = 1; s->words * 2 <= words; s->words *= 2)
		;
	rc = pages_map(trial, s->words * sizeof(uint64_t), &s->pages, err);
	if (rc)
		return rc;
	s->table = s->pages.memory;
	for (size_t i = 0; i < s->words; i++)
		s->table[i] = i;
	for (int i = 0; i < STREAMS; i++) {
		for (int j = 0; j < 1000; j++)
			value = advance(value);
		s->streams[i] = value;
	}
	return 0;
}

static void update(struct state *s, uint64_t streams[STREAMS], uint64_t rounds)
{
	uint64_t *table = s->table, mask = s->words - 1;

	for (uint64_t round = 0; round < rounds; round++) {
		for (int i = 0; i < STREAMS; i++) {
			streams[i] = advance(streams[i]);
			table[streams[i] & mask] ^= streams[i];
		}
	}
}

static int run(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;

	(void)err;
	for (int i = 0; i < STREAMS; i++)
		s->first[i] = s->streams[i];
	s->rounds = 0;
	while (trial_continue(trial)) {
		update(s, s->streams, ROUNDS);
		s->rounds += ROUNDS;
	}
	trial->operations = (double)s->rounds * STREAMS;
	trial_value(trial, "updates", trial->operations / 1e9 / trial_elapsed(trial));
	pages_note(trial, &s->pages);
	return 0;
}

/* Repeating the updates undoes them: x ^ y ^ y = x. Every word must be its index again. */
static int verify(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;
	size_t wrong = 0;

	update(s, s->first, s->rounds);
	for (size_t i = 0; i < s->words; i++)
		wrong += s->table[i] != i;
	if (wrong)
		return error_set(err, -EIO, "%zu of %zu words are wrong", wrong, s->words);
	return 0;
}

static void cleanup(struct trial *trial)
{
	struct state *s = trial->state;

	pages_unmap(&s->pages);
}

const struct workload memory_gups = {
	.name = "memory.gups",
	.version = 1,
	.panel = PANEL_MEMORY,
	.summary = "random updates of words in a large table, which shows the cost of page walks",
	.operation = "one update of a word",
	.stands_for = "HPC Challenge RandomAccess (felter2015, Table I)",
	.metrics =
		(const struct metric[]){
			RATE("updates", "GUP/s"),
			{0},
		},
	.parameters =
		(const struct parameter[]){
			{"size", "size of the table, rounded down to a power of 2", PARAMETER_SIZE,
			 .fallback = 512 << 20, .low = 4096, .high = 0x1p40},
			PAGES_PARAMETER_SMALL,
			{0},
		},
	.needs = {.cpus = 1, .memory_parameter = "size"},
	.state_bytes = sizeof(struct state),
	.prepare = prepare,
	.run = run,
	.verify = verify,
	.cleanup = cleanup,
};
