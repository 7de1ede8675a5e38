/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/blocks.h"

#include <errno.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

static int compare(const void *left, const void *right)
{
	const struct record_trial *a = *(const struct record_trial *const *)left;
	const struct record_trial *b = *(const struct record_trial *const *)right;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	if (a->block != b->block)
		return a->block < b->block ? -1 : 1;
	return a->line < b->line ? -1 : a->line > b->line;
}

static bool same_block(const struct record_trial *a, const struct record_trial *b)
{
	return a->start == b->start && a->block == b->block;
}

/* Collects the trials that may enter an estimate, sorted; counts the others. */
static int gather(struct blocks *b, const struct record_trial **sorted)
{
	int count = 0;

	for (uint32_t i = 0; i < b->record->trial_count; i++) {
		const struct record_trial *trial = &b->record->trials[i];

		if (trial->workload != b->workload || trial->warmup)
			continue;
		b->flagged[trial->arm] += trial->flags != 0;
		if (trial->valid)
			sorted[count++] = trial;
		else
			b->left_out[trial->arm]++;
	}
	qsort(sorted, (size_t)count, sizeof(*sorted), compare);
	return count;
}

static void arrange(struct blocks *b, const struct record_trial *const *sorted, int count)
{
	for (int i = 0; i < count; i++) {
		const struct record_trial **cell;

		if (i == 0 || !same_block(sorted[i - 1], sorted[i]))
			b->count++;
		cell = &b->trials[(size_t)(b->count - 1) * (size_t)b->arms + sorted[i]->arm];
		if (!*cell) {
			*cell = sorted[i];
			continue;
		}
		b->left_out[sorted[i]->arm]++;
		b->seconds[b->second_count++] = sorted[i];
	}
}

/* Whether the arm's trial in `block` is of another instance than that in block `since`; false if
 * either block has none. */
static bool is_replaced(const struct blocks *b, int arm, int since, int block)
{
	const struct record_trial *before = blocks_at(b, since, arm);
	const struct record_trial *now = blocks_at(b, block, arm);

	return before && now && before->instance != now->instance;
}

/* A pair's start ends when the instances of both arms have been replaced: the luck of one that
 * stays is in all of the pair's blocks. */
static void number_starts(struct blocks *b, int arm)
{
	int since[2] = {-1, -1}, start = 0; /* since: the latest trials that the start began with */
	const int pair[2] = {record_condition(b->record, b->workload, arm)->against, arm};

	for (int i = 0; i < b->count; i++) {
		bool replaced = true;

		for (int k = 0; k < 2; k++)
			replaced =
				replaced && since[k] >= 0 && is_replaced(b, pair[k], since[k], i);
		start += replaced;
		for (int k = 0; k < 2; k++)
			if ((replaced || since[k] < 0) && blocks_at(b, i, pair[k]))
				since[k] = i;
		b->starts[(size_t)i * (size_t)b->arms + (size_t)arm] = start;
	}
}

int blocks_create(const struct record *record, int workload, struct blocks **blocks,
		  struct error *err)
{
	struct blocks *b = calloc(1, sizeof(*b));
	const struct record_trial **sorted = calloc(record->trial_count + 1, sizeof(*sorted));
	size_t arms = (size_t)record->arm_count, count = 0;

	*blocks = NULL;
	if (!b || !sorted)
		goto memory;
	b->record = record;
	b->workload = workload;
	b->arms = record->arm_count;
	b->flagged = calloc(arms, sizeof(int));
	b->left_out = calloc(arms, sizeof(int));
	if (!b->flagged || !b->left_out)
		goto memory;
	count = (size_t)gather(b, sorted);
	b->starts = calloc((count + 1) * arms, sizeof(int));
	b->trials = calloc((count + 1) * arms, sizeof(*b->trials));
	b->seconds = calloc(count + 1, sizeof(*b->seconds));
	if (!b->starts || !b->trials || !b->seconds)
		goto memory;
	arrange(b, sorted, (int)count);
	for (int arm = 0; arm < b->arms; arm++)
		number_starts(b, arm);
	free(sorted);
	*blocks = b;
	return 0;
memory:
	free(sorted);
	blocks_destroy(b);
	return error_errno(err, -ENOMEM, "arranging the blocks");
}

void blocks_destroy(struct blocks *blocks)
{
	if (!blocks)
		return;
	free(blocks->starts);
	free(blocks->trials);
	free(blocks->seconds);
	free(blocks->flagged);
	free(blocks->left_out);
	free(blocks);
}

/* NaN: no such value, or one that has no log. */
static double log_of(const struct record_trial *trial, int quantity, bool without_flagged)
{
	double value;

	if (!trial || (without_flagged && trial->flags))
		return NAN;
	if (quantity == QUANTITY_CPU_PER_OPERATION)
		value = trial->host_cpu_seconds / trial->operations;
	else
		value = trial->values[quantity];
	return value > 0 && isfinite(value) ? log(value) : NAN;
}

static int append(struct series *series, double value, double again, int start,
		  const struct blocks *b, struct error *err)
{
	if (isnan(value))
		return 0;
	return series_append(series, value, again, start, b->count, err);
}

int blocks_series(const struct blocks *b, int arm, int quantity, bool without_flagged,
		  struct series *series, struct error *err)
{
	int rc = 0;

	*series = (struct series){0};
	for (int i = 0; i < b->count && !rc; i++)
		rc = append(series, log_of(blocks_at(b, i, arm), quantity, without_flagged), NAN,
			    blocks_start(b, i, arm), b, err);
	return rc;
}

int blocks_relative(const struct blocks *b, int arm, int metric, bool without_flagged,
		    struct series *series, struct error *err)
{
	const struct record_workload *workload = &b->record->workloads[b->workload];
	double sign = metric >= 0 && !workload->metrics[metric].lower_is_better ? 1 : -1;
	const struct record_condition *condition = record_condition(b->record, b->workload, arm);
	int null_arm = record_null_of(b->record, b->workload, arm), rc = 0;
	bool twice = condition_is_subject(condition) && null_arm >= 0;

	*series = (struct series){0};
	for (int i = 0; i < b->count && !rc; i++) {
		double own = log_of(blocks_at(b, i, arm), metric, without_flagged);
		double other = log_of(blocks_at(b, i, condition->against), metric, without_flagged);
		double again = NAN;

		if (twice)
			again = log_of(blocks_at(b, i, null_arm), metric, without_flagged);
		rc = append(series, sign * (own - other), sign * (own - again),
			    blocks_start(b, i, arm), b, err);
	}
	return rc;
}

int blocks_zeros(const struct blocks *b, int arm, int metric)
{
	int zeros = 0;

	for (int i = 0; i < b->count; i++) {
		const struct record_trial *trial = blocks_at(b, i, arm);

		zeros += trial && trial->values[metric] == 0;
	}
	return zeros;
}

/* Whether two successive trials of the journal belong to the same round of blocks. */
static bool together(const struct record_trial *a, const struct record_trial *b)
{
	return a->workload == b->workload && a->start == b->start && !a->warmup && !b->warmup;
}

double blocks_trial_seconds(const struct record *record, int workload)
{
	double *steps = malloc((record->trial_count + 1) * sizeof(*steps)), median = NAN;
	size_t count = 0;

	for (uint32_t i = 1; steps && i < record->trial_count; i++) {
		const struct record_trial *t = &record->trials[i];

		if (t->workload == workload && together(t - 1, t) && t->time > (t - 1)->time)
			steps[count++] = t->time - (t - 1)->time;
	}
	if (count)
		median = gsl_stats_median(steps, 1, count);
	free(steps);
	return median;
}
