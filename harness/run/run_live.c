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
	/* A copy: run.json is written again while the record points into it. */
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

static int look_at(const struct blocks *blocks, int arm, struct live_arm *look, struct error *err)
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

int live_look(const struct live *live, int workload, struct live_arm *arms, struct error *err)
{
	struct blocks *blocks;
	int rc = blocks_create(live->record, workload, &blocks, err);

	for (int i = 0; i < live->record->arm_count; i++)
		arms[i] = (struct live_arm){{NAN, NAN, NAN}};
	if (rc)
		return rc;
	for (int i = 1; i < live->record->arm_count && !rc; i++)
		rc = look_at(blocks, i, &arms[i], err);
	blocks_destroy(blocks);
	return rc;
}

bool live_precise(const struct live *live, int workload, double target)
{
	struct precision precision;

	return estimate_precision(live->record, workload, target, &precision, NULL) == 0 &&
	       precision.reached;
}

/* Arms that never came to a trial of this workload are not waited for, nor those whose turn it is
 * not. The record has the arms in the plan's order. */
static bool is_whole(const struct blocks *blocks, int block, const int *trials,
		     const struct plan *plan, int workload)
{
	unsigned number = 0;

	for (int arm = 0; arm < blocks->arms; arm++)
		if (blocks_at(blocks, block, arm))
			number = blocks_at(blocks, block, arm)->block;
	for (int arm = 0; arm < blocks->arms; arm++)
		if (trials[arm] && !blocks_at(blocks, block, arm) &&
		    schedule_takes_part(plan_find(plan, workload, arm)->every, number))
			return false;
	return true;
}

int live_whole_blocks(const struct live *live, int workload, const struct plan *plan,
		      struct error *err)
{
	struct blocks *blocks;
	int rc = blocks_create(live->record, workload, &blocks, err), whole = 0;
	int *trials;

	if (rc)
		return rc;
	trials = calloc((size_t)blocks->arms + 1, sizeof(*trials));
	for (int block = 0; trials && block < blocks->count; block++)
		for (int arm = 0; arm < blocks->arms; arm++)
			trials[arm] += blocks_at(blocks, block, arm) != NULL;
	for (int block = 0; trials && block < blocks->count; block++)
		whole += is_whole(blocks, block, trials, plan, workload);
	free(trials);
	blocks_destroy(blocks);
	return whole;
}
