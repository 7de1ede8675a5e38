/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/percentile.h"

#include <errno.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

/* Half of a bucket's relative width: a histogram resolves no less. */
#define RESOLUTION (0.5 / (1 << HISTOGRAM_SUB_BITS))

/* The histograms of one arm, without empty buckets. */
struct table {
	int units, buckets;
	unsigned *index; /* of each bucket */
	uint64_t *below; /* one row per bucket: each unit's samples up to and including it */
	uint64_t samples, max;
};

struct arm_tables {
	struct table own, baseline;
	struct table again; /* of the null arm; no buckets: a unit of it has no samples */
	int blocks, starts;
};

struct percentile_tables {
	const char *histogram; /* borrowed from the record */
	int count;
	struct arm_tables arms[];
};

static void table_finish(struct table *table)
{
	free(table->index);
	free(table->below);
}

static bool usable(const struct record_trial *trial, bool without_flagged)
{
	return trial && !(without_flagged && trial->flags);
}

static bool has_histogram(const struct record_trial *trial, const char *name)
{
	for (int i = 0; i < trial->histogram_count; i++)
		if (!strcmp(trial->histograms[i].name, name))
			return trial->histograms[i].count > 0;
	return false;
}

/* Which unit a block belongs to, -1 for none; returns the number of units. */
static int assign_units(const struct blocks *b, int arm, const char *name, bool without_flagged,
			int *unit_of, struct arm_tables *t)
{
	int units = 0, previous = -1,
	    against = record_condition(b->record, b->workload, arm)->against;

	for (int i = 0; i < b->count; i++) {
		const struct record_trial *own = blocks_at(b, i, arm);
		const struct record_trial *base = blocks_at(b, i, against);

		unit_of[i] = -1;
		if (!usable(own, without_flagged) || !usable(base, without_flagged) ||
		    !has_histogram(own, name) || !has_histogram(base, name))
			continue;
		if (t->starts == 0 || blocks_start(b, i, arm) != previous)
			t->starts++;
		previous = blocks_start(b, i, arm);
		unit_of[i] = t->blocks++;
	}
	units = t->blocks < PERCENTILE_UNITS ? t->blocks : PERCENTILE_UNITS;
	previous = -1;
	for (int i = 0, start = -1; i < b->count; i++) {
		if (unit_of[i] < 0)
			continue;
		if (t->starts == 1) {
			unit_of[i] = (int)((int64_t)unit_of[i] * units / t->blocks);
			continue;
		}
		start += blocks_start(b, i, arm) != previous || start < 0;
		previous = blocks_start(b, i, arm);
		unit_of[i] = start;
	}
	return t->starts > 1 ? t->starts : units;
}

/* Keeps the units' histograms without their empty buckets. */
static int compress(struct table *table, const struct histogram *units)
{
	struct histogram *all = histogram_create();

	if (!all)
		return -ENOMEM;
	for (int u = 0; u < table->units; u++)
		histogram_merge(all, &units[u]);
	table->samples = all->count;
	table->max = all->max;
	table->index = calloc(HISTOGRAM_BUCKETS, sizeof(*table->index));
	for (unsigned i = 0; table->index && i < HISTOGRAM_BUCKETS; i++)
		if (all->counts[i])
			table->index[table->buckets++] = i;
	histogram_destroy(all);
	table->below =
		calloc((size_t)table->units * (size_t)table->buckets + 1, sizeof(*table->below));
	if (!table->index || !table->below)
		return -ENOMEM;
	for (int u = 0; u < table->units; u++) {
		uint64_t below = 0;

		for (int k = 0; k < table->buckets; k++) {
			below += units[u].counts[table->index[k]];
			table->below[k * table->units + u] = below;
		}
	}
	return 0;
}

static int table_fill(struct table *table, const struct blocks *b, int arm, const char *name,
		      const int *unit_of)
{
	struct histogram *units = calloc((size_t)table->units, sizeof(*units));
	int rc;

	if (!units)
		return -ENOMEM;
	for (int u = 0; u < table->units; u++)
		histogram_reset(&units[u]);
	for (int i = 0; i < b->count; i++)
		if (unit_of[i] >= 0)
			record_histogram(blocks_at(b, i, arm), name, 1, &units[unit_of[i]]);
	rc = compress(table, units);
	free(units);
	return rc;
}

