/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The blocks of one comparison: warm-up, trials in random order, the stop rule. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "harness/run/run_trial.h"

#define ATTEMPTS_PER_BLOCK 3 /* how often incomplete blocks are repeated */
#define BESIDES_TRIALS 1.4   /* a block's time relative to its trials', including renewals */

static void need_cast(struct run *run, const struct plan_condition *condition)
{
	for (int i = 0; i < condition->cast_count; i++)
		if (condition->cast[i].instance >= 0)
			run->hosts.slots[condition->cast[i].instance].needed++;
}

static void enter_conditions(struct run *run, int comparison)
{
	int count;
	struct condition *conditions = run_conditions(run, comparison, &count);

	for (int i = 0; i < run->setup.plan->instance_count; i++)
		run->hosts.slots[i].needed = 0;
	for (int i = 0; i < count; i++) {
		struct condition *condition = &conditions[i];

		condition->out = false;
		condition->errors = condition->breaks = condition->warmups = 0;
		need_cast(run, condition->plan);
		if (!run_is_active(run, condition) || !condition->plan->obstacle[0])
			continue;
		run_leave_out(run, condition, condition->plan->obstacle);
		run->state.failed = run->state.failed || !condition->subject->plan->optional;
	}
}

/* Only conditions that are not warm have warm-up trials; in other blocks each takes its turn. */
static bool is_due(const struct place *place, const struct condition *condition)
{
	if (place->warmup)
		return !schedule_is_warm(condition->rates, condition->warmups, place->warmups);
	return schedule_takes_part(condition->plan->every, (unsigned)place->block);
}

static int one_block(struct run *run, struct place *place, bool *whole, struct error *err)
{
	int count, rc = 0;
	struct condition *conditions = run_conditions(run, place->comparison, &count);
	cleanup_free int *order = calloc((size_t)count, sizeof(*order));

	if (!order)
		return error_errno(err, -ENOMEM, "a block");
	schedule_order(run->setup.plan->seed, (unsigned)place->comparison,
		       (unsigned)run->state.start, (unsigned)place->block, order, count);
	place->position = 0;
	*whole = true;
	for (int i = 0; i < count && !rc; i++) {
		struct condition *condition = &conditions[order[i]];

		if (!run_is_active(run, condition) || !is_due(place, condition))
			continue;
		progress_trial(run->record.progress, place->comparison, place->block,
			       condition->plan->column,
			       run_seconds_left(run->setup.plan, &run->state));
		rc = run_trial(run, place, condition, whole, err);
		place->position++;
	}
	return rc;
}

/* Until none becomes faster, but at most `most` times. */
static int warm_up(struct run *run, int comparison, int most, struct error *err)
{
	struct tally *tally = &run->state.tallies[comparison];
	struct place place = {.comparison = comparison, .warmup = true, .warmups = most};
	bool whole;
	int rc = 0;

	if (!run->setup.simulated)
		rc = run_prepare(run, &place, err);
	for (int i = 0; i < most && !rc; i++) {
		place.block = tally->next_warmup++;
		rc = one_block(run, &place, &whole, err);
	}
	return rc;
}

/* Replaces instances that start quickly: prepares each and warms it up with one trial. */
static int renew(struct run *run, int comparison, struct error *err)
{
	int count, rc;
	struct condition *conditions = run_conditions(run, comparison, &count);

	for (int i = 0; i < count; i++)
		if (run_slot_renews(run, conditions[i].subject))
			conditions[i].warmups = 0;
	time_renewing(&run->state.time, true);
	rc = run_instances_renew(run, err);
	rc = rc ?: warm_up(run, comparison, 1, err);
	time_renewing(&run->state.time, false);
	return rc;
}

/* If the baseline serves for the whole start, so do the others: what is compared with one start is
 * one start. */
static bool keeps_baseline(const struct run *run, int comparison)
{
	int count;
	const struct condition *conditions = run_conditions(run, comparison, &count);

	for (int i = 0; i < count; i++)
		if (plan_is_baseline(run->setup.plan, conditions[i].plan) &&
		    !run_slot_renews(run, conditions[i].subject))
			return true;
	return false;
}

/* Decided once, from how long starting and preparing have taken so far. */
static int blocks_each(const struct run *run, int comparison, const struct limits *limits)
{
	double renewing = run->state.tallies[comparison].preparing_seconds, block = 0, blocks;
	int count;
	const struct condition *conditions = run_conditions(run, comparison, &count);

	for (int i = 0; i < count; i++) {
		if (!run_is_active(run, &conditions[i]))
			continue;
		block += run->setup.plan->trial_seconds / conditions[i].plan->every;
		if (run_slot_renews(run, conditions[i].subject))
			renewing += conditions[i].subject->starting_seconds +
				    run->setup.plan->warmup_seconds;
	}
	if (keeps_baseline(run, comparison))
		return 0;
	blocks = (limits->deadline - time_now(&run->state.time)) / (block * BESIDES_TRIALS);
	if (run->setup.plan->starts > 1)
		blocks = run->setup.plan->blocks_per_start;
	return schedule_blocks_each(
		renewing, block,
		(int)fmin(fmax(blocks, run->setup.plan->min_blocks), run->setup.plan->max_blocks));
}

