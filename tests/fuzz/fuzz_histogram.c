/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A histogram as an agent may send it. */
#include "tests/fuzz/fuzz.h"

#include <math.h>

#include "base/histogram.h"

/* What was taken must come out as it went in. */
static void check(const struct histogram *taken)
{
	struct histogram *again = histogram_create();
	json_t *json = histogram_encode(taken);
	struct error err;

	fuzz_require(json && again);
	fuzz_require(!histogram_decode(json, again, &err));
	fuzz_require(again->count == taken->count);
	fuzz_require(!memcmp(again->counts, taken->counts, sizeof(taken->counts)));
	fuzz_require(!taken->count || histogram_percentile(taken, 0.5) >= 0);
	fuzz_require(!taken->count ||
		     histogram_percentile(taken, 0) <= histogram_percentile(taken, 1));
	json_decref(json);
	histogram_destroy(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *json = json_loadb((const char *)data, size, 0, NULL);
	struct histogram *histogram = histogram_create();
	struct error err;

	if (json && !histogram_decode(json, histogram, &err))
		check(histogram);
	else
		fuzz_require(histogram->count == 0);
	histogram_destroy(histogram);
	json_decref(json);
	return 0;
}