/* Whether each unit has samples. */
static bool is_full(const struct table *table)
{
	const uint64_t *all;

	if (!table->buckets)
		return false;
	all = table->below + (size_t)(table->buckets - 1) * (size_t)table->units;
	for (int u = 0; u < table->units; u++)
		if (all[u] == 0)
			return false;
	return true;
}

/* The null arm's histograms of the same units. */
static int fill_again(struct arm_tables *t, const struct blocks *b, int null_arm, const char *name,
		      bool without_flagged, int *unit_of)
{
	int rc;

	for (int i = 0; i < b->count; i++) {
		const struct record_trial *trial = blocks_at(b, i, null_arm);

		if (!usable(trial, without_flagged) || !has_histogram(trial, name))
			unit_of[i] = -1;
	}
	t->again.units = t->own.units;
	rc = table_fill(&t->again, b, null_arm, name, unit_of);
	if (!rc && !is_full(&t->again)) {
		table_finish(&t->again);
		t->again = (struct table){0};
	}
	return rc;
}

static int arm_fill(struct arm_tables *t, const struct blocks *b, int arm, const char *name,
		    bool without_flagged)
{
	cleanup_free int *unit_of = calloc((size_t)b->count + 1, sizeof(*unit_of));
	const struct record_condition *condition = record_condition(b->record, b->workload, arm);
	int null_arm = record_null_of(b->record, b->workload, arm), rc, units;

	if (!unit_of)
		return -ENOMEM;
	units = assign_units(b, arm, name, without_flagged, unit_of, t);
	t->own.units = t->baseline.units = units;
	if (t->blocks < ESTIMATE_MIN_BLOCKS)
		return 0;
	rc = table_fill(&t->own, b, arm, name, unit_of);
	rc = rc ?: table_fill(&t->baseline, b, condition->against, name, unit_of);
	if (!rc && condition_is_subject(condition) && null_arm >= 0)
		rc = fill_again(t, b, null_arm, name, without_flagged, unit_of);
	return rc;
}

struct percentile_tables *percentile_tables_create(const struct blocks *blocks,
						   const char *histogram, bool without_flagged,
						   struct error *err)
{
	struct percentile_tables *t =
		calloc(1, sizeof(*t) + (size_t)blocks->arms * sizeof(*t->arms));
	int rc = t ? 0 : -ENOMEM;

	for (int arm = 0; arm < blocks->arms && !rc; arm++) {
		t->histogram = histogram;
		t->count = arm + 1;
		rc = arm_fill(&t->arms[arm], blocks, arm, histogram, without_flagged);
	}
	if (!rc)
		return t;
	percentile_tables_destroy(t);
	error_errno(err, rc, "estimating percentiles");
	return NULL;
}

void percentile_tables_destroy(struct percentile_tables *tables)
{
	if (!tables)
		return;
	for (int arm = 0; arm < tables->count; arm++) {
		table_finish(&tables->arms[arm].own);
		table_finish(&tables->arms[arm].baseline);
		table_finish(&tables->arms[arm].again);
	}
	free(tables);
}

bool percentile_tables_are(const struct percentile_tables *tables, const char *histogram)
{
	return tables && !strcmp(tables->histogram, histogram);
}

static double bucket_low(unsigned index)
{
	unsigned shift = index >> HISTOGRAM_SUB_BITS;
	uint64_t part = index & ((1u << HISTOGRAM_SUB_BITS) - 1);

	return shift < 2 ? index : (double)((part + (1u << HISTOGRAM_SUB_BITS)) << (shift - 1));
}

/* The number of samples of the drawn units up to and including bucket `k`. */
static uint64_t samples_to(const struct table *table, const unsigned *weights, int k)
{
	const uint64_t *row = table->below + (size_t)k * (size_t)table->units;
	uint64_t sum = 0;

	for (int u = 0; u < table->units; u++)
		sum += weights[u] * row[u];
	return sum;
}

/* log of the percentile, linear within its bucket. `weights`: how often each unit was drawn. */
static double log_percentile(const struct table *table, const unsigned *weights, double share)
{
	int k = 0, last = table->buckets - 1;
	uint64_t total = table->buckets ? samples_to(table, weights, last) : 0, below, own;
	double rank = share * (double)total, low, high, part;

	if (total == 0)
		return NAN;
	while (k < last) { /* the first bucket that reaches the rank */
		int middle = (k + last) / 2;

		if ((double)samples_to(table, weights, middle) < rank)
			k = middle + 1;
		else
			last = middle;
	}
	below = k ? samples_to(table, weights, k - 1) : 0;
	own = samples_to(table, weights, k) - below;
	part = own ? (rank - (double)below) / (double)own : 0.5;
	low = bucket_low(table->index[k]);
	high = bucket_low(table->index[k] + 1);
	return log(fmax(low + (high - low) * fmin(fmax(part, 0), 1), 0.5));
}

