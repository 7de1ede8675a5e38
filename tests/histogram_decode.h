/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/histogram.h"

/* What histogram_encode made, unchecked; a run's journal has a reader of its own, in results/. */
static inline void histogram_decode(const json_t *json, struct histogram *h)
{
	const json_t *counts = json_object_get(json, "counts");

	histogram_reset(h);
	for (size_t i = 0; i + 1 < json_array_size(counts); i += 2)
		h->counts[json_integer_value(json_array_get(counts, i))] =
			(uint64_t)json_integer_value(json_array_get(counts, i + 1));
	h->count = (uint64_t)json_integer_value(json_object_get(json, "count"));
	h->sum = json_number_value(json_object_get(json, "sum"));
	h->max = (uint64_t)json_integer_value(json_object_get(json, "max"));
	if (h->count)
		h->min = (uint64_t)json_integer_value(json_object_get(json, "min"));
}
