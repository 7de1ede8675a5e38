/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/summary.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/border.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "results/blocks.h"
#include "results/percentile.h"
#include "results/record_plan.h"
#include "results/remedy.h"

/* One workload on its way into the summary. */
struct job {
	struct summary *summary;
	const struct record *record;
	struct blocks *blocks;
	int workload;
	struct error *err;
	struct percentile_tables
		*tables[2]; /* of the last histogram; [1]: without flagged trials */
};

static struct interval overhead_of(const struct interval *relative)
{
	return (struct interval){(1 / relative->value - 1) * 100, (1 / relative->high - 1) * 100,
				 (1 / relative->low - 1) * 100};
}

static const char *advice_of(const struct estimate *e)
{
	if (isnan(e->share_trial))
		return "";
	if (e->starts > 1 && e->share_start >= 0.5)
		return ADVICE_STARTS;
	if (e->share_block > e->share_trial)
		return ADVICE_LONGER;
	return ADVICE_BLOCKS;
}

static void set_relative(struct summary_row *row, const struct estimate *e)
{
	row->log = *e;
	row->starts = e->starts;
	row->blocks = e->blocks;
	row->share_trial = e->share_trial;
	row->share_block = e->share_block;
	row->share_start = e->share_start;
	row->advice = advice_of(e);
}

static int estimate_relative(struct job *job, int metric, int arm, bool without_flagged,
			     struct estimate *estimate)
{
	struct series series;
	int rc = blocks_relative(job->blocks, arm, metric, without_flagged, &series, job->err);

	*estimate = estimate_series(&series);
	series_finish(&series);
	return rc;
}

static const struct record_condition *condition_of(const struct job *job, int arm)
{
	return record_condition(job->record, job->workload, arm);
}

/* Whether the arm, its null arm or what it is compared with has flagged trials. */
static bool has_flagged(const struct job *job, int arm)
{
	const struct record_condition *condition = condition_of(job, arm);
	const int *flagged = job->blocks->flagged;
	int null_arm = record_null_of(job->record, job->workload, arm);

	return flagged[condition->against] || flagged[arm] ||
	       (condition_is_subject(condition) && null_arm >= 0 && flagged[null_arm]);
}

static int estimate_values(struct job *job, struct summary_row *row, int metric, int arm,
			   struct estimate *without)
{
	const struct blocks *b = job->blocks;
	struct series series;
	struct estimate e;
	int rc = blocks_series(b, arm, metric, false, &series, job->err);

	e = estimate_series(&series);
	series_finish(&series);
	row->value = estimate_interval(&e);
	if (!rc)
		rc = estimate_relative(job, metric, arm, false, &e);
	if (rc)
		return rc;
	set_relative(row, &e);
	return has_flagged(job, arm) ? estimate_relative(job, metric, arm, true, without) : 0;
}

static struct interval in_unit(const struct record_metric *metric, struct interval nanoseconds)
{
	return (struct interval){record_from_nanoseconds(metric, nanoseconds.value),
				 record_from_nanoseconds(metric, nanoseconds.low),
				 record_from_nanoseconds(metric, nanoseconds.high)};
}

static int estimate_percentile(struct job *job, const struct record_metric *metric,
			       bool without_flagged, struct percentile *arms, bool *few)
{
	struct percentile_tables **tables = &job->tables[without_flagged];
	uint64_t seed = (uint64_t)record_plan_number(job->record, "seed", 0);

	if (!percentile_tables_are(*tables, metric->histogram)) {
		percentile_tables_destroy(*tables);
		*tables = percentile_tables_create(job->blocks, metric->histogram, without_flagged,
						   job->err);
	}
	if (!*tables)
		return -ENOMEM;
	return percentile_estimate(*tables, metric, seed, arms, few, job->err);
}

/* The rows of one percentile, all arms together. */
static int estimate_percentiles(struct job *job, struct summary_row *rows,
				struct estimate *without_flagged)
{
	const struct record_metric *m = rows->metric;
	size_t arms = (size_t)job->blocks->arms;
	cleanup_free struct percentile *all = calloc(2 * arms, sizeof(*all));
	struct percentile *without;
	bool few = false, few_without = true, flagged = false;
	int rc;

