/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run directory from nowhere, in memory: an input is run.json, a line of "%%", trials.jsonl. */
#pragma once

#include "tests/fuzz/fuzz.h"

#include "results/record.h"

static char run_directory_path[] = "/dev/shm/tare-fuzz-XXXXXX";

static void run_directory_remove(void)
{
	static const char *const names[] = {"run.json", "trials.jsonl", "report.html"};
	char path[128];

	for (int i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s/%s", run_directory_path, names[i]);
		unlink(path);
	}
	rmdir(run_directory_path);
}

/* Made on the first call, gone at the end. */
static inline const char *run_directory(void)
{
	static int made;

	if (!made && (!mkdtemp(run_directory_path) || atexit(run_directory_remove)))
		abort();
	made = 1;
	return run_directory_path;
}

static inline void run_directory_put(const char *name, const char *text, size_t size)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", run_directory(), name);
	file = fopen(path, "we");
	if (!file || fwrite(text, 1, size, file) != size || fclose(file))
		abort();
}

/* The run that the input makes, or NULL; the caller destroys. */
static inline struct record *run_directory_load(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *mark = memmem(text, size, "\n%%\n", 4);
	size_t plan = mark ? (size_t)(mark - text) : size;
	size_t journal = mark ? plan + 4 : size;
	struct directory directory;
	struct record *record;
	struct error err;
	int rc;

	run_directory_put("run.json", text, plan);
	run_directory_put("trials.jsonl", text + journal, size - journal);
	free(text);
	rc = record_open(run_directory(), &directory, &err)
		     ?: record_read(&directory, &record, &err);
	directory_close(&directory);
	return rc ? NULL : record;
}
