/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/ladder.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results/blocks.h"

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
	step->differs = step->cost.low > 1 || step->cost.high < 1;
	return code;
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
		below = arm;
	}
	blocks_destroy(blocks);
	return code;
}

int ladder_create(const struct record *record, struct ladder **ladder, struct error *err)
{
	struct ladder *all = calloc(1, sizeof(*all));
	size_t room = (size_t)record->workload_count * (size_t)record->arm_count + 1;
	int code = 0;

	*ladder = NULL;
	if (all)
		all->steps = calloc(room, sizeof(*all->steps));
	if (!all || !all->steps)
		code = error_errno(err, -ENOMEM, "the rungs of the ladder");
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