	if (!all)
		return error_errno(job->err, -ENOMEM, "estimating percentiles");
	without = all + arms;
	for (size_t arm = 0; arm < arms; arm++)
		flagged |= job->blocks->flagged[arm] > 0;
	rc = estimate_percentile(job, m, false, all, &few);
	if (!rc && flagged && !few)
		rc = estimate_percentile(job, m, true, without, &few_without);
	for (size_t arm = 0; arm < arms && !rc; arm++) {
		struct summary_row *row = &rows[arm];

		set_relative(row, &all[arm].relative);
		if (m->percentile == 1 && all[arm].samples)
			row->value.value = record_from_nanoseconds(m, (double)all[arm].max);
		if (m->percentile == 1)
			continue;
		row->value = in_unit(m, estimate_interval(&all[arm].value));
		if (few) {
			row->value = interval_none();
			row->log.value = row->log.half = NAN;
			row->reason.kind = REASON_FEW_SAMPLES;
		} else if (!few_without) {
			without_flagged[arm] = without[arm].relative;
		}
	}
	return rc;
}

static json_t *count_per_operation(const struct job *job, int arm, const char *name)
{
	double sum = 0, operations = 0;
	const char *reason = NULL;

	for (int i = 0; i < job->blocks->count; i++) {
		const struct record_trial *trial = blocks_at(job->blocks, i, arm);

		for (int k = 0; trial && k < trial->counter_count; k++) {
			if (strcmp(trial->counters[k].name, name))
				continue;
			if (trial->counters[k].reason) {
				reason = trial->counters[k].reason;
				continue;
			}
			sum += trial->counters[k].value;
			operations += trial->operations;
		}
	}
	return operations > 0 ? json_real(sum / operations) : json_string(reason);
}

static json_t *counters_per_operation(const struct job *job, int arm)
{
	json_t *all = NULL;

	for (int i = 0; i < job->blocks->count; i++) {
		const struct record_trial *trial = blocks_at(job->blocks, i, arm);

		for (int k = 0; trial && k < trial->counter_count; k++) {
			const char *name = trial->counters[k].name;

			if (!all)
				all = json_object();
			if (!json_object_get(all, name))
				json_object_set_new(all, name, count_per_operation(job, arm, name));
		}
		if (all)
			break; /* each trial of an arm has the same counters */
	}
	return all;
}

/* An event names a condition, or an instance (in schema 1 an arm) and perhaps a workload. */
static bool concerns(const struct record *record, const json_t *event, int workload, int arm)
{
	const char *id = record_condition(record, workload, arm)->id;
	const char *condition = json_text(event, "condition");
	const char *where = json_text(event, "workload");
	const char *whose = json_text(event, "instance");

	if (*condition)
		return id && !strcmp(condition, id);
	if (!*whose)
		whose = json_text(event, "arm");
	return !strcmp(whose, record->arms[arm].instance) &&
	       (!*where || !strcmp(where, record->workloads[workload].name));
}

/* The latest reason why an arm has no estimate; NULL: none. */
static const char *failure(const struct record *record, int workload, int arm)
{
	json_t *environment = record_environment(record, arm);

	if (json_is_false(json_object_get(environment, "available")))
		return json_string_value(json_object_get(environment, "reason"));
	for (uint32_t i = record->trial_count; i-- > 0;) {
		const struct record_trial *trial = &record->trials[i];

		if (trial->workload == workload && trial->arm == arm && !trial->valid)
			return trial->reason;
	}
	for (size_t i = json_array_size(record->events); i-- > 0;) {
		json_t *event = json_array_get(record->events, i);

		if (!strcmp(json_text(event, "event"), "failed") &&
		    concerns(record, event, workload, arm))
			return json_string_value(json_object_get(event, "message"));
	}
	return NULL;
}

/* A wrong clock measures no latencies: sets that reason. */
static bool clock_was_wrong(const struct job *job, struct summary_row *row, int arm)
{
	for (int i = 0; row->metric->histogram && i < job->blocks->count; i++) {
		const struct record_trial *trial = blocks_at(job->blocks, i, arm);

		if (!trial || trial->clock_rate == 1)
			continue;
		row->reason.kind = REASON_CLOCK;
		row->reason.of_baseline =
			arm != row->condition->arm || condition_is_baseline(row->condition);
		row->reason.number = (trial->clock_rate - 1) * 100;
		return true;
	}
	return false;
}

/* The reason is the arm's own if it has too few blocks, otherwise that of what it is compared
 * with. */
static void explain_unavailable(const struct job *job, struct summary_row *row, int arm)
{
	int blamed = isnan(row->value.value) ? arm : row->condition->against;
	int zeros = blocks_zeros(job->blocks, blamed, (int)(row->metric - row->workload->metrics));
	const char *why = failure(job->record, job->workload, blamed);
	struct reason *reason = &row->reason;

	if (reason->kind || clock_was_wrong(job, row, blamed))
		return;
	reason->of_baseline = blamed != arm;
	if (zeros) {
		reason->kind = REASON_ZEROS;
		reason->number = zeros;
	} else if (why && why[0]) {
		reason->kind = REASON_SAID;
		border_copy(reason->text, sizeof(reason->text), "%s", why);
	} else {
		reason->kind = REASON_FEW_BLOCKS;
		reason->number = row->blocks;
	}
}

