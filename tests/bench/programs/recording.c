/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * recording COUNT SECONDS: what histogram_record() costs beyond reading the clock, ns. Two loops
 * that read the clock and keep the difference of two reads alternate; one of them also records it,
 * spread over a realistic range of buckets. The least of each over its rounds is compared.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/histogram.h"

#define ROUNDS 25

/* A latency of some us to some ms: the measured one, and noise from the round's number. */
static inline uint64_t spread(uint64_t difference, uint64_t i)
{
	return difference + ((i * 0x9e3779b97f4a7c15) >> 44);
}

static double time_reading(uint64_t count)
{
	uint64_t start = clock_now(), now = start, sum = 0;

	for (uint64_t i = 0; i < count; i++) {
		uint64_t before = now;

		now = clock_now();
		sum += spread(now - before, i);
		__asm__ volatile("" : "+r"(sum));
	}
	return (double)(clock_now() - start) / (double)count;
}

static double time_recording(struct histogram *h, uint64_t count)
{
	uint64_t start = clock_now(), now = start;

	for (uint64_t i = 0; i < count; i++) {
		uint64_t before = now;

		now = clock_now();
		histogram_record(h, spread(now - before, i));
	}
	return (double)(clock_now() - start) / (double)count;
}

int main(int argc, char **argv)
{
	uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 10) / ROUNDS : 0;
	struct histogram *h = histogram_create();
	double reading = 1e9, recording = 1e9;

	if (!h || !count)
		return 2;
	for (int i = 0; i < ROUNDS; i++) {
		double one = time_reading(count), other = time_recording(h, count);

		reading = one < reading ? one : reading;
		recording = other < recording ? other : recording;
	}
	if (h->count != count * ROUNDS)
		return 1;
	printf("reading %.3f recording %.3f value %.4f\n", reading, recording, recording - reading);
	histogram_destroy(h);
	return 0;
}