struct draws {
	double value[PERCENTILE_RESAMPLES], relative[PERCENTILE_RESAMPLES];
};

static void draw(gsl_rng *rng, unsigned *weights, int units)
{
	memset(weights, 0, (size_t)units * sizeof(*weights));
	for (int i = 0; i < units; i++)
		weights[gsl_rng_uniform_int(rng, (unsigned long)units)]++;
}

static struct estimate spread(const struct arm_tables *t, double value, const double *draws)
{
	int n = t->own.units;
	struct estimate e = estimate_none();

	e.value = e.mean = value;
	e.blocks = t->blocks;
	e.starts = t->starts;
	e.freedom = n - 1;
	e.se = gsl_stats_sd(draws, 1, PERCENTILE_RESAMPLES) * sqrt((double)n / (n - 1));
	e.se = fmax(e.se, RESOLUTION / estimate_quantile(e.freedom));
	e.half = e.se * estimate_quantile(e.freedom);
	return e;
}

static bool has_beyond(const struct table *table, double share)
{
	return (double)table->samples * (1 - share) >= PERCENTILE_BEYOND;
}

/* The baseline's log percentile, or the mean of its and the null arm's if that has samples. */
static double log_baseline(const struct arm_tables *t, const unsigned *weights, double share)
{
	double baseline = log_percentile(&t->baseline, weights, share);

	if (!has_beyond(&t->again, share))
		return baseline;
	return (baseline + log_percentile(&t->again, weights, share)) / 2;
}

static int resample(const struct arm_tables *t, double share, double sign, uint64_t seed,
		    struct percentile *out)
{
	int units = t->own.units;
	cleanup_free unsigned *weights = calloc((size_t)units, sizeof(*weights));
	cleanup_free struct draws *draws = malloc(sizeof(*draws));
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	double value, relative;

	if (!weights || !draws || !rng) {
		if (rng)
			gsl_rng_free(rng);
		return -ENOMEM;
	}
	for (int u = 0; u < units; u++)
		weights[u] = 1;
	value = log_percentile(&t->own, weights, share);
	relative = sign * (value - log_baseline(t, weights, share));
	gsl_rng_set(rng, (unsigned long)(seed % 4294967291u) + 1);
	for (int i = 0; i < PERCENTILE_RESAMPLES; i++) {
		draw(rng, weights, units);
		draws->value[i] = log_percentile(&t->own, weights, share);
		draws->relative[i] = sign * (draws->value[i] - log_baseline(t, weights, share));
	}
	gsl_rng_free(rng);
	out->value = spread(t, value, draws->value);
	out->relative = spread(t, relative, draws->relative);
	out->relative.both = has_beyond(&t->again, share);
	return 0;
}

static int estimate_arm(const struct arm_tables *t, const struct record_metric *metric,
			uint64_t seed, struct percentile *out, bool *few)
{
	double share = metric->percentile;
	int rc = 0;

	if (t->blocks >= ESTIMATE_MIN_BLOCKS) {
		out->samples = t->own.samples;
		out->max = t->own.max;
		if (!has_beyond(&t->own, share) || !has_beyond(&t->baseline, share))
			*few = true;
		else
			rc = resample(t, share, metric->lower_is_better ? -1 : 1, seed, out);
	}
	out->value.blocks = out->relative.blocks = t->blocks;
	out->value.starts = out->relative.starts = t->starts;
	return rc;
}

int percentile_estimate(const struct percentile_tables *tables, const struct record_metric *metric,
			uint64_t seed, struct percentile *arms, bool *few, struct error *err)
{
	*few = false;
	for (int arm = 0; arm < tables->count; arm++) {
		arms[arm] =
			(struct percentile){.value = estimate_none(), .relative = estimate_none()};
		if (estimate_arm(&tables->arms[arm], metric, seed, &arms[arm], few))
			return error_errno(err, -ENOMEM, "estimating percentiles");
	}
	return 0;
}