static void show_estimate(struct run *run, int comparison, struct error *err)
{
	const struct plan *plan = run->setup.plan;
	cleanup_free struct live_look *looks =
		calloc((size_t)plan->comparisons[comparison].count, sizeof(*looks));

	if (looks && live_look(run->record.live, plan, comparison, looks, err) == 0)
		progress_look(run->record.progress, comparison, looks);
}

/* The rarest condition takes part in every nth block; returns n. */
static int rarest_turn(const struct run *run, int comparison)
{
	int every = 1, count;
	const struct condition *conditions = run_conditions(run, comparison, &count);

	for (int i = 0; i < count; i++)
		if (run_is_active(run, &conditions[i]) && conditions[i].plan->every > every)
			every = conditions[i].plan->every;
	return every;
}

static enum decision decide(const struct run *run, int comparison, const struct limits *limits)
{
	const struct tally *tally = &run->state.tallies[comparison];
	struct progress_of_workload state = {
		.blocks = tally->blocks,
		.min_blocks =
			schedule_least_blocks(tally->blocks_each, run->setup.plan->min_blocks),
		.max_blocks = run->setup.plan->max_blocks,
		.starts = tally->starts,
		.min_starts = run->setup.plan->starts,
		.precise = live_precise(run->record.live, run->setup.plan, comparison),
		.now = time_now(&run->state.time),
		.deadline = limits->deadline,
		.latest = limits->latest,
		.every = rarest_turn(run, comparison),
	};

	return schedule_decide(&state);
}

/* With several starts, each start gives a comparison its share of blocks, and the decision on more
 * starts follows afterwards. With one start, the decision is made after each block. */
static bool enough_here(struct run *run, int comparison, int blocks_here,
			const struct limits *limits)
{
	struct tally *tally = &run->state.tallies[comparison];

	if (run->setup.plan->starts == 1 || blocks_here >= run->setup.plan->blocks_per_start ||
	    time_now(&run->state.time) >= limits->latest) {
		tally->decision = decide(run, comparison, limits);
		return run->setup.plan->starts > 1 || tally->decision != DECISION_GO_ON;
	}
	return false;
}

static bool can_compare(const struct run *run, int comparison)
{
	int count;
	const struct condition *conditions = run_conditions(run, comparison, &count);

	for (int i = 0; i < count; i++)
		if (plan_is_baseline(run->setup.plan, conditions[i].plan) &&
		    run_is_active(run, &conditions[i]))
			return true;
	return false;
}

static int blocks(struct run *run, int comparison, const struct limits *limits, struct error *err)
{
	struct tally *tally = &run->state.tallies[comparison];
	struct place place = {.comparison = comparison};
	int here = 0, attempts = 0, served = 0, rc;
	bool whole;

	for (;;) {
		if (!can_compare(run, comparison) ||
		    attempts++ >= ATTEMPTS_PER_BLOCK * run->setup.plan->max_blocks) {
			tally->decision = DECISION_FAILED;
			return 0;
		}
		place.block = tally->next_block++;
		rc = one_block(run, &place, &whole, err);
		if (rc)
			return rc;
		tally->blocks += whole;
		here += whole;
		show_estimate(run, comparison, err);
		if (whole && enough_here(run, comparison, here, limits))
			return 0;
		if (++served == tally->blocks_each) {
			served = 0;
			rc = renew(run, comparison, err);
			if (rc)
				return rc;
		}
	}
}

int run_comparison(struct run *run, int comparison, struct error *err)
{
	struct tally *tally = &run->state.tallies[comparison];
	struct limits limits = run_limits(run->setup.plan, &run->state, comparison);
	int rc;

	progress_preparing(run->record.progress, comparison);
	enter_conditions(run, comparison);
	tally->starts++;
	if (!can_compare(run, comparison)) {
		tally->decision = DECISION_FAILED;
	} else {
		rc = warm_up(run, comparison, run->setup.simulated ? 1 : WARMUPS_MAX, err);
		if (tally->starts == 1 || run->setup.resumed)
			tally->blocks_each = blocks_each(run, comparison, &limits);
		rc = rc ?: blocks(run, comparison, &limits, err);
		if (rc)
			return rc;
	}
	if (tally->decision == DECISION_GO_ON)
		return 0;
	run_event(run, "decided", NULL, plan_first(run->setup.plan, comparison),
		  decision_name(tally->decision));
	progress_decided(run->record.progress, comparison, tally->blocks,
			 decision_name(tally->decision));
	return 0;
}
