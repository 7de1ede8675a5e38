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

static double log_own(const struct record *record, const struct record_trial *trial)
{
	(void)record;
	if (!trial || !(trial->instance_cpu_seconds > 0) || !(trial->operations > 0))
		return NAN;
	return log(trial->instance_cpu_seconds / trial->operations);
}

/* The change of a quantity from arm `below` to `arm`, paired in the same blocks. */
static int estimate_change(const struct blocks *blocks, int arm, int below,
			   double (*quantity)(const struct record *, const struct record_trial *),
			   struct interval *ratio, struct error *err)
{
	struct series series = {0};
	struct estimate estimate;
	int code = 0;

	for (int block = 0; block < blocks->count && !code; block++) {
		double change = quantity(blocks->record, blocks_at(blocks, block, arm)) -
				quantity(blocks->record, blocks_at(blocks, block, below));

		if (isfinite(change))
			code = series_append(&series, change, NAN, blocks->starts[block],
					     blocks->count, err);
	}
	estimate = estimate_series(&series);
	series_finish(&series);
	*ratio = estimate_interval(&estimate);
	return code;
}

static struct interval percent(struct interval ratio)
{
	return (struct interval){(ratio.value - 1) * 100, (ratio.low - 1) * 100,
				 (ratio.high - 1) * 100};
}

static enum ladder_finding judge_interval(const struct interval *cost, bool comparable)
{
	if (!isfinite(cost->low) || !isfinite(cost->high))
		return STEP_NO_VALUE;
	if (!comparable)
		return STEP_EMULATED;
	return verdict_differs(cost) ? STEP_DIFFERS : STEP_NOISE;
}

static bool is_comparable(const struct record *record, int arm)
{
	json_t *environment = record_environment(record, arm);

	return !json_is_false(json_object_get(environment, "comparable"));
}

/* Both ends of a step must stand for what they are named after. */
static int finish_step(const struct ladder *ladder, const struct blocks *blocks,
		       struct ladder_step *step, struct error *err)
{
	const struct record *record = ladder->summary->record;
	const struct summary_row *row =
		summary_headline(ladder->summary, step->workload, step->arm);
	bool comparable = is_comparable(record, step->arm) && is_comparable(record, step->below);
	struct interval own;
	int code = estimate_change(blocks, step->arm, step->below, log_cost, &step->cost, err);

	if (!code)
		code = estimate_change(blocks, step->arm, step->below, log_own, &own, err);
	if (code)
		return code;
	step->overhead = percent(step->cost);
	step->in_all = row ? row->overhead : (struct interval){NAN, NAN, NAN};
	step->finding = judge_interval(&step->cost, comparable);
	step->own = percent(own);
	step->own_finding = judge_interval(&own, comparable);
	return 0;
}

static int add_workload(const struct record *record, struct ladder *ladder, int workload,
			struct error *err)
{
	struct blocks *blocks;
	int code = blocks_create(record, workload, &blocks, err), below = 0, skipped = 0;

	if (code)
		return code;
	for (int arm = 1; arm < record->arm_count && !code; arm++) {
		struct ladder_step *step = &ladder->steps[ladder->count];

		if (record->arms[arm].role != ARM_SUBJECT)
			continue;
		*step = (struct ladder_step){
			.workload = workload, .arm = arm, .below = below, .skipped = skipped};
		ladder->count++;
		code = finish_step(ladder, blocks, step, err);
		skipped = step->finding == STEP_NO_VALUE ? skipped + 1 : 0;
		if (!skipped)
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
	if (!all || !(all->steps = calloc(room, sizeof(*all->steps)))) {
		ladder_destroy(all);
		return error_errno(err, -ENOMEM, "the rungs of the ladder");
	}
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

const struct ladder_step *ladder_greatest(const struct ladder *ladder, int workload, bool own)
{
	const struct ladder_step *greatest = NULL;
	double most = 0;

	for (int i = 0; i < ladder->count; i++) {
		const struct ladder_step *step = &ladder->steps[i];
		const struct interval *change = own ? &step->own : &step->overhead;
		double size = fabs(log1p(change->value / 100));

		if (step->workload != workload ||
		    (own ? step->own_finding : step->finding) != STEP_DIFFERS || !(size > most))
			continue;
		greatest = step;
		most = size;
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
