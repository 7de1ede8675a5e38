/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/reproduce.h"

#include <errno.h>
#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results/blocks.h"
#include "results/record_plan.h"

#define DIRECTION 0.03 /* a published value nearer to 1 than this has no direction */

const char *reproduced_name(enum reproduced verdict)
{
	static const char *const names[] = {
		[REPRODUCED] = "reproduced",
		[REPRODUCE_DIFFERS] = "differs",
		[REPRODUCE_CANNOT_TELL] = "cannot tell",
		[REPRODUCE_NOT_MEASURED] = "not measured",
	};

	return names[verdict];
}

static enum reproduced cannot_tell(struct reason *reason, enum reason_kind why)
{
	*reason = (struct reason){.kind = why};
	return REPRODUCE_CANNOT_TELL;
}

/* The range that reproduces a published value: widened, but not beyond 1 if it has a direction. */
static struct interval allowed(const struct published_point *point)
{
	struct interval a = {point->relative, point->relative / (1 + REPRODUCE_WIDER),
			     point->relative * (1 + REPRODUCE_WIDER)};

	if (point->relation == RELATION_AT_LEAST)
		a.high = INFINITY;
	else if (point->relation == RELATION_AT_MOST)
		a.low = 0;
	else if (point->relative < 1 / (1 + DIRECTION))
		a.high = fmin(a.high, 1);
	else if (point->relative > 1 + DIRECTION)
		a.low = fmax(a.low, 1);
	return a;
}

enum reproduced reproduce_judge(const struct published_point *point, const struct interval *ours,
				struct reason *reason)
{
	struct interval theirs = allowed(point);

	*reason = (struct reason){0};
	if (point->relation == RELATION_AMBIGUOUS)
		return cannot_tell(reason, REASON_AMBIGUOUS);
	if (!isfinite(point->relative))
		return cannot_tell(reason, REASON_NO_NUMBER);
	if (!point->verified)
		return cannot_tell(reason, REASON_UNVERIFIED);
	if (!isfinite(ours->low) || !isfinite(ours->high))
		return cannot_tell(reason, REASON_NO_INTERVAL);
	if (ours->high < theirs.low || ours->low > theirs.high)
		return REPRODUCE_DIFFERS;
	if (ours->low >= theirs.low && ours->high <= theirs.high)
		return REPRODUCED;
	return cannot_tell(reason, REASON_PARTLY);
}

/* A published "vm" is measured by a VM with any options, "vm:tuned" only by itself. */
static bool environment_matches(const char *wanted, const char *environment)
{
	size_t length = strlen(wanted);

	if (!*wanted || strncmp(environment, wanted, length))
		return false;
	return environment[length] == '\0' || (environment[length] == ':' && !strchr(wanted, ':'));
}

static int find_arm(const struct record *record, const char *wanted)
{
	for (int pass = 0; pass < 2; pass++)
		for (int arm = 0; arm < record->arm_count; arm++) {
			const struct record_arm *a = &record->arms[arm];

			if (!record_arm_is(record, arm, condition_is_null) &&
			    (pass ? environment_matches(wanted, a->environment)
				  : !strcmp(wanted, a->environment)))
				return arm;
		}
	return -1;
}

static const struct summary_row *find_row(const struct summary *summary, int workload, int arm,
					  const char *metric)
{
	const struct record *record = summary->record;

	for (int i = 0; i < summary->row_count; i++) {
		const struct summary_row *row = &summary->rows[i];
		bool counts = !strcmp(metric, "cpu_per_op") || !*metric
				      ? row->headline
				      : !strcmp(metric, row->metric->name);

		if (row->workload == &record->workloads[workload] &&
		    row->arm == &record->arms[arm] && counts)
			return row;
	}
	return NULL;
}

/* Swaps the baseline and what is compared with it. */
static struct interval inverted(const struct interval *interval)
{
	return (struct interval){1 / interval->value, 1 / interval->high, 1 / interval->low};
}

/* CPU time is compared as performance (fewer seconds are more), paired in the same blocks. */
static struct interval cpu_relative(const struct summary *summary, int workload, int arm)
{
	struct interval interval = interval_none();
	struct series series = {0};
	struct estimate estimate;
	struct blocks *blocks;

	if (blocks_create(summary->record, workload, &blocks, NULL))
		return interval;
	if (!blocks_relative(blocks, arm, QUANTITY_CPU_PER_OPERATION, false, &series, NULL)) {
		estimate = estimate_series(&series);
		luck_enter(&summary->luck, NULL, &estimate);
		interval = estimate_interval(&estimate);
	}
	series_finish(&series);
	blocks_destroy(blocks);
	return interval;
}

