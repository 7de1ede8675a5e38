/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/estimate.h"

#include <errno.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

int series_append(struct series *series, double value, int start, int hint, struct error *err)
{
	if (series->count == series->room) {
		int room = series->room ? series->room * 2 : hint + 1;
		double *values = realloc(series->values, (size_t)room * sizeof(*values));
		int *starts = NULL;

		if (values) {
			series->values = values;
			starts = realloc(series->starts, (size_t)room * sizeof(*starts));
		}
		if (!starts)
			return error_errno(err, -ENOMEM, "estimating");
		series->starts = starts;
		series->room = room;
	}
	series->values[series->count] = value;
	series->starts[series->count++] = start;
	return 0;
}

void series_finish(struct series *series)
{
	free(series->values);
	free(series->starts);
	*series = (struct series){0};
}

struct interval interval_none(void)
{
	return (struct interval){NAN, NAN, NAN};
}

struct interval estimate_interval(const struct estimate *e)
{
	if (isnan(e->half))
		return interval_none();
	return (struct interval){exp(e->mean), exp(e->mean - e->half), exp(e->mean + e->half)};
}

double estimate_quantile(int units)
{
	return units < 2 ? NAN : gsl_cdf_tdist_Pinv(0.975, units - 1);
}

/* What the blocks of the starts say, summed over starts. */
struct within {
	int starts;
	double sum_means, sum_square_means; /* of the starts' means, less the first value */
	double squares;                     /* deviations from their start's mean */
	double steps;                       /* of successive blocks of a start */
	int step_count;
};

static void add_start(struct within *w, const double *values, int count, double origin)
{
	double mean = gsl_stats_mean(values, 1, (size_t)count) - origin;

	for (int i = 0; i < count; i++) {
		double deviation = values[i] - origin - mean;
		double step = i ? values[i] - values[i - 1] : 0;

		w->squares += deviation * deviation;
		w->steps += step * step;
	}
	w->step_count += count - 1;
	w->sum_means += mean;
	w->sum_square_means += mean * mean;
	w->starts++;
}

/* The first value is taken off all of them, lest squares of large logs cancel badly. */
static struct within walk(const struct series *s)
{
	struct within w = {0};

	for (int from = 0, to; from < s->count; from = to) {
		for (to = from + 1; to < s->count && s->starts[to] == s->starts[from]; to++)
			;
		add_start(&w, s->values + from, to - from, s->values[0]);
	}
	return w;
}

static void split_variance(struct estimate *e, const struct within *w, double between)
{
	double inside = e->blocks > w->starts ? w->squares / (e->blocks - w->starts) : NAN;
	double trial = w->step_count ? fmin(w->steps / (2.0 * w->step_count), inside) : NAN;
	double blocks = inside * w->starts / e->blocks; /* of a start's mean, by its blocks */
	double start = w->starts > 1 ? fmax(between - blocks, 0) : 0;
	double total = start + blocks;

	e->share_trial = e->share_block = e->share_start = NAN;
	if (!(total > 0))
		return;
	e->share_trial = blocks / total * trial / inside;
	e->share_block = blocks / total * (1 - trial / inside);
	if (w->starts > 1)
		e->share_start = start / total;
}

struct estimate estimate_series(const struct series *s)
{
	struct estimate e = {.mean = NAN, .half = NAN, .blocks = s->count};
	struct within w = walk(s);
	double variance;

	e.starts = w.starts;
	e.units = w.starts > 1 ? w.starts : s->count;
	e.share_trial = e.share_block = e.share_start = NAN;
	if (s->count < ESTIMATE_MIN_BLOCKS)
		return e;
	e.mean = w.sum_means / w.starts + s->values[0];
	if (w.starts > 1)
		variance = fmax(w.sum_square_means - w.sum_means * w.sum_means / w.starts, 0) /
			   (w.starts - 1);
	else
		variance = w.squares / (s->count - 1);
	e.half = estimate_quantile(e.units) * sqrt(variance / e.units);
	split_variance(&e, &w, variance);
	return e;
}

struct estimate estimate_difference(const struct estimate *a, const struct estimate *b)
{
	struct estimate e = {
		.mean = b->mean - a->mean, .half = NAN, .blocks = a->blocks + b->blocks};
	double va = pow(a->half / estimate_quantile(a->units), 2);
	double vb = pow(b->half / estimate_quantile(b->units), 2);
	double freedom = pow(va + vb, 2) / (va * va / (a->units - 1) + vb * vb / (b->units - 1));

	e.units = a->units + b->units;
	e.starts = a->starts + b->starts;
	e.share_trial = e.share_block = e.share_start = NAN;
	if (va + vb == 0)
		e.half = 0;
	else if (freedom > 0)
		e.half = gsl_cdf_tdist_Pinv(0.975, freedom) * sqrt(va + vb);
	return e;
}
