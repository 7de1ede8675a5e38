/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A log-linear histogram of latencies after HdrHistogram (G. Tene): each power of two is divided
 * into 128 equal buckets, so that a value differs from the middle of its bucket by at most 1/256 <
 * 0.5 %. Values are nanoseconds, 0 to 2^40 (18 minutes; larger ones are counted there). Counts are
 * merged by addition. The JSON form is sparse:
 *   {"unit":"ns","buckets":128,"count":N,"sum":S,"min":a,"max":b,"counts":[index,count,index,count,...]}
 * with rising indices, and `count` equal to the sum of the counts. Written by the agent, read by
 * results/: the one format that both sides share.
 */
#pragma once

#include <jansson.h>
#include <stdint.h>

#include "base/error.h"

#define HISTOGRAM_SUB_BITS 7 /* 2^7 = 128 buckets in each power of two */
#define HISTOGRAM_MAX_BITS 40
#define HISTOGRAM_BUCKETS ((HISTOGRAM_MAX_BITS - HISTOGRAM_SUB_BITS + 1) << HISTOGRAM_SUB_BITS)

struct histogram {
	uint64_t count, min, max;
	double sum;
	uint64_t counts[HISTOGRAM_BUCKETS];
};

/* The bucket of a value: exact below 128, then the top 8 bits. */
static inline unsigned histogram_index(uint64_t ns)
{
	unsigned shift;

	if (ns < (1u << HISTOGRAM_SUB_BITS))
		return (unsigned)ns;
	if (ns >> HISTOGRAM_MAX_BITS)
		return HISTOGRAM_BUCKETS - 1;
	shift = 63 - (unsigned)__builtin_clzll(ns) - HISTOGRAM_SUB_BITS;
	return (shift << HISTOGRAM_SUB_BITS) + (unsigned)(ns >> shift);
}

static inline void histogram_record(struct histogram *h, uint64_t ns)
{
	h->counts[histogram_index(ns)]++;
	h->count++;
	h->sum += (double)ns;
	if (ns < h->min)
		h->min = ns;
	if (ns > h->max)
		h->max = ns;
}

/* On the heap, about 35 KB, empty. NULL where there is no memory. */
struct histogram *histogram_create(void);
void histogram_destroy(struct histogram *h);
void histogram_reset(struct histogram *h);
void histogram_merge(struct histogram *into, const struct histogram *from);

/* The middle of bucket `index`, ns. */
double histogram_value(unsigned index);
/* The value at or below which `share` (0..1) of the samples lie, ns; NaN if the histogram is empty.
 */
double histogram_percentile(const struct histogram *h, double share);
double histogram_mean(const struct histogram *h);

/* A new reference; NULL where there is no memory. */
json_t *histogram_encode(const struct histogram *h);
