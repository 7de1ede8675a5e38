/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/plan/schedule.h"

#include <math.h>

#define RENEWAL_SHARE 0.3 /* share of the trials' time that may be spent on replacing instances */
#define STILL_RISING 1.1

static uint64_t splitmix64(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

/* Uniform below `bound`, without the bias of a plain remainder. */
static uint64_t below(uint64_t *state, uint64_t bound)
{
	uint64_t limit = UINT64_MAX - UINT64_MAX % bound, x;

	do
		x = splitmix64(state);
	while (x >= limit);
	return x % bound;
}

void schedule_order(uint64_t seed, unsigned workload, unsigned start, unsigned block, int *order,
		    int count)
{
	const uint64_t place[] = {workload, start, block};
	uint64_t state = seed;

	for (int i = 0; i < 3; i++) {
		state ^= place[i] + 1;
		state = splitmix64(&state);
	}
	for (int i = 0; i < count; i++)
		order[i] = i;
	for (int i = count - 1; i > 0; i--) {
		int j = (int)below(&state, (uint64_t)i + 1), arm = order[i];

		order[i] = order[j];
		order[j] = arm;
	}
}

bool schedule_takes_part(int every, unsigned block)
{
	return every <= 1 || block % (unsigned)every == 0;
}

int schedule_blocks_each(double renew_seconds, double block_seconds, int blocks)
{
	double each = ceil(renew_seconds / (RENEWAL_SHARE * block_seconds));

	if (!(each * SCHEDULE_LEAST_STARTS <= blocks))
		return 0;
	return each < 1 ? 1 : (int)each;
}

int schedule_least_blocks(int each, int blocks)
{
	return each * SCHEDULE_LEAST_STARTS > blocks ? each * SCHEDULE_LEAST_STARTS : blocks;
}

bool schedule_is_warm(const double *rates, int count, int most)
{
	double before = 0;

	if (count >= most)
		return true;
	for (int i = 0; i < count - 1; i++)
		before = fmax(before, rates[i]);
	return count >= 2 && rates[count - 1] <= STILL_RISING * before;
}

double schedule_deadline(double now, double end, int workloads, double share)
{
	double left = fmax(end - now, 0) / (workloads > 1 ? workloads : 1);

	return now + fmin(left, share);
}

const char *decision_name(enum decision decision)
{
	static const char *const names[] = {"go on", "precision", "time", "blocks", "failed"};

	return names[decision];
}

enum decision schedule_decide(const struct progress_of_workload *p)
{
	int fewest = SCHEDULE_FEWEST_BLOCKS * (p->every > 1 ? p->every : 1);

	if (p->latest > 0 && p->now >= p->latest && p->blocks >= fewest)
		return DECISION_TIME;
	if (p->blocks < p->min_blocks || p->starts < p->min_starts)
		return DECISION_GO_ON;
	if (p->precise)
		return DECISION_PRECISION;
	if (p->blocks >= p->max_blocks)
		return DECISION_BLOCKS;
	if (p->now >= p->deadline)
		return DECISION_TIME;
	return DECISION_GO_ON;
}
