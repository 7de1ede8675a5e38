/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/ladder.h"

#include <errno.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results/blocks.h"
#include "results/record_plan.h"

bool ladder_wanted(const struct record *record)
{
	return !strcmp(record_lead_figure(record), "ladder") ||
	       (record_names_figures(record) && record_has_figure(record, "waterfall"));
}

/* The log of an operation's cost, from the headline metric; NaN: no value. */
static double log_cost(const struct record *record, const struct record_trial *trial)
{
	const struct record_metric *metric;
	double value;

	if (!trial)
		return NAN;
	metric = &record->workloads[trial->workload].metrics[0];
	value = trial->values[0];
	if (!(value > 0) || !isfinite(value))
		return NAN;
	return metric->lower_is_better ? log(value) : -log(value);
}

static double log_own(const struct record *record, const struct record_trial *trial)
{
	(void)record;
	if (!trial || !(trial->instance_cpu_seconds > 0) || !(trial->operations > 0))
		return NAN;
	return log(trial->instance_cpu_seconds / trial->operations);
}

/* The change of a quantity from arm `below` to `arm`, paired in the same blocks. */
static int estimate_change(const struct ladder *ladder, const struct blocks *blocks,
			   const struct ladder_step *step,
			   double (*quantity)(const struct record *, const struct record_trial *),
			   struct estimate *change, struct error *err)
{
	struct series series = {0};
	int code = 0;

	for (int block = 0; block < blocks->count && !code; block++) {
		double value = quantity(blocks->record, blocks_at(blocks, block, step->arm)) -
			       quantity(blocks->record, blocks_at(blocks, block, step->below));

		if (isfinite(value))
			code = series_append(&series, value, NAN,
					     blocks_start(blocks, block, step->arm), blocks->count,
					     err);
	}
	*change = estimate_series(&series);
	luck_enter(&ladder->summary->luck, NULL, change);
	series_finish(&series);
	return code;
}

static struct interval percent(const struct estimate *change)
{
	struct interval ratio = estimate_interval(change);

	return (struct interval){(ratio.value - 1) * 100, (ratio.low - 1) * 100,
				 (ratio.high - 1) * 100};
}

static enum ladder_finding judge(const struct estimate *change, bool comparable, double margin)
{
	if (!isfinite(change->value) || !isfinite(change->half))
		return STEP_NO_VALUE;
	if (!comparable)
		return STEP_EMULATED;
	return fabs(change->value) + change->half < log1p(margin) ? STEP_SMALL : STEP_NOISE;
}

/* Both ends of a step must be representative of their kind. */
static int finish_step(const struct ladder *ladder, const struct blocks *blocks,
		       struct ladder_step *step, struct error *err)
{
	const struct record *record = ladder->summary->record;
	const struct summary_row *row =
		summary_headline(ladder->summary, step->workload, step->arm);
	bool comparable = record_is_comparable(record, step->arm) &&
			  record_is_comparable(record, step->below);
	double margin = verdict_margin(record->workloads[step->workload].metrics);
	int code = estimate_change(ladder, blocks, step, log_cost, &step->log, err);

	code = code ?: estimate_change(ladder, blocks, step, log_own, &step->own_log, err);
	if (code)
		return code;
	step->cost = estimate_interval(&step->log);
	step->overhead = percent(&step->log);
	step->in_all = row ? row->overhead : interval_none();
	step->finding = judge(&step->log, comparable, margin);
	step->own = percent(&step->own_log);
	step->own_finding = judge(&step->own_log, comparable, VERDICT_MARGIN);
	return 0;
}

/* The steps of one workload, by performance or by the environment's own CPU time. */
struct family {
	struct ladder_step *steps;
	int count;
	bool own;
};

static const struct estimate *change_of(const struct family *f, int i)
{
	return f->own ? &f->steps[i].own_log : &f->steps[i].log;
}

static enum ladder_finding *finding_of(const struct family *f, int i)
{
	return f->own ? &f->steps[i].own_finding : &f->steps[i].finding;
}

static bool is_judged(const struct family *f, int i)
{
	return *finding_of(f, i) >= STEP_SMALL;
}

/* The two-sided probability of such a change by chance alone. */
static double chance(const struct estimate *change)
{
	if (!(change->se > 0))
		return change->value == 0;
	return 2 * gsl_cdf_tdist_Q(fabs(change->value) / change->se, change->freedom);
}

