/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/run/run_live.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "harness/plan/schedule.h"
#include "results/blocks.h"
#include "results/estimate.h"
#include "results/precision.h"

struct live {
	struct record *record;
};

int live_create(json_t *run, struct live **live, struct error *err)
{
	/* A copy: run.json is rewritten while the record points into it. */
	json_t *copy = json_deep_copy(run);
	int rc;

	*live = calloc(1, sizeof(**live));
	if (!*live || !copy) {
		json_decref(copy);
		free(*live);
		*live = NULL;
		return error_errno(err, -ENOMEM, "the live estimate");
	}
	rc = record_create(copy, &(*live)->record, err);
	json_decref(copy);
	if (rc) {
		free(*live);
		*live = NULL;
	}
	return rc;
}

void live_destroy(struct live *live)
{
	if (!live)
		return;
	record_destroy(live->record);
	free(live);
}

int live_add(struct live *live, json_t *line, struct error *err)
{
	return record_add_line(live->record, line, err);
}

static int look_at(const struct blocks *blocks, int arm, struct live_look *look, struct error *err)
{
	struct series series = {0};
	struct interval relative;
	struct estimate estimate;
	int rc = blocks_relative(blocks, arm, 0, false, &series, err);

	if (!rc) {
		estimate = estimate_series(&series);
		relative = estimate_interval(&estimate);
		look->overhead.value = (1 / relative.value - 1) * 100;
		look->overhead.low = (1 / relative.high - 1) * 100;
		look->overhead.high = (1 / relative.low - 1) * 100;
	}
	series_finish(&series);
	return rc;
}

static int workload_of(const struct live *live, const struct plan *plan, int comparison)
{
	return record_find_workload(live->record, plan_key(plan, comparison));
}

static int arm_of(const struct live *live, const struct plan_condition *condition)
{
	return record_find_arm(live->record, condition->column);
}

int live_look(const struct live *live, const struct plan *plan, int comparison,
	      struct live_look *looks, struct error *err)
{
	const struct plan_comparison *c = &plan->comparisons[comparison];
	struct blocks *blocks;
	int rc = blocks_create(live->record, workload_of(live, plan, comparison), &blocks, err);

	for (int i = 0; i < c->count; i++)
		looks[i] = (struct live_look){{NAN, NAN, NAN}};
	if (rc)
		return rc;
	for (int i = 0; i < c->count && !rc; i++) {
		const struct plan_condition *condition = &plan->conditions[c->first + i];

		if (!plan_is_baseline(plan, condition))
			rc = look_at(blocks, arm_of(live, condition), &looks[i], err);
	}
	blocks_destroy(blocks);
	return rc;
}

bool live_precise(const struct live *live, const struct plan *plan, int comparison)
{
	double target = plan->workloads[plan->comparisons[comparison].workload].target;
	struct precision precision;

	return estimate_precision(live->record, workload_of(live, plan, comparison), target,
				  &precision, NULL) == 0 &&
	       precision.reached;
}

/* Ignores arms that never had a trial of this workload, and those whose turn it is not. */
static bool is_whole(const struct blocks *blocks, int block, const int *trials, const int *every)
{
	unsigned number = 0;

	for (int arm = 0; arm < blocks->arms; arm++)
		if (blocks_at(blocks, block, arm))
			number = blocks_at(blocks, block, arm)->block;
	for (int arm = 0; arm < blocks->arms; arm++)
		if (trials[arm] && !blocks_at(blocks, block, arm) &&
		    schedule_takes_part(every[arm], number))
			return false;
	return true;
}

int live_whole_blocks(const struct live *live, const struct plan *plan, int comparison,
		      struct error *err)
{
	const struct plan_comparison *c = &plan->comparisons[comparison];
	struct blocks *blocks;
	int rc = blocks_create(live->record, workload_of(live, plan, comparison), &blocks, err);
	int *trials, *every, whole = 0;

	if (rc)
		return rc;
	trials = calloc(2 * (size_t)blocks->arms + 1, sizeof(*trials));
	every = trials ? trials + blocks->arms : NULL;
	for (int i = c->first; every && i < c->first + c->count; i++)
		every[arm_of(live, &plan->conditions[i])] = plan->conditions[i].every;
	for (int block = 0; trials && block < blocks->count; block++)
		for (int arm = 0; arm < blocks->arms; arm++)
			trials[arm] += blocks_at(blocks, block, arm) != NULL;
	for (int block = 0; trials && block < blocks->count; block++)
		whole += is_whole(blocks, block, trials, every);
	free(trials);
	blocks_destroy(blocks);
	return whole;
}
