/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/estimate.h"

#include <errno.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "results/hodges_lehmann.h"

static int grow(struct series *series, int room)
{
	double *values = realloc(series->values, (size_t)room * sizeof(*values)), *again;
	int *starts;

	if (!values)
		return -ENOMEM;
	series->values = values;
	again = realloc(series->again, (size_t)room * sizeof(*again));
	if (!again)
		return -ENOMEM;
	series->again = again;
	starts = realloc(series->starts, (size_t)room * sizeof(*starts));
	if (!starts)
		return -ENOMEM;
	series->starts = starts;
	series->room = room;
	return 0;
}

int series_append(struct series *series, double value, double again, int start, int hint,
		  struct error *err)
{
	if (series->count == series->room &&
	    grow(series, series->room ? series->room * 2 : hint + 1))
		return error_errno(err, -ENOMEM, "estimating");
	series->values[series->count] = value;
	series->again[series->count] = again;
	series->starts[series->count++] = start;
	return 0;
}

void series_finish(struct series *series)
{
	free(series->values);
	free(series->again);
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
	return (struct interval){exp(e->value), exp(e->value - e->half), exp(e->value + e->half)};
}

double estimate_quantile(double freedom)
{
	return freedom > 0 ? gsl_cdf_tdist_Pinv(0.975, freedom) : NAN;
}

struct estimate estimate_none(void)
{
	return (struct estimate){.value = NAN,
				 .half = NAN,
				 .se = NAN,
				 .freedom = NAN,
				 .mean = NAN,
				 .spread = NAN,
				 .share_trial = NAN,
				 .share_block = NAN,
				 .share_start = NAN};
}

/* Sums over the starts and their blocks. */
struct within {
	int starts;
	double sum_means, sum_square_means; /* of the starts' means, less the first value */
	double squares;                     /* deviations from their start's mean */
	double steps;                       /* of successive blocks of a start */
	int step_count;
};

/* The mean of both columns if the block has both. */
static double mean_of_block(const struct series *s, int block)
{
	return isnan(s->again[block]) ? s->values[block] : (s->values[block] + s->again[block]) / 2;
}

static void add_start(struct within *w, const struct series *s, int from, int to)
{
	int count = to - from;
	double origin = mean_of_block(s, 0), mean = 0;

	for (int i = from; i < to; i++)
		mean += (mean_of_block(s, i) - origin) / count;
	for (int i = from; i < to; i++) {
		double value = mean_of_block(s, i);
		double deviation = value - origin - mean;
		double step = i > from ? value - mean_of_block(s, i - 1) : 0;

		w->squares += deviation * deviation;
		w->steps += step * step;
	}
	w->step_count += count - 1;
	w->sum_means += mean;
	w->sum_square_means += mean * mean;
	w->starts++;
}

/* The block after the last of the start that begins at `from`. */
static int end_of_start(const struct series *s, int from)
{
	int to = from + 1;

	while (to < s->count && s->starts[to] == s->starts[from])
		to++;
	return to;
}

/* The first value is subtracted from all, so that squares of large logs do not cancel badly. */
static struct within walk(const struct series *s)
{
	struct within w = {0};

	for (int from = 0, to; from < s->count; from = to) {
		to = end_of_start(s, from);
		add_start(&w, s, from, to);
	}
	return w;
}

static double between_starts(const struct within *w)
{
	return fmax(w->sum_square_means - w->sum_means * w->sum_means / w->starts, 0) /
	       (w->starts - 1);
}

static void split_variance(struct estimate *e, const struct within *w)
{
	double inside = e->blocks > w->starts ? w->squares / (e->blocks - w->starts) : NAN;
	double trial = w->step_count ? fmin(w->steps / (2.0 * w->step_count), inside) : NAN;
	double blocks = inside * w->starts / e->blocks; /* of a start's mean, due to its blocks */
	double start, total;

	if (w->starts > 1)
		e->spread = between_starts(w) - blocks;
	start = w->starts > 1 ? fmax(e->spread, 0) : 0;
	total = start + blocks;
	if (!(total > 0))
		return;
	e->share_trial = blocks / total * trial / inside;
	e->share_block = blocks / total * (1 - trial / inside);
	if (w->starts > 1)
		e->share_start = start / total;
}

/* Everything but value, se, and what follows from them. */
static struct estimate describe(const struct series *s, const struct within *w)
{
	struct estimate e = estimate_none();

