/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/closure.h"

#include <errno.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

static bool is_usable(const struct record_trial *trial)
{
	return trial->valid && !trial->warmup && trial->operations > 0 && trial->inside_seconds > 0;
}

static double operation_time(const struct record_trial *trial)
{
	return trial->inside_seconds / trial->operations;
}

/* The baseline's operation in each block of one workload. */
struct baseline {
	struct {
		double time; /* of an operation; 0: no trial */
		double user; /* of that, the program's own work */
	} * operations;
	uint32_t blocks;
};

static uint32_t place(const struct baseline *baseline, const struct record_trial *trial)
{
	return trial->start * baseline->blocks + trial->block;
}

static int baseline_init(const struct record *record, int workload, int arm,
			 struct baseline *baseline)
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
	baseline->operations =
		calloc((size_t)starts * baseline->blocks + 1, sizeof(*baseline->operations));
	for (uint32_t i = 0; baseline->operations && i < record->trial_count; i++) {
		const struct record_trial *trial = record->trials + i;
		uint32_t at = place(baseline, trial);

		if (trial->workload != workload || !is_usable(trial) || trial->arm != arm)
			continue;
		baseline->operations[at].time = operation_time(trial);
		baseline->operations[at].user = trial->user_seconds / trial->operations;
	}
	return baseline->operations ? 0 : -ENOMEM;
}

/* Medians over the blocks of one workload in one arm, per operation; NaN: unknown. */
struct closure_parts {
	double added, exits;
	double outside; /* outside its calls: exits and the program's own work */
	double by_calls;
	struct interval all_added, unexplained; /* the latter at the given cost of an exit */
};

/* The same for each of its trials, as columns. */
enum column { ADDED, EXITS, OUTSIDE, BY_CALLS, LEFT, COLUMNS };

static double median(double *values, size_t count)
{
	gsl_sort(values, 1, count);
	return count ? gsl_stats_median_from_sorted_data(values, 1, count) : NAN;
}

static size_t fill_columns(const struct record *record, int workload, int arm,
			   const struct baseline *baseline, double *columns[COLUMNS])
{
	size_t used = 0;

	for (uint32_t i = 0; i < record->trial_count; i++) {
		const struct record_trial *trial = record->trials + i;
		double alone = baseline->operations[place(baseline, trial)].time;
		double user = baseline->operations[place(baseline, trial)].user;
		double calls = trial->call_seconds / trial->operations;

		if (trial->workload != workload || trial->arm != arm || !is_usable(trial) ||
		    isnan(trial->exits) || isnan(calls) || isnan(user) || !(alone > 0))
			continue;
		columns[ADDED][used] = operation_time(trial) - alone;
		columns[EXITS][used] = trial->exits / trial->operations;
		columns[OUTSIDE][used] = operation_time(trial) - calls;
		columns[BY_CALLS][used++] = calls + user - alone;
	}
	return used;
}

static struct interval locate(const double *values, size_t count)
{
	struct interval none = interval_none();
	struct series series = {0};
	struct estimate e;

	for (size_t i = 0; i < count; i++)
		if (series_append(&series, values[i], NAN, 0, (int)count, NULL))
			break;
	e = estimate_series(&series);
	series_finish(&series);
	if (isnan(e.half))
		return none;
	return (struct interval){e.value, e.value - e.half, e.value + e.half};
}

/* `exit_cost`: seconds; NaN: not known yet. */
static struct closure_parts measure(const struct record *record, int workload, int arm,
				    double exit_cost)
{
	size_t room = record->trial_count + 1u, used;
	cleanup_free double *values = calloc(COLUMNS * room, sizeof(*values));
	struct closure_parts parts = {NAN, NAN, NAN, NAN, {NAN, NAN, NAN}, {NAN, NAN, NAN}};
	double *columns[COLUMNS];
	struct baseline baseline;

	if (!values || baseline_init(record, workload,
				     record_condition(record, workload, arm)->against, &baseline))
		return parts;
	for (int i = 0; i < COLUMNS; i++)
		columns[i] = values + (size_t)i * room;
	used = fill_columns(record, workload, arm, &baseline, columns);
	free(baseline.operations);
	parts.all_added = locate(columns[ADDED], used);
	for (size_t i = 0; i < used; i++)
		columns[LEFT][i] =
			columns[ADDED][i] - columns[EXITS][i] * exit_cost - columns[BY_CALLS][i];
	if (!isnan(exit_cost))
		parts.unexplained = locate(columns[LEFT], used);
	parts.added = median(columns[ADDED], used);
	parts.exits = median(columns[EXITS], used);
	parts.outside = median(columns[OUTSIDE], used);
	parts.by_calls = median(columns[BY_CALLS], used);
	return parts;
}

static int fill_arm(const struct record *record, int arm, int reference, struct closure_row *rows)
{
	struct closure_parts cheapest = measure(record, reference, arm, NAN);
	int count = 0;

	/* if system calls are not exits, exits explain nothing */
	if (!(cheapest.added > 0) || !(cheapest.exits > 0.9))
		return 0;
	for (int w = 0; w < record->workload_count; w++) {
		struct closure_parts parts;
		struct closure_row row = {
			.workload = record->workloads[w].name,
			.label = record->arms[arm].label,
			.exit_cost = cheapest.outside / cheapest.exits,
		};

		if (w == reference)
			continue;
		parts = measure(record, w, arm, row.exit_cost);
		row.exits = parts.exits;
		row.by_exits = parts.exits * row.exit_cost;
		row.by_calls = parts.by_calls;
		row.predicted = row.by_exits + row.by_calls;
		row.measured = parts.added;
		row.added = parts.all_added;
		row.unexplained = parts.unexplained;
		if (!isnan(row.measured))
			rows[count++] = row;
	}
	return count;
}

struct closure_row *closure_rows(const struct record *record, int *count)
{
	int reference = record_find_workload(record, CLOSURE_WORKLOAD);
	struct closure_row *rows;

	*count = 0;
	if (reference < 0)
		return NULL;
	rows = calloc((size_t)record->arm_count * (size_t)record->workload_count, sizeof(*rows));
	for (int arm = 0; rows && arm < record->arm_count; arm++)
		if (condition_is_subject(record_condition(record, reference, arm)))
			*count += fill_arm(record, arm, reference, rows + *count);
	if (!*count) {
		free(rows);
		rows = NULL;
	}
	return rows;
}

double closure_percent(const struct closure_row *row, double part)
{
	return row->added.low > 0 ? 100 * part / row->added.value : NAN;
}
