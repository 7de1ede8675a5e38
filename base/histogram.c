/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/histogram.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct histogram *histogram_create(void)
{
	struct histogram *h = malloc(sizeof(*h));

	if (h)
		histogram_reset(h);
	return h;
}

void histogram_destroy(struct histogram *h)
{
	free(h);
}

void histogram_reset(struct histogram *h)
{
	memset(h, 0, sizeof(*h));
	h->min = UINT64_MAX;
}

void histogram_merge(struct histogram *into, const struct histogram *from)
{
	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++)
		into->counts[i] += from->counts[i];
	into->count += from->count;
	into->sum += from->sum;
	if (from->min < into->min)
		into->min = from->min;
	if (from->max > into->max)
		into->max = from->max;
}

double histogram_value(unsigned index)
{
	unsigned shift, top;

	if (index < (2u << HISTOGRAM_SUB_BITS))
		return index; /* buckets one nanosecond wide */
	shift = (index >> HISTOGRAM_SUB_BITS) - 1;
	top = (index & ((1u << HISTOGRAM_SUB_BITS) - 1)) | (1u << HISTOGRAM_SUB_BITS);
	return (double)((uint64_t)top << shift) + (double)(((uint64_t)1 << shift) - 1) / 2;
}

double histogram_percentile(const struct histogram *h, double share)
{
	uint64_t rank, seen = 0;

	if (!h->count)
		return NAN;
	rank = (uint64_t)ceil(share * (double)h->count);
	if (rank < 1)
		rank = 1;
	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
		seen += h->counts[i];
		if (seen >= rank)
			return fmin(fmax(histogram_value(i), (double)h->min), (double)h->max);
	}
	return (double)h->max;
}

double histogram_mean(const struct histogram *h)
{
	return h->count ? h->sum / (double)h->count : NAN;
}

json_t *histogram_encode(const struct histogram *h)
{
	json_t *counts = json_array();

	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
		if (!h->counts[i])
			continue;
		json_array_append_new(counts, json_integer(i));
		json_array_append_new(counts, json_integer((json_int_t)h->counts[i]));
	}
	return json_pack("{s:s, s:i, s:I, s:f, s:I, s:I, s:o}", "unit", "ns", "buckets",
			 1 << HISTOGRAM_SUB_BITS, "count", (json_int_t)h->count, "sum", h->sum,
			 "min", (json_int_t)(h->count ? h->min : 0), "max", (json_int_t)h->max,
			 "counts", counts);
}
