/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/headline.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "results/percentile.h"
#include "results/record_plan.h"

static bool is_percentile(const struct blocks *b)
{
	const struct record_metric *metric = b->record->workloads[b->workload].metrics;

	return metric->histogram && metric->percentile > 0;
}

static int of_percentile(const struct blocks *b, struct headline *arms, struct error *err)
{
	const struct record_metric *metric = b->record->workloads[b->workload].metrics;
	cleanup_free struct percentile *all = calloc((size_t)b->arms, sizeof(*all));
	struct percentile_tables *tables;
	uint64_t seed = (uint64_t)record_plan_number(b->record, "seed", 0);
	bool few;
	int rc;

	if (!all)
		return error_errno(err, -ENOMEM, "estimating");
	tables = percentile_tables_create(b, metric->histogram, false, err);
	rc = tables ? percentile_estimate(tables, metric, seed, all, &few, err) : -ENOMEM;
	percentile_tables_destroy(tables);
	for (int arm = 0; arm < b->arms && !rc; arm++) {
		arms[arm] = (struct headline){all[arm].value, all[arm].relative};
		arms[arm].value.value += log(record_from_nanoseconds(metric, 1));
		if (few)
			arms[arm] = (struct headline){estimate_none(), estimate_none()};
	}
	return rc;
}

static struct estimate finish(struct series *series)
{
	struct estimate e = estimate_series(series);

	series_finish(series);
	return e;
}

int headline_estimate(const struct blocks *b, struct headline *arms, struct error *err)
{
	int rc = 0;

	if (is_percentile(b))
		return of_percentile(b, arms, err);
	for (int arm = 0; arm < b->arms && !rc; arm++) {
		struct series series;

		rc = blocks_series(b, arm, 0, false, &series, err);
		arms[arm].value = finish(&series);
		if (rc)
			break;
		rc = blocks_relative(b, arm, 0, false, &series, err);
		arms[arm].relative = finish(&series);
	}
	return rc;
}

int headline_relative(const struct blocks *b, int arm, struct estimate *relative, struct error *err)
{
	cleanup_free struct headline *arms = NULL;
	struct series series;
	int rc;

	if (!is_percentile(b)) {
		rc = blocks_relative(b, arm, 0, false, &series, err);
		*relative = finish(&series);
		return rc;
	}
	arms = calloc((size_t)b->arms, sizeof(*arms));
	if (!arms)
		return error_errno(err, -ENOMEM, "estimating");
	rc = of_percentile(b, arms, err);
	*relative = arms[arm].relative;
	return rc;
}