/* Holm: the least likely first, each at 5 % divided by the number of those left. */
static void correct(const struct family *f)
{
	int left = 0;

	for (int i = 0; i < f->count; i++)
		left += is_judged(f, i);
	for (int best = 0; best >= 0 && left > 0; left--) {
		best = -1;
		for (int i = 0; i < f->count; i++)
			if (*finding_of(f, i) == STEP_NOISE &&
			    (best < 0 || chance(change_of(f, i)) < chance(change_of(f, best))))
				best = i;
		if (best < 0 || chance(change_of(f, best)) > 0.05 / left)
			return;
		*finding_of(f, best) = STEP_DIFFERS;
	}
}

static void shrink(const struct family *f)
{
	double excess = 0;
	int count = 0;

	for (int i = 0; i < f->count; i++) {
		const struct estimate *e = change_of(f, i);

		if (!is_judged(f, i))
			continue;
		excess += e->value * e->value - e->se * e->se;
		count++;
	}
	excess = count ? fmax(excess / count, 0) : 0;
	for (int i = 0; i < f->count; i++) {
		const struct estimate *e = change_of(f, i);
		double kept = excess > 0 ? excess / (excess + e->se * e->se) : 0;

		*(f->own ? &f->steps[i].own_shrunk : &f->steps[i].shrunk) =
			expm1(e->value * kept) * 100;
	}
}

static int add_workload(const struct record *record, struct ladder *ladder, int workload,
			struct error *err)
{
	struct blocks *blocks;
	int code = blocks_create(record, workload, &blocks, err), below = -1, skipped = 0;
	int first = ladder->count;

	if (code)
		return code;
	for (int arm = 0; arm < record->arm_count && !code; arm++) {
		const struct record_condition *condition = record_condition(record, workload, arm);
		struct ladder_step *step = &ladder->steps[ladder->count];

		if (!condition_is_subject(condition))
			continue;
		if (below < 0)
			below = condition->against;
		*step = (struct ladder_step){
			.workload = workload, .arm = arm, .below = below, .skipped = skipped};
		ladder->count++;
		code = finish_step(ladder, blocks, step, err);
		skipped = step->finding == STEP_NO_VALUE ? skipped + 1 : 0;
		if (!skipped)
			below = arm;
	}
	blocks_destroy(blocks);
	for (int own = 0; own < 2; own++) {
		struct family family = {ladder->steps + first, ladder->count - first, own};

		correct(&family);
		shrink(&family);
	}
	return code;
}

int ladder_create(const struct summary *summary, struct ladder **ladder, struct error *err)
{
	const struct record *record = summary->record;
	struct ladder *all = calloc(1, sizeof(*all));
	size_t room = (size_t)record->workload_count * (size_t)record->arm_count + 1;
	int code = 0;

	*ladder = NULL;
	if (!all || !(all->steps = calloc(room, sizeof(*all->steps)))) {
		ladder_destroy(all);
		return error_errno(err, -ENOMEM, "the rungs of the ladder");
	}
	all->summary = summary;
	for (int w = 0; w < record->workload_count && !code; w++)
		code = add_workload(record, all, w, err);
	if (code)
		ladder_destroy(all);
	else
		*ladder = all;
	return code;
}

void ladder_destroy(struct ladder *ladder)
{
	if (!ladder)
		return;
	free(ladder->steps);
	free(ladder);
}

const struct ladder_step *ladder_last(const struct ladder *ladder, int workload)
{
	const struct ladder_step *last = NULL;

	for (int i = 0; i < ladder->count; i++)
		if (ladder->steps[i].workload == workload)
			last = &ladder->steps[i];
	return last;
}

const struct ladder_step *ladder_greatest(const struct ladder *ladder, int workload, bool own)
{
	const struct ladder_step *greatest = NULL;
	double most = 0;

	for (int i = 0; i < ladder->count; i++) {
		const struct ladder_step *step = &ladder->steps[i];
		double size = fabs(log1p((own ? step->own_shrunk : step->shrunk) / 100));

		if (step->workload != workload ||
		    (own ? step->own_finding : step->finding) != STEP_DIFFERS || !(size > most))
			continue;
		greatest = step;
		most = size;
	}
	return greatest;
}

double ladder_counter(const struct ladder *ladder, const struct ladder_step *step, const char *name)
{
	const struct summary_row *row =
		summary_headline(ladder->summary, step->workload, step->arm);
	json_t *value = row ? json_object_get(row->counters_per_op, name) : NULL;

	return json_is_number(value) ? json_number_value(value) : NAN;
}
