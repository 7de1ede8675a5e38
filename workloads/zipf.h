/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Zipfian ranks, as in YCSB: J. Gray et al., "Quickly generating billion-record synthetic
 * databases" (1994), with theta 0.99. */
#pragma once

#include <math.h>

#include "workloads/random.h"

#define ZIPF_THETA 0.99

struct zipf {
	double count, alpha, zeta, eta, half;
};

/* O(count). */
static inline struct zipf zipf_of(uint64_t count)
{
	struct zipf z = {.count = (double)count, .alpha = 1 / (1 - ZIPF_THETA)};
	double two = 1 + pow(0.5, ZIPF_THETA);

	for (uint64_t i = 1; i <= count; i++)
		z.zeta += pow((double)i, -ZIPF_THETA);
	z.half = two;
	z.eta = (1 - pow(2 / z.count, 1 - ZIPF_THETA)) / (1 - two / z.zeta);
	return z;
}

/* A rank from 0, the most frequent. */
static inline uint64_t zipf_next(const struct zipf *z, struct random_state *random)
{
	double u = random_share(random), uz = u * z->zeta;
	uint64_t rank;

	if (uz < 1)
		return 0;
	if (uz < z->half)
		return z->count > 1;
	rank = (uint64_t)(z->count * pow(z->eta * u - z->eta + 1, z->alpha));
	return rank < (uint64_t)z->count ? rank : (uint64_t)z->count - 1;
}
