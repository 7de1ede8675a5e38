/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run directory from nowhere is read, and every histogram in it is unpacked. */
#include "tests/fuzz/run_directory.h"

static void unpack(const struct record *record)
{
	static struct histogram *sum;

	if (!sum)
		sum = histogram_create();
	for (uint32_t i = 0; i < record->trial_count; i++) {
		const struct record_trial *trial = &record->trials[i];

		fuzz_require(trial->valid || trial->reason);
		fuzz_require(trial->workload < record->workload_count);
		fuzz_require(trial->arm < record->arm_count);
		histogram_reset(sum);
		for (int k = 0; k < trial->histogram_count; k++)
			record_histogram(trial, trial->histograms[k].name, 1, sum);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct record *record = run_directory_load(data, size);

	if (record)
		unpack(record);
	record_destroy(record);
	return 0;
}
