/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random numbers for workloads: xoshiro256+ seeded by splitmix64 (Blackman and Vigna, "Scrambled
 * linear pseudorandom number generators", 2021): a nanosecond each, the same in every environment.
 */
#pragma once

#include <stdint.h>

struct random_state {
	uint64_t s[4];
};

static inline uint64_t random_mix(uint64_t *seed)
{
	uint64_t z = *seed += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

static inline struct random_state random_seeded(uint64_t seed)
{
	struct random_state r;

	for (int i = 0; i < 4; i++)
		r.s[i] = random_mix(&seed);
	return r;
}

static inline uint64_t random_next(struct random_state *r)
{
	uint64_t *s = r->s, result = s[0] + s[3], t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = (s[3] << 45) | (s[3] >> 19);
	return result;
}

/* Below `limit`, by multiplication (Lemire): no division. */
static inline uint64_t random_below(struct random_state *r, uint64_t limit)
{
	return (uint64_t)(((unsigned __int128)random_next(r) * limit) >> 64);
}

/* In [0, 1). */
static inline double random_share(struct random_state *r)
{
	return (double)(random_next(r) >> 11) * 0x1p-53;
}
