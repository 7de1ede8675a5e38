/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/plan/plan_time.h"

#include <errno.h>
#include <math.h>

#define TRIAL_SECONDS_MIN 0.05
#define FEWEST_BLOCKS 6   /* per workload: an interval from fewer is of little use */
#define WARMUP_SHARE 0.5  /* of a trial's length */
#define WARMUPS 2         /* per arm, in most cases */
#define GAP_SECONDS 0.008 /* between two trials: messages, snapshots, the journal */
#define REPORT_SECONDS 1.5
#define SPARE 0.95 /* share of the budget that is planned */
#define GIB 1073741824.0

/* Roughly what an arm needs to start and to prepare one workload on a current machine. An emulated
 * CPU is about ten times slower. */
static const struct price {
	double start, prepare, prepare_gib;
} native = {0.1, 0.05, 0.8}, emulated = {3.0, 1.0, 8.0};

static const struct price *price_of(const struct plan_instance *instance)
{
	return instance->availability.emulated ? &emulated : &native;
}

static double needed_gib(const struct plan_workload *w)
{
	static const char *const needs[] = {"memory_parameter", "scratch_parameter"};
	double bytes = 0;

	for (int i = 0; i < 2; i++) {
		const char *name = json_string_value(
			json_object_get(json_object_get(w->entry, "needs"), needs[i]));

		if (name)
			bytes += json_number_value(json_object_get(w->values, name));
	}
	return bytes / GIB;
}

static bool is_simulated(const struct plan *plan)
{
	return plan->instance_count &&
	       plan->instances[plan->baseline].environment->driver->simulate;
}

static bool is_usable(const struct plan *plan, const struct plan_condition *condition)
{
	return plan_instance_usable(&plan->instances[condition->cast[0].instance]);
}

/* Average number of trials in a block: an emulated environment takes part in every second one. */
static double trials_per_block(const struct plan *plan, const struct plan_comparison *comparison)
{
	const struct plan_condition *conditions = &plan->conditions[comparison->first];
	double trials = 0;

	for (int i = 0; i < comparison->count; i++)
		if (is_usable(plan, &conditions[i]))
			trials += 1.0 / conditions[i].every;
	return trials;
}

/* In one block of each comparison. */
static double trials_per_round(const struct plan *plan)
{
	double trials = 0;

	for (int i = 0; i < plan->comparison_count; i++)
		trials += trials_per_block(plan, &plan->comparisons[i]);
	return trials;
}

/* In a scene the subject is already prepared, but not its neighbour. */
static const struct plan_member *prepared_first(const struct plan_condition *condition)
{
	for (int i = 0; i < condition->cast_count; i++)
		if (condition->cast[i].role == CAST_NEIGHBOUR)
			return &condition->cast[i];
	return &condition->cast[0];
}

static double prepare_seconds(const struct plan *plan, const struct plan_comparison *comparison)
{
	const struct plan_condition *conditions = &plan->conditions[comparison->first];
	double seconds = 0;

	for (int i = 0; i < comparison->count && !is_simulated(plan); i++) {
		const struct plan_member *member = prepared_first(&conditions[i]);
		const struct price *price = price_of(&plan->instances[member->instance]);

		if (is_usable(plan, &conditions[i]) && member->workload >= 0)
			seconds +=
				price->prepare +
				price->prepare_gib * needed_gib(&plan->workloads[member->workload]);
	}
	return seconds;
}

static double start_seconds(const struct plan *plan)
{
	double seconds = 0;

	for (int i = 0; i < plan->instance_count && !is_simulated(plan); i++)
		if (plan_instance_usable(&plan->instances[i]))
			seconds += price_of(&plan->instances[i])->start;
	return seconds;
}

static double fixed_seconds(const struct plan *plan)
{
	double seconds = start_seconds(plan);

	for (int i = 0; i < plan->comparison_count; i++)
		seconds += prepare_seconds(plan, &plan->comparisons[i]);
	return REPORT_SECONDS + plan->starts * seconds;
}

static double gap(const struct plan *plan)
{
	return is_simulated(plan) ? 0 : GAP_SECONDS;
}

double plan_comparison_seconds(const struct plan *plan, int comparison, int blocks)
{
	const struct plan_comparison *c = &plan->comparisons[comparison];
	double block = trials_per_block(plan, c) * (plan->trial_seconds + gap(plan));

	return prepare_seconds(plan, c) + (blocks + WARMUPS * WARMUP_SHARE) * block;
}

double plan_seconds(const struct plan *plan)
{
	double round = trials_per_round(plan) * (plan->trial_seconds + gap(plan));
	double blocks = plan->min_blocks + plan->starts * WARMUPS * WARMUP_SHARE;

	if (is_simulated(plan))
		return REPORT_SECONDS;
	return fixed_seconds(plan) + blocks * round;
}

static void take_trial(struct plan *plan, double seconds)
{
	plan->trial_seconds = floor(seconds * 1000 + 0.5) / 1000;
	plan->warmup_seconds = plan->trial_seconds * WARMUP_SHARE;
}

/* A time given by the user is kept; a preset's is raised to what the study needs. */
static int too_short(struct plan *plan, bool given, struct error *err)
{
	double least = ceil(plan_seconds(plan) / SPARE);
	int workloads = plan->workload_count, environments = plan->instance_count - 1;

	if (given)
		return error_set(
			err, -EINVAL,
			"--time %.0f is too short for %d workload%s in %d environment%s%s: give "
			"--time %.0f, or select fewer with -w and -e",
			plan->budget_seconds, workloads, workloads == 1 ? "" : "s", environments,
			environments == 1 ? "" : "s",
			plan->starts > 1 ? " with fresh starts (--preset quick has one)" : "",
			least);
	plan->budget_seconds = least;
	return 0;
}

int plan_fit(struct plan *plan, const struct preset_of_run *preset, bool given, struct error *err)
{
	double each = trials_per_round(plan);
	double warmups = preset->starts * WARMUPS * WARMUP_SHARE;
	double left = SPARE * plan->budget_seconds - fixed_seconds(plan), seconds, blocks;

	take_trial(plan, preset->trial_seconds);
	if (each <= 0)
		return 0;
	seconds = left / (each * (preset->min_blocks + warmups)) - gap(plan);
	take_trial(plan, fmin(fmax(seconds, TRIAL_SECONDS_MIN), preset->trial_seconds));
	if (seconds >= TRIAL_SECONDS_MIN || is_simulated(plan))
		return 0;
	blocks = floor(left / (each * (TRIAL_SECONDS_MIN + gap(plan))) - warmups);
	plan->min_blocks = (int)fmax(blocks, FEWEST_BLOCKS);
	plan->blocks_per_start = (int)fmax(ceil((double)plan->min_blocks / plan->starts), 1);
	return blocks < FEWEST_BLOCKS ? too_short(plan, given, err) : 0;
}
