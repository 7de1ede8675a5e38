/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/precision.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "results/headline.h"
#include "results/record_plan.h"

static bool has_trials(const struct blocks *b, int arm)
{
	for (int i = 0; i < b->count; i++)
		if (blocks_at(b, i, arm))
			return true;
	return false;
}

/* The wider of two, unknown being the widest. */
static double wider(double a, double b)
{
	return isnan(a) || isnan(b) ? NAN : fmax(a, b);
}

static void add_subject(struct precision *p, const struct estimate *relative)
{
	double wanted = fmax(p->target, PRECISION_OF_RATIO * fabs(relative->value));

	p->half_width = wider(p->half_width, relative->half);
	p->wanting = wider(p->wanting, relative->half / wanted);
}

static void sum_up(const struct blocks *b, const struct headline *arms, struct precision *p)
{
	bool any = false;
	int subjects = 0;

	for (int arm = 0; arm < b->arms; arm++) {
		const struct record_condition *condition =
			record_condition(b->record, b->workload, arm);

		if (condition_is_baseline(condition) || !has_trials(b, arm))
			continue;
		if (!any || arms[arm].relative.blocks < p->blocks)
			p->blocks = arms[arm].relative.blocks;
		if (!any || arms[arm].relative.starts < p->starts)
			p->starts = arms[arm].relative.starts;
		any = true;
		if (condition_is_null(condition))
			p->null_half = arms[arm].relative.half;
		else
			add_subject(p, &arms[arm].relative);
		subjects += condition_is_subject(condition);
	}
	if (subjects == 0) /* an A/A run measures nothing else */
		p->wanting = p->null_half / p->target;
	p->reached = any && p->wanting <= 1;
}

int estimate_precision(const struct record *record, int workload, double target,
		       struct precision *precision, struct error *err)
{
	cleanup_free struct headline *arms = calloc((size_t)record->arm_count, sizeof(*arms));
	struct blocks *b;
	int rc;

	*precision = (struct precision){.target = target};
	if (!arms)
		return error_errno(err, -ENOMEM, "estimating");
	rc = blocks_create(record, workload, &b, err);
	if (rc)
		return rc;
	rc = headline_estimate(b, arms, err);
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