/* This metric in the null arm of what `arm` is compared with; NULL: none. */
static const struct estimate *null_arm_of(const struct job *job, const struct summary_row *rows,
					  int arm)
{
	int null_arm = record_null_of(job->record, job->workload, arm);

	return null_arm >= 0 ? &rows[null_arm].log : NULL;
}

/* What would decide the row's verdict. */
static struct remedy decide(const struct job *job, const struct summary_row *row,
			    const struct estimate *within)
{
	const struct luck *luck = &job->summary->luck;
	struct undecided undecided = {
		.within = *within,
		.luck_variance = (within->both ? 1.5 : 2) * row->luck * row->luck,
		.luck_freedom = luck_freedom(luck),
		.null_value = row->null_value,
		.margin = verdict_margin(row->metric),
		.seconds_by_block =
			blocks_trial_seconds(job->record, job->workload) * job->blocks->arms,
	};

	return remedy_of(&undecided);
}

/* `within`: the estimate without the luck of the start. */
static void judge(const struct job *job, struct summary_row *row, const struct estimate *within)
{
	double margin = verdict_margin(row->metric);
	bool close = fabs(row->log.value) + row->log.half < log1p(margin);

	row->verdict = verdict_of(&row->log, row->null_value, margin);
	job->summary->verdict_count += verdict_is_decided(row->verdict);
	if (row->verdict != VERDICT_UNRESOLVED)
		return;
	row->reason.kind = close ? REASON_NULL_OFF : REASON_WIDE;
	row->reason.number = close ? expm1(-row->null_value) * 100 : margin * 100;
	row->reason.margin = margin * 100;
	row->remedy = decide(job, row, within);
}

/* The minimum of an overhead or a speedup; the maximum of what is negligible. */
static double bound_of(const struct summary_row *row)
{
	switch (row->verdict) {
	case VERDICT_OVERHEAD:
		return row->overhead.low;
	case VERDICT_SPEEDUP:
		return row->overhead.high;
	case VERDICT_NEGLIGIBLE:
		return fmax(fabs(row->overhead.low), fabs(row->overhead.high));
	default:
		return NAN;
	}
}

/* Adds the luck of the start, after which the estimate is final. */
static void finish_relative(const struct job *job, struct summary_row *rows, int arm,
			    struct estimate *without_flagged)
{
	const struct estimate *null_arm = null_arm_of(job, rows, arm);
	const struct luck *luck = &job->summary->luck;
	struct summary_row *row = &rows[arm];

	row->null_value = null_arm ? null_arm->value : NAN;
	if (condition_is_subject(row->condition) &&
	    !record_shares_instance(job->record, row->condition)) {
		row->luck = row->starts == 1 ? sqrt(luck_squared(luck, null_arm)) : 0;
		row->luck_assumed = row->starts == 1 && luck->count == 0;
		luck_enter(luck, null_arm, &row->log);
		luck_enter(luck, null_arm, without_flagged);
	}
	row->relative = estimate_interval(&row->log);
	row->without_flagged = estimate_interval(without_flagged);
	row->stalls = fabs(row->log.mean - row->log.value) > row->log.half;
}

static void finish_row(const struct job *job, struct summary_row *rows, int arm,
		       struct estimate *without_flagged)
{
	struct summary_row *row = &rows[arm];
	struct estimate within = row->log;

	finish_relative(job, rows, arm, without_flagged);
	row->verdict = VERDICT_NONE;
	if (condition_is_baseline(row->condition) && !isnan(row->value.value) &&
	    !row->reason.kind && row->metric->percentile < 1)
		row->relative = (struct interval){1, 1, 1};
	row->overhead = overhead_of(&row->relative);
	row->differs = verdict_differs(&row->relative);
	if (condition_is_subject(row->condition) && row->headline)
		judge(job, row, &within);
	else if (row->headline &&
		 isnan(condition_is_null(row->condition) ? row->relative.value : row->value.value))
		row->verdict = VERDICT_UNAVAILABLE;
	if (row->verdict == VERDICT_UNAVAILABLE || isnan(row->value.value))
		explain_unavailable(job, row, arm);
	row->bound = bound_of(row);
}