static void judge_row(const struct summary *summary, struct reproduce_row *row, int workload,
		      int arm, bool turned)
{
	const struct published_point *point = row->point;
	int against = record_condition(summary->record, workload, arm)->against;

	row->ours = find_row(summary, workload, arm, point->our_metric);
	if (!row->ours) {
		row->reason.kind = REASON_NO_METRIC;
		snprintf(row->reason.text, sizeof(row->reason.text), "%.100s %.90s",
			 summary->record->workloads[workload].name, point->our_metric);
		return;
	}
	row->relative = !strcmp(point->our_metric, "cpu_per_op")
				? cpu_relative(summary, workload, arm)
				: row->ours->relative;
	if (turned)
		row->relative = inverted(&row->relative);
	if (!isfinite(row->relative.value)) {
		row->ours = NULL;
		row->reason.kind = REASON_NO_VALUE;
		return;
	}
	row->verdict = reproduce_judge(point, &row->relative, &row->reason);
	if (row->verdict == REPRODUCE_CANNOT_TELL)
		return;
	if (!record_is_comparable(summary->record, arm) ||
	    !record_is_comparable(summary->record, against))
		row->verdict = cannot_tell(&row->reason, REASON_NOT_COMPARABLE);
}

static bool compares(const struct record *record, int workload, int arm, int against)
{
	return arm != against && record_condition(record, workload, arm)->against == against;
}

/* Which arm measures the point, and whether the run compares the other way round. */
static int choose_arm(const struct record *record, int workload,
		      const struct published_point *point, bool *turned, struct reason *reason)
{
	int arm = find_arm(record, point->environment), base = find_arm(record, point->baseline);

	*turned = false;
	if (arm < 0 || base < 0) {
		reason->kind = REASON_NO_ENVIRONMENT;
		snprintf(reason->text, sizeof(reason->text), "%s",
			 arm < 0 ? point->environment : point->baseline);
		return -1;
	}
	if (compares(record, workload, arm, base))
		return arm;
	*turned = compares(record, workload, base, arm);
	if (*turned)
		return base;
	reason->kind = REASON_OTHER_BASELINE;
	base = record_condition(record, workload, arm)->against;
	snprintf(reason->text, sizeof(reason->text), "%s", record->arms[base].environment);
	snprintf(reason->other, sizeof(reason->other), "%s", point->baseline);
	return -1;
}

static struct reproduce_row *new_row(struct reproduction *all, const struct published_point *point)
{
	struct reproduce_row *row = &all->rows[all->count++];

	*row = (struct reproduce_row){
		.point = point, .relative = {NAN, NAN, NAN}, .verdict = REPRODUCE_NOT_MEASURED};
	return row;
}

/* The first from `workload` on that measures the point; workload_count: none. */
static int next_workload(const struct record *record, const struct published_point *point,
			 int workload)
{
	while (workload < record->workload_count &&
	       fnmatch(point->workload, record->workloads[workload].name, 0))
		workload++;
	return workload;
}

/* Adds a row for each workload of the run that measures the point; if none does, one with the
 * reason. */
static void add_rows(struct reproduction *all, const struct published_point *point)
{
	const struct record *record = all->summary->record;
	struct reason reason = {0};
	bool turned;
	int found = 0, arm, first;

	if (!*point->workload) {
		new_row(all, point)->reason.kind = REASON_NOT_COVERED;
		return;
	}
	first = next_workload(record, point, 0);
	arm = choose_arm(record, first < record->workload_count ? first : 0, point, &turned,
			 &reason);
	for (int w = first; w < record->workload_count && arm >= 0;
	     w = next_workload(record, point, w + 1)) {
		judge_row(all->summary, new_row(all, point), w, arm, turned);
		found++;
	}
	if (arm >= 0) {
		reason.kind = REASON_NO_WORKLOAD;
		snprintf(reason.text, sizeof(reason.text), "%s", point->workload);
	}
	if (!found)
		new_row(all, point)->reason = reason;
}

int reproduce_create(const struct summary *summary, const char *study,
		     struct reproduction **reproduction, struct error *err)
{
	struct reproduction *all = calloc(1, sizeof(*all));
	int code;

	*reproduction = NULL;
	if (!all)
		return error_errno(err, -ENOMEM, "comparing with %s", study);
	all->summary = summary;
	code = published_load(study, &all->published, err);
	if (!code) {
		size_t workloads = (size_t)summary->record->workload_count + 1;

		all->rows =
			calloc((size_t)all->published->count * workloads + 1, sizeof(*all->rows));
		code = all->rows ? 0 : error_errno(err, -ENOMEM, "comparing with %s", study);
	}
	if (code) {
		reproduce_destroy(all);
		return code;
	}
	for (int i = 0; i < all->published->count; i++)
		add_rows(all, &all->published->points[i]);
	*reproduction = all;
	return 0;
}

void reproduce_destroy(struct reproduction *reproduction)
{
	if (!reproduction)
		return;
	published_destroy(reproduction->published);
	free(reproduction->rows);
	free(reproduction);
}