	e.blocks = s->count;
	e.starts = w->starts;
	if (s->count < ESTIMATE_MIN_BLOCKS)
		return e;
	e.mean = w->sum_means / w->starts + mean_of_block(s, 0);
	split_variance(&e, w);
	return e;
}

static void finish_half(struct estimate *e)
{
	e->half = e->se == 0 ? 0 : estimate_quantile(e->freedom) * e->se;
}

struct estimate estimate_student(const struct series *s)
{
	struct within w = walk(s);
	struct estimate e = describe(s, &w);
	int units = w.starts > 1 ? w.starts : s->count;

	if (isnan(e.mean))
		return e;
	e.value = e.mean;
	e.freedom = units - 1;
	e.se = sqrt((w.starts > 1 ? between_starts(&w) : w.squares / (s->count - 1)) / units);
	finish_half(&e);
	return e;
}

/* A location with its standard error. */
struct place {
	double value, se;
};

/* Reorders the values. */
static struct place locate(double *values, int count)
{
	size_t n = (size_t)count;
	double mean = gsl_stats_mean(values, 1, n);
	double se = count > 1 ? gsl_stats_sd_m(values, 1, n, mean) / sqrt(count) : NAN;
	struct location l;

	if (count < HODGES_LEHMANN_LEAST || hodges_lehmann(values, count, &l))
		return (struct place){mean, se};
	if (l.high == l.low && se > 0)
		return (struct place){mean, se};
	return (struct place){l.value, (l.high - l.low) / 2 / estimate_quantile(count - 1)};
}

/* Copies the blocks that have both columns; returns their number. */
static int copy_both(const struct series *s, double *first, double *second)
{
	int count = 0;

	for (int i = 0; i < s->count; i++) {
		if (isnan(s->again[i]))
			continue;
		first[count] = s->values[i];
		second[count++] = s->again[i];
	}
	return count;
}

/* A column that does not vary has no correlation: 1 is assumed, which gives the widest interval.
 * `room` is for 2 * count. */
static double rank_correlation(const double *first, const double *second, int count, double *room)
{
	double r = gsl_stats_spearman(first, 1, second, 1, (size_t)count, room);

	return isnan(r) ? 1 : r;
}

/* The second column is used if at least half of the blocks have it. */
static int locate_blocks(const struct series *s, struct place *place, bool *both)
{
	cleanup_free double *room = calloc(4 * (size_t)s->count + 1, sizeof(*room));
	double *first = room, *second, r;
	struct place a, b;
	int pairs;

	if (!room)
		return -ENOMEM;
	second = first + s->count;
	pairs = copy_both(s, first, second);
	*both = pairs > 0 && 2 * pairs >= s->count;
	r = pairs > 1 ? rank_correlation(first, second, pairs, room + 2 * (size_t)s->count) : 1;
	b = *both ? locate(second, pairs) : (struct place){NAN, NAN};
	memcpy(first, s->values, (size_t)s->count * sizeof(*first));
	a = locate(first, s->count);
	if (*both)
		a = (struct place){(a.value + b.value) / 2,
				   sqrt(fmax(a.se * a.se + b.se * b.se + 2 * r * a.se * b.se, 0)) /
					   2};
	*place = a;
	return 0;
}

struct estimate estimate_series(const struct series *s)
{
	struct within w = walk(s);
	struct estimate e = describe(s, &w);
	struct place place;

	if (isnan(e.mean) || locate_blocks(s, &place, &e.both))
		return e;
	e.value = place.value;
	e.se = place.se;
	e.freedom = s->count - 1;
	finish_half(&e);
	if (w.starts > 1)
		estimate_add_variance(&e, e.spread / w.starts, w.starts - 1);
	return e;
}

void estimate_add_variance(struct estimate *e, double variance, double freedom)
{
	double own = e->se * e->se, sum = own + variance;

	if (isnan(e->half) || !(variance > 0))
		return;
	e->freedom = sum * sum / (own * own / e->freedom + variance * variance / freedom);
	e->se = sqrt(sum);
	finish_half(e);
}

struct estimate estimate_difference(const struct estimate *a, const struct estimate *b)
{
	struct estimate e = estimate_none();

	e.blocks = a->blocks + b->blocks;
	e.starts = a->starts + b->starts;
	e.mean = b->mean - a->mean;
	e.value = b->value - a->value;
	e.se = b->se;
	e.freedom = b->freedom;
	if (isnan(e.value) || isnan(e.se))
		return e;
	finish_half(&e);
	estimate_add_variance(&e, a->se * a->se, a->freedom);
	return e;
}
