/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/ladder.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results/blocks.h"
#include "results/plan.h"

bool ladder_wanted(const struct record *record)
{
	json_t *study = json_object_get(record->run, "study");
	const char *figure = json_string_value(json_object_get(study, "figure"));

	return figure && !strcmp(figure, "ladder");
}

/* The log of what an operation of the headline metric costs; NaN where there is no value. */
static double log_cost(const struct record *record, const struct record_trial *trial)
{
	const struct record_metric *metric;
	double value;

	if (!trial)
		return NAN;
	metric = &record->workloads[trial->workload].metrics[0];
	value = trial->values[0];
	if (!(value > 0) || !isfinite(value))
		return NAN;
	return metric->lower_is_better ? log(value) : -log(value);
}

static int estimate_step(const struct blocks *blocks, struct ladder_step *step, struct error *err)
{
	struct series series = {0};
	struct estimate estimate;
	int code = 0;

	for (int block = 0; block < blocks->count && !code; block++) {
		double change = log_cost(blocks->record, blocks_at(blocks, block, step->arm)) -
				log_cost(blocks->record, blocks_at(blocks, block, step->below));

		if (isfinite(change))
			code = series_append(&series, change, blocks->starts[block], blocks->count,
					     err);
	}
	estimate = estimate_series(&series);
	series_finish(&series);
	step->cost = estimate_interval(&estimate);
	step->overhead = (struct interval){(step->cost.value - 1) * 100, (step->cost.low - 1) * 100,
					   (step->cost.high - 1) * 100};
	return code;
}

static bool is_comparable(const struct record *record, int arm)
{
	json_t *environment = record_environment(record, arm);

	return !json_is_false(json_object_get(environment, "comparable"));
}

/* Both ends of a step must stand for what they are named after, and the null arm must hold. */
static enum ladder_finding judge(const struct ladder *ladder, const struct ladder_step *step)
{
	const struct record *record = ladder->summary->record;
	const struct summary_row *row =
		summary_headline(ladder->summary, step->workload, step->arm);

	if (!row || !isfinite(step->cost.low) || !isfinite(step->cost.high))
		return STEP_NO_VALUE;
	if (!is_comparable(record, step->arm) || !is_comparable(record, step->below))
		return STEP_EMULATED;
	if (!strcmp(row->reason, VERDICT_NULL_FAILED))
		return STEP_UNRESOLVED;
	return step->cost.low > 1 || step->cost.high < 1 ? STEP_DIFFERS : STEP_NOISE;
}

static void finish_step(const struct ladder *ladder, struct ladder_step *step)
{
	const struct summary_row *row =
		summary_headline(ladder->summary, step->workload, step->arm);

	step->finding = judge(ladder, step);
	step->in_all = row ? row->overhead : (struct interval){NAN, NAN, NAN};
}

static int add_workload(const struct record *record, struct ladder *ladder, int workload,
			struct error *err)
{
	struct blocks *blocks;
	int code = blocks_create(record, workload, &blocks, err), below = 0;

	if (code)
		return code;
	for (int arm = 1; arm < record->arm_count && !code; arm++) {
		struct ladder_step *step = &ladder->steps[ladder->count];

		if (record->arms[arm].role != ARM_SUBJECT)
			continue;
		*step = (struct ladder_step){.workload = workload, .arm = arm, .below = below};
		ladder->count++;
		code = estimate_step(blocks, step, err);
		finish_step(ladder, step);
		if (step->finding != STEP_NO_VALUE)
			below = arm;
	}
	blocks_destroy(blocks);
	return code;
}

int ladder_create(const struct summary *summary, struct ladder **ladder, struct error *err)
{
	const struct record *record = summary->record;
	struct ladder *all = calloc(1, sizeof(*all));
	size_t room = (size_t)record->workload_count * (size_t)record->arm_count + 1;
	int code = 0;

	*ladder = NULL;
	if (all)
		all->steps = calloc(room, sizeof(*all->steps));
	if (!all || !all->steps)
		code = error_errno(err, -ENOMEM, "the rungs of the ladder");
	else
		all->summary = summary;
	for (int w = 0; w < record->workload_count && !code; w++)
		code = add_workload(record, all, w, err);
	if (code)
		ladder_destroy(all);
	else
		*ladder = all;
	return code;
}

void ladder_destroy(struct ladder *ladder)
{
	if (!ladder)
		return;
	free(ladder->steps);
	free(ladder);
}

const struct ladder_step *ladder_last(const struct ladder *ladder, int workload)
{
	const struct ladder_step *last = NULL;

	for (int i = 0; i < ladder->count; i++)
		if (ladder->steps[i].workload == workload)
			last = &ladder->steps[i];
	return last;
}

const struct ladder_step *ladder_greatest(const struct ladder *ladder, int workload)
{
	const struct ladder_step *greatest = NULL;

	for (int i = 0; i < ladder->count; i++) {
		const struct ladder_step *step = &ladder->steps[i];

		if (step->workload != workload || step->finding != STEP_DIFFERS)
			continue;
		if (!greatest || fabs(log(step->cost.value)) > fabs(log(greatest->cost.value)))
			greatest = step;
	}
	return greatest;
}

double ladder_counter(const struct ladder *ladder, const struct ladder_step *step, const char *name)
{
	const struct summary_row *row =
		summary_headline(ladder->summary, step->workload, step->arm);
	json_t *value = row ? json_object_get(row->counters_per_op, name) : NULL;

	return json_is_number(value) ? json_number_value(value) : NAN;
}
