/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/headline.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "results/percentile.h"
#include "results/plan.h"

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
		arms[arm].value.mean += log(record_from_nanoseconds(metric, 1));
		if (few)
			arms[arm].relative.half = arms[arm].value.half = NAN;
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
	const struct record_metric *metric = b->record->workloads[b->workload].metrics;
	int rc = 0;

	if (metric->histogram && metric->percentile > 0)
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
