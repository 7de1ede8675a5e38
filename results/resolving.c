/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/resolving.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/blocks.h"
#include "results/remedy.h"
#include "results/verdict.h"

static json_t *measure_workload(const struct record *record, int workload, int null_arm,
				struct error *err)
{
	struct blocks *blocks;
	struct series series = {0};
	json_t *json = NULL;

	if (blocks_create(record, workload, &blocks, err))
		return NULL;
	if (!blocks_relative(blocks, null_arm, 0, false, &series, err) &&
	    series.count >= ESTIMATE_MIN_BLOCKS) {
		double sd = gsl_stats_sd(series.values, 1, (size_t)series.count);
		double seconds = blocks_trial_seconds(record, workload);

		json = json_pack("{s:s, s:f, s:i, s:o}", "panel", record->workloads[workload].panel,
				 "block_sd", sd, "blocks", series.count, "trial_seconds",
				 isnan(seconds) ? json_null() : json_real(seconds));
	}
	series_finish(&series);
	blocks_destroy(blocks);
	return json;
}

json_t *resolving_measure(const struct summary *summary, struct error *err)
{
	const struct record *record = summary->record;
	json_t *workloads = json_object();

	for (int i = 0; i < record->workload_count * record->arm_count; i++) {
		int workload = i / record->arm_count;
		json_t *measured = NULL;

		if (condition_is_null(&record->conditions[i]))
			measured = measure_workload(record, workload, i % record->arm_count, err);
		if (measured)
			json_object_set_new(workloads, record->workloads[workload].name, measured);
	}
	return json_pack("{s:o}", "workloads", workloads);
}

static json_t *find(const json_t *power, const char *workload)
{
	return json_object_get(json_object_get(power, "workloads"), workload);
}

double resolving_half_width(const json_t *power, const char *workload, int blocks)
{
	json_t *sd = json_object_get(find(power, workload), "block_sd");

	if (!json_is_number(sd) || blocks < ESTIMATE_MIN_BLOCKS)
		return NAN;
	return estimate_quantile(blocks - 1) * json_number_value(sd) / sqrt(blocks);
}

double resolving_found(const json_t *power, const char *workload, int blocks)
{
	json_t *sd = json_object_get(find(power, workload), "block_sd");

	if (!json_is_number(sd) || blocks < ESTIMATE_MIN_BLOCKS)
		return NAN;
	return remedy_found(sqrt(0.75) * json_number_value(sd) / sqrt(blocks), blocks - 1);
}

int resolving_blocks(const json_t *power, const char *workload, double seconds, int arms)
{
	double trial = json_number_value(json_object_get(find(power, workload), "trial_seconds"));
	double blocks = trial > 0 ? seconds / (trial * arms) : 0;

	return blocks > 0 && blocks < 1e6 ? (int)blocks : 0;
}

char *resolving_sentence(const json_t *power, const char *const *workloads, int count,
			 double seconds, int arms)
{
	char *text = NULL;
	size_t length;
	FILE *out;
	int known = 0, said = 0;

	for (int i = 0; i < count; i++)
		known += find(power, workloads[i]) != NULL;
	if (!known)
		return NULL;
	out = open_memstream(&text, &length);
	if (!out)
		return NULL;
	fprintf(out, "in %g s, 9 of 10 runs on this machine find a difference of", seconds);
	for (int i = 0; i < count; i++) {
		int blocks = resolving_blocks(power, workloads[i], seconds / known, arms);
		double found = resolving_found(power, workloads[i], blocks);
		bool coarse = found > log1p(VERDICT_MARGIN);

		if (!isnan(found))
			fprintf(out, "%s %.2g %% on %s%s", said++ ? "," : "", expm1(found) * 100,
				workloads[i],
				coarse ? " (too coarse for a verdict of negligible)" : "");
	}
	if (fclose(out) || !said) {
		free(text);
		return NULL;
	}
	return text;
}
