/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A run directory from nowhere: run.json, a line of "%%", trials.jsonl. It is read, and every
 * histogram in it is unpacked.
 */
#include "tests/fuzz/fuzz.h"

#include "results/record.h"

static char run_directory[] = "/dev/shm/tare-fuzz-XXXXXX";

static void remove_directory(void)
{
	static const char *const names[] = {"run.json", "trials.jsonl", "report.html"};
	char path[128];

	for (int i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s/%s", run_directory, names[i]);
		unlink(path);
	}
	rmdir(run_directory);
}

/* Made on the first call, gone at the end. */
static const char *directory(void)
{
	static int made;

	if (!made && (!mkdtemp(run_directory) || atexit(remove_directory)))
		abort();
	made = 1;
	return run_directory;
}

static void put(const char *name, const char *text, size_t size)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory(), name);
	file = fopen(path, "we");
	if (!file || fwrite(text, 1, size, file) != size || fclose(file))
		abort();
}

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
	char *text = fuzz_text(data, size), *mark = memmem(text, size, "\n%%\n", 4);
	struct record *record;
	struct error err;

	put("run.json", text, mark ? (size_t)(mark - text) : size);
	put("trials.jsonl", mark ? mark + 4 : "", mark ? size - (size_t)(mark + 4 - text) : 0);
	if (!record_load(directory(), &record, &err)) {
		unpack(record);
		record_destroy(record);
	}
	free(text);
	return 0;
}
