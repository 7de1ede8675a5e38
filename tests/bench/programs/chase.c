/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * chase BYTES SECONDS: memory latency by a second method. The order of visits is shuffled first
 * (Fisher and Yates) and the lines are linked along it; then whole turns, as many as `SECONDS`
 * take, counted beforehand, with no clock and no deadline inside.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#define LINE 64
#define HUGE ((size_t)2 << 20)

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_RAW, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void link_shuffled(char *memory, size_t lines)
{
	uint32_t *order = malloc(lines * sizeof(*order));

	if (!order)
		exit(1);
	srand48(20);
	for (size_t i = 0; i < lines; i++)
		order[i] = (uint32_t)i;
	for (size_t i = lines - 1; i > 0; i--) {
		size_t j = (size_t)(drand48() * (double)(i + 1));
		uint32_t other = order[i];

		order[i] = order[j];
		order[j] = other;
	}
	for (size_t i = 0; i < lines; i++)
		*(void **)(memory + (size_t)order[i] * LINE) =
			memory + (size_t)order[(i + 1) % lines] * LINE;
	free(order);
}

static double time_turns(void **at, size_t lines, uint64_t turns)
{
	double start = now();

	for (uint64_t t = 0; t < turns; t++)
		for (size_t i = 0; i < lines; i++)
			at = *at;
	__asm__ volatile("" : : "r"(at));
	return now() - start;
}

int main(int argc, char **argv)
{
	size_t size = argc > 2 ? strtoull(argv[1], NULL, 10) : 0, lines = size / LINE;
	double seconds = argc > 2 ? strtod(argv[2], NULL) : 0, once;
	char *memory = size ? aligned_alloc(HUGE, (size + HUGE - 1) & ~(HUGE - 1)) : NULL;
	uint64_t turns = 1;

	if (!memory || lines < 2)
		return 2;
	madvise(memory, (size + HUGE - 1) & ~(HUGE - 1), MADV_HUGEPAGE);
	link_shuffled(memory, lines);
	time_turns((void **)memory, lines, 1);
	for (once = 0; once < seconds / 20; turns *= 2)
		once = time_turns((void **)memory, lines, turns);
	turns = (uint64_t)(seconds / (once / ((double)turns / 2))) + 1;
	printf("value %.4f\n",
	       time_turns((void **)memory, lines, turns) * 1e9 / ((double)turns * (double)lines));
	free(memory);
	return 0;
}
