/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A run directory from nowhere, as in fuzz_record.c; what can be read is estimated, summed up as
 * JSON and CSV, and shown as report.html.
 */
#include "tests/fuzz/fuzz.h"

#include "plots/plots.h"
#include "results/summary.h"

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

static void show(const struct record *record)
{
	struct summary *summary;
	struct error err;
	json_t *json;
	char *csv;

	if (summary_create(record, &summary, &err))
		return;
	json = summary_json(summary);
	csv = summary_csv(summary);
	fuzz_require(json && csv);
	report_write(summary, directory(), "en", &err);
	json_decref(json);
	free(csv);
	summary_destroy(summary);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *mark = memmem(text, size, "\n%%\n", 4);
	struct record *record;
	struct error err;

	put("run.json", text, mark ? (size_t)(mark - text) : size);
	put("trials.jsonl", mark ? mark + 4 : "", mark ? size - (size_t)(mark + 4 - text) : 0);
	if (!record_load(directory(), &record, &err)) {
		show(record);
		record_destroy(record);
	}
	free(text);
	return 0;
}