static int begin_row(struct job *job, struct summary_row *row, int metric, int arm)
{
	const struct record_workload *workload = &job->record->workloads[job->workload];
	struct series series;
	struct estimate e;
	int rc;

	*row = (struct summary_row){
		.figure = record_lead_figure(job->record),
		.workload = workload,
		.metric = &workload->metrics[metric],
		.arm = &job->record->arms[arm],
		.condition = condition_of(job, arm),
		.headline = metric == 0,
		.value = interval_none(),
		.relative = interval_none(),
		.without_flagged = interval_none(),
		.share_trial = NAN,
		.share_block = NAN,
		.share_start = NAN,
		.log = estimate_none(),
		.bound = NAN,
		.advice = "",
		.flagged = job->blocks->flagged[arm],
		.left_out = job->blocks->left_out[arm],
	};
	rc = blocks_series(job->blocks, arm, QUANTITY_CPU_PER_OPERATION, false, &series, job->err);
	e = estimate_series(&series);
	series_finish(&series);
	row->cpu_per_op = estimate_interval(&e);
	if (row->headline)
		row->counters_per_op = counters_per_operation(job, arm);
	return rc;
}

/* Removes the rows of absent conditions; while a metric is estimated, every arm has a row. */
static void leave_absent_out(struct summary *summary, struct summary_row *rows)
{
	struct summary_row *end = summary->rows + summary->row_count, *to = rows;

	for (struct summary_row *row = rows; row < end; row++) {
		if (row->condition->absent)
			json_decref(row->counters_per_op);
		else
			*to++ = *row;
	}
	summary->row_count = (int)(to - summary->rows);
}

/* All arms of one metric. `without_flagged` has room for one estimate of each. */
static int add_metric(struct job *job, int metric, struct estimate *without_flagged)
{
	struct summary_row *rows = job->summary->rows + job->summary->row_count;
	int arms = job->blocks->arms, rc = 0;

	for (int arm = 0; arm < arms && !rc; arm++) {
		without_flagged[arm] = estimate_none();
		rc = begin_row(job, &rows[arm], metric, arm);
	}
	job->summary->row_count += arms;
	if (!rc && rows->metric->histogram && rows->metric->percentile > 0)
		rc = estimate_percentiles(job, rows, without_flagged);
	else
		for (int arm = 0; arm < arms && !rc; arm++)
			rc = estimate_values(job, &rows[arm], metric, arm, &without_flagged[arm]);
	for (int arm = 0; arm < arms && !rc; arm++)
		finish_row(job, rows, arm, &without_flagged[arm]);
	leave_absent_out(job->summary, rows);
	return rc;
}

static int add_workload(struct summary *summary, int workload, struct error *err)
{
	struct job job = {
		.summary = summary, .record = summary->record, .workload = workload, .err = err};
	cleanup_free struct estimate *room = calloc((size_t)job.record->arm_count, sizeof(*room));
	int rc = room ? blocks_create(job.record, workload, &job.blocks, err)
		      : error_errno(err, -ENOMEM, "summing up the run");

	for (int i = 0; i < job.record->workloads[workload].metric_count && !rc; i++)
		rc = add_metric(&job, i, room);
	percentile_tables_destroy(job.tables[0]);
	percentile_tables_destroy(job.tables[1]);
	blocks_destroy(job.blocks);
	return rc;
}

int summary_create(const struct record *record, struct summary **summary, struct error *err)
{
	struct summary *s = calloc(1, sizeof(*s));
	size_t rows = 0;
	int rc = 0;

	*summary = NULL;
	for (int i = 0; i < record->workload_count; i++)
		rows += (size_t)(record->workloads[i].metric_count * record->arm_count);
	if (s)
		s->rows = calloc(rows + 1, sizeof(*s->rows));
	if (!s || !s->rows) {
		free(s);
		return error_errno(err, -ENOMEM, "summing up the run");
	}
	s->record = record;
	rc = luck_of_record(record, &s->luck, err);
	for (int i = 0; i < record->workload_count && !rc; i++)
		rc = add_workload(s, i, err);
	s->expected_false = 0.05 * s->verdict_count;
	if (rc)
		summary_destroy(s);
	else
		*summary = s;
	return rc;
}

void summary_destroy(struct summary *summary)
{
	if (!summary)
		return;
	for (int i = 0; i < summary->row_count; i++)
		json_decref(summary->rows[i].counters_per_op);
	free(summary->rows);
	free(summary);
}

const struct summary_row *summary_headline(const struct summary *summary, int workload, int arm)
{
	for (int i = 0; i < summary->row_count; i++) {
		const struct summary_row *row = &summary->rows[i];

		if (row->headline && row->workload == &summary->record->workloads[workload] &&
		    row->arm == &summary->record->arms[arm])
			return row;
	}
	return NULL;
}
