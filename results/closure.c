/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/closure.h"

#include <errno.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"

#define EXIT_WORKLOAD "cpu.syscall" /* each of its operations is one system call */

static bool is_usable(const struct record_trial *trial)
{
	return trial->valid && !trial->warmup && trial->operations > 0 && trial->inside_seconds > 0;
}

static double operation_time(const struct record_trial *trial)
{
	return trial->inside_seconds / trial->operations;
}

/* The baseline's time of an operation in each block of one workload; 0: none. */
struct baseline {
	double *times;
	uint32_t blocks;
};

static uint32_t place(const struct baseline *baseline, const struct record_trial *trial)
{
	return trial->start * baseline->blocks + trial->block;
}

static int baseline_init(const struct record *record, int workload, struct baseline *baseline)
{
	uint32_t starts = 0;

	*baseline = (struct baseline){0};
	for (uint32_t i = 0; i < record->trial_count; i++) {
		const struct record_trial *trial = record->trials + i;

		if (trial->block >= baseline->blocks)
			baseline->blocks = trial->block + 1u;
		if (trial->start >= starts)
			starts = trial->start + 1u;
	}
	baseline->times = calloc((size_t)starts * baseline->blocks + 1, sizeof(double));
	for (uint32_t i = 0; baseline->times && i < record->trial_count; i++) {
		const struct record_trial *trial = record->trials + i;

		if (trial->workload == workload && is_usable(trial) &&
		    record->arms[trial->arm].role == ARM_BASELINE)
			baseline->times[place(baseline, trial)] = operation_time(trial);
	}
	return baseline->times ? 0 : -ENOMEM;
}

static double median(double *values, size_t count)
{
	gsl_sort(values, 1, count);
	return count ? gsl_stats_median_from_sorted_data(values, 1, count) : NAN;
}

/* Medians over the blocks of one workload in one arm; NaN where nothing can be told. */
static void measure(const struct record *record, int workload, int arm, double *added,
		    double *exits)
{
	cleanup_free double *times = calloc(record->trial_count + 1, sizeof(*times));
	cleanup_free double *counts = calloc(record->trial_count + 1, sizeof(*counts));
	struct baseline baseline;
	size_t used = 0;

	*added = *exits = NAN;
	if (!times || !counts || baseline_init(record, workload, &baseline))
		return;
	for (uint32_t i = 0; i < record->trial_count; i++) {
		const struct record_trial *trial = record->trials + i;
		double alone = baseline.times[place(&baseline, trial)];

		if (trial->workload != workload || trial->arm != arm || !is_usable(trial) ||
		    isnan(trial->exits) || !(alone > 0))
			continue;
		times[used] = operation_time(trial) - alone;
		counts[used++] = trial->exits / trial->operations;
	}
	free(baseline.times);
	*added = median(times, used);
	*exits = median(counts, used);
}

static int find_workload(const struct record *record, const char *name)
{
	for (int i = 0; i < record->workload_count; i++)
		if (!strcmp(record->workloads[i].name, name))
			return i;
	return -1;
}

static int fill_arm(const struct record *record, int arm, int reference, struct closure_row *rows)
{
	double cost, exits;
	int count = 0;

	measure(record, reference, arm, &cost, &exits);
	/* where a system call is no exit there is nothing to close */
	if (!(cost > 0) || !(exits > 0.9))
		return 0;
	for (int w = 0; w < record->workload_count; w++) {
		struct closure_row row = {
			.workload = record->workloads[w].name,
			.label = record->arms[arm].label,
			.exit_cost = cost / exits,
		};

		if (w == reference)
			continue;
		measure(record, w, arm, &row.measured, &row.exits);
		row.predicted = row.exits * row.exit_cost;
		if (!isnan(row.measured))
			rows[count++] = row;
	}
	return count;
}

struct closure_row *closure_rows(const struct record *record, int *count)
{
	int reference = find_workload(record, EXIT_WORKLOAD);
	struct closure_row *rows;

	*count = 0;
	if (reference < 0)
		return NULL;
	rows = calloc((size_t)record->arm_count * (size_t)record->workload_count, sizeof(*rows));
	for (int arm = 0; rows && arm < record->arm_count; arm++)
		if (record->arms[arm].role == ARM_SUBJECT)
			*count += fill_arm(record, arm, reference, rows + *count);
	if (!*count) {
		free(rows);
		rows = NULL;
	}
	return rows;
}

void closure_print(const struct record *record, FILE *out)
{
	int count;
	cleanup_free struct closure_row *rows = closure_rows(record, &count);

	if (!rows)
		return;
	fprintf(out,
		"\nDo exits explain it? Exits an operation x cost of an exit (%.1f us, "
		"from " EXIT_WORKLOAD ") beside the added time.\n",
		rows[0].exit_cost * 1e6);
	for (int i = 0; i < count; i++)
		fprintf(out,
			"  %-16s %s: %.2f exits an operation, predicted +%.1f us, measured %+.1f "
			"us: exits explain %.0f %%\n",
			rows[i].workload, rows[i].label, rows[i].exits, rows[i].predicted * 1e6,
			rows[i].measured * 1e6, 100 * rows[i].predicted / rows[i].measured);
}
