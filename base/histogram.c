/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/histogram.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

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

/* Fills the counts of an empty histogram from the sparse array. */
static int decode_counts(const json_t *counts, struct histogram *h, uint64_t total,
			 struct error *err)
{
	size_t length = json_array_size(counts);
	json_int_t last = -1;
	uint64_t sum = 0;

	if (!json_is_array(counts) || length % 2)
		return error_set(err, -EINVAL, "invalid histogram: counts is not a list of pairs");
	for (size_t i = 0; i < length; i += 2) {
		const json_t *key = json_array_get(counts, i),
			     *value = json_array_get(counts, i + 1);
		json_int_t index = json_integer_value(key), count = json_integer_value(value);

		if (!json_is_integer(key) || index <= last || index >= HISTOGRAM_BUCKETS)
			return error_set(err, -EINVAL,
					 "invalid histogram: bucket %zu is out of order"
					 " or range",
					 i / 2);
		if (!json_is_integer(value) || count <= 0 || (uint64_t)count > total - sum)
			return error_set(err, -EINVAL,
					 "invalid histogram: bucket %lld has %lld of %llu samples",
					 (long long)index, (long long)count,
					 (unsigned long long)total);
		h->counts[index] = (uint64_t)count;
		sum += (uint64_t)count;
		last = index;
	}
	if (sum != total)
		return error_set(err, -EINVAL,
				 "invalid histogram: %llu samples, but the counts add up to %llu",
				 (unsigned long long)total, (unsigned long long)sum);
	return 0;
}

int histogram_decode(const json_t *json, struct histogram *into, struct error *err)
{
	const json_t *count = json_object_get(json, "count"), *sum = json_object_get(json, "sum");
	const json_t *min = json_object_get(json, "min"), *max = json_object_get(json, "max");
	cleanup_free struct histogram *h = histogram_create();
	const char *unit = json_string_value(json_object_get(json, "unit"));
	int rc;

	if (!h)
		return error_set(err, -ENOMEM, "no memory for a histogram");
	if (!unit || strcmp(unit, "ns") ||
	    json_integer_value(json_object_get(json, "buckets")) != 1 << HISTOGRAM_SUB_BITS)
		return error_set(err, -EINVAL, "invalid histogram: not in ns with %d buckets",
				 1 << HISTOGRAM_SUB_BITS);
	if (!json_is_integer(count) || !json_is_number(sum) || !json_is_integer(min) ||
	    !json_is_integer(max) || json_integer_value(count) < 0 || json_integer_value(min) < 0 ||
	    json_integer_value(min) > json_integer_value(max) || !(json_number_value(sum) >= 0))
		return error_set(err, -EINVAL, "invalid histogram: bad count, sum, min or max");
	h->count = (uint64_t)json_integer_value(count);
	h->sum = json_number_value(sum);
	h->max = (uint64_t)json_integer_value(max);
	if (h->count)
		h->min = (uint64_t)json_integer_value(min);
	rc = decode_counts(json_object_get(json, "counts"), h, h->count, err);
	if (!rc)
		histogram_merge(into, h);
	return rc;
}
