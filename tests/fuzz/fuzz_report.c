/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What can be read of a run directory from nowhere is estimated, summed up as JSON and CSV, and
 * shown as report.html.
 */
#include "tests/fuzz/run_directory.h"

#include "plots/plots.h"
#include "results/summary.h"

static void show(const struct record *record)
{
	struct directory directory;
	struct summary *summary;
	struct error err;
	json_t *json;
	char *csv;

	if (summary_create(record, &summary, &err))
		return;
	json = summary_json(summary);
	csv = summary_csv(summary);
	fuzz_require(json && csv);
	fuzz_require(directory_open(run_directory(), &directory, &err) == 0);
	report_write(summary, &directory, "en", &err);
	directory_close(&directory);
	json_decref(json);
	free(csv);
	summary_destroy(summary);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct record *record = run_directory_load(data, size);

	if (record)
		show(record);
	record_destroy(record);
	return 0;
}
