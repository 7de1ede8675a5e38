/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/precision.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "harness/base/cleanup.h"
#include "results/blocks.h"
#include "results/percentile.h"
#include "results/plan.h"
#include "results/verdict.h"

static bool has_trials(const struct blocks *b, int arm)
{
	for (int i = 0; i < b->count; i++)
		if (blocks_at(b, i, arm))
			return true;
	return false;
}

/* Estimates of log relative, one an arm, of the headline metric. */
static int estimate_arms(const struct blocks *b, struct estimate *arms, struct error *err)
{
	const struct record_metric *m = b->record->workloads[b->workload].metrics;
	cleanup_free struct percentile *percentiles = NULL;
	bool few;
	int rc = 0;

	if (m->histogram && m->percentile > 0) {
		percentiles = calloc((size_t)b->arms, sizeof(*percentiles));
		if (!percentiles)
			return error_errno(err, -ENOMEM, "estimating");
		rc = percentile_estimate(b, 0, false, 0, percentiles, &few, err);
		for (int arm = 0; arm < b->arms; arm++)
			arms[arm] = percentiles[arm].relative;
		return rc;
	}
	for (int arm = 0; arm < b->arms && !rc; arm++) {
		struct series series;

		rc = blocks_relative(b, arm, 0, false, &series, err);
		arms[arm] = estimate_series(&series);
		series_finish(&series);
	}
	return rc;
}

/* The wider of two, unknown being the widest. */
static double wider(double a, double b)
{
	return isnan(a) || isnan(b) ? NAN : fmax(a, b);
}

static void sum_up(const struct blocks *b, const struct estimate *arms, struct precision *p)
{
	bool any = false;

	for (int arm = 1; arm < b->arms; arm++) {
		if (!has_trials(b, arm))
			continue;
		if (!any || arms[arm].blocks < p->blocks)
			p->blocks = arms[arm].blocks;
		if (!any || arms[arm].starts < p->starts)
			p->starts = arms[arm].starts;
		any = true;
		if (b->record->arms[arm].role == ARM_NULL)
			p->null_half = arms[arm].half;
		else
			p->half_width = wider(p->half_width, arms[arm].half);
	}
	p->reached = any && p->half_width <= p->target && p->null_half <= p->null_target;
}

int estimate_precision(const struct record *record, int workload, double target,
		       struct precision *precision, struct error *err)
{
	double margin = verdict_margin(record->workloads[workload].metrics);
	cleanup_free struct estimate *arms = calloc((size_t)record->arm_count, sizeof(*arms));
	struct blocks *b;
	int rc;

	*precision = (struct precision){
		.target = target, .null_target = fmin(target, PRECISION_NULL * log1p(margin))};
	if (!arms)
		return error_errno(err, -ENOMEM, "estimating");
	rc = blocks_create(record, workload, &b, err);
	if (rc)
		return rc;
	rc = estimate_arms(b, arms, err);
	if (!rc)
		sum_up(b, arms, precision);
	blocks_destroy(b);
	return rc;
}

bool estimate_precise(const struct record *record, int workload)
{
	json_t *target = json_object_get(record->workloads[workload].entry, "target");
	struct precision p;

	if (!json_is_number(target) ||
	    estimate_precision(record, workload, json_number_value(target), &p, NULL))
		return false;
	return p.reached && p.blocks >= record_plan_number(record, "min_blocks", 0) &&
	       p.starts >= record_plan_number(record, "starts", 1);
}
