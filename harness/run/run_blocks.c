/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The blocks of one workload: preparing, warm-up, trials in random order, the stop rule. */
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "drivers/agent_stream.h"
#include "harness/run/run.h"
#include "harness/run/scratch.h"
#include "harness/procedure/procedure.h"
#include "base/cleanup.h"
#include "base/json.h"

#define ATTEMPTS_PER_BLOCK 3 /* blocks that came out incomplete are made up for, so often */
#define BREAKS_MAX 2         /* in a row, of an environment by one workload */
#define BESIDES_TRIALS 1.4   /* the time of a block over that of its trials, with renewals */
#define COUNTED_BLOCKS 8     /* one block in so many is counted */

/* The place of a trial in the plan. */
struct place {
	int workload, block, position;
	bool warmup;
	int warmups; /* of each arm, at most */
};

/* Counting costs each switch of a thread some time: all arms of a block pay it, or none. */
static bool is_counted(const struct place *place)
{
	return !place->warmup && place->block % COUNTED_BLOCKS == 0;
}

static struct actor subject_of(const struct run *run, struct arm *arm, bool counted)
{
	bool pinned = !run->simulated && !arm->instance.unpinned;

	return (struct actor){
		.role = CAST_SUBJECT,
		.instance = &arm->instance,
		.agent = &arm->agent,
		.evidence = arm->evidence,
		.counters = counted ? arm->counters : NULL,
		.cpus = run->placement.trial_cpus,
		.cpu_count = pinned ? run->placement.trial_cpu_count : 0,
		.slow = arm->plan->slow,
	};
}

/* It is slowed as its subject is. */
static struct actor load_of(struct run *run, const struct arm *arm)
{
	return (struct actor){
		.role = CAST_LOAD,
		.agent = &run->load,
		.cpus = run->placement.other_cpus,
		.cpu_count = run->placement.other_cpu_count,
		.slow = arm->plan->slow,
	};
}

static struct stage stage_of(struct run *run, const struct place *place, struct arm *arm)
{
	const struct plan_workload *workload = &run->plan->workloads[place->workload];
	struct stage stage = {
		.cast[0] = subject_of(run, arm, is_counted(place)),
		.cast_count = 1,
		.seed = run->plan->seed,
		.moment = run->sequence,
		.seconds = place->warmup ? run->plan->warmup_seconds : run->plan->trial_seconds,
	};

	if (workload->peer)
		stage.cast[stage.cast_count++] = load_of(run, arm);
	for (int i = 0; i < stage.cast_count; i++)
		stage.cast[i].workload = workload;
	return stage;
}

static const struct procedure *procedure_of(const struct run *run, int workload)
{
	return procedure_find(run->plan->workloads[workload].peer ? "serve" : "work");
}

static int write_record(struct run *run, const struct place *place, const struct arm *arm,
			json_t *record, struct error *err)
{
	json_t *place_json = json_pack(
		"{s:s, s:i, s:s, s:s, s:i, s:i, s:i, s:i, s:b, s:f}", "record", "trial", "sequence",
		run->sequence++, "workload", run->plan->workloads[place->workload].key, "arm",
		arm->plan->id, "start", run->start, "instance", arm->instance_number, "block",
		place->block, "position", place->position, "warmup", place->warmup, "time",
		time_now(&run->time));
	cleanup_json json_t *line = place_json;
	int rc;

	json_object_update_missing(line, record);
	rc = journal_append(run->journal, line, err);
	if (!rc)
		rc = live_add(run->live, line, err);
	return rc;
}

static int write_failure(struct run *run, const struct place *place, struct arm *arm,
			 const struct error *why, struct error *err)
{
	const char *code = why->code == -EREMOTEIO && arm->agent.code[0]
				   ? arm->agent.code
				   : strerrorname_np(-why->code);
	cleanup_json json_t *record = json_pack("{s:{s:s, s:s}}", "error", "code",
						code ? code : "EIO", "message", why->message);

	return write_record(run, place, arm, record, err);
}

/* The arm cannot run this workload; the others go on. */
static void leave_workload(struct run *run, const struct place *place, struct arm *arm,
			   const char *why)
{
	const char *key = run->plan->workloads[place->workload].key;

	arm->out = true;
	run_event(run, "failed", arm, key, why);
	run_warn(run, "%s is unavailable in %s: %s", key, arm->plan->id, why);
}

/* What this machine cannot do at all is said, and is no failure of the run. */
static bool is_unsupported(const struct arm *arm, const struct error *why)
{
	return why->code == -EREMOTEIO && !strcmp(arm->agent.code, strerrorname_np(ENOTSUP));
}

static int handle_failure(struct run *run, const struct place *place, struct arm *arm,
			  const struct error *why, struct error *err)
{
	int rc = write_failure(run, place, arm, why, err);

	if (rc)
		return rc;
	if (is_unsupported(arm, why)) {
		leave_workload(run, place, arm, why->message);
		return 0;
	}
	if (why->code != -EREMOTEIO) {
		/* what breaks an environment twice is left out, before it uses up the restarts */
		if (++arm->breaks >= BREAKS_MAX) {
			leave_workload(run, place, arm, why->message);
			run->failed = true;
		}
		return run_arm_restart(run, arm, why, err);
	}
	if (++arm->errors >= ERRORS_MAX) {
		leave_workload(run, place, arm, why->message);
		run->failed = true;
	}
	if (run->plan->workloads[place->workload].peer && agent_ping(&run->load, 1, err)) {
		run_warn(run, "the load generator died (%s) and was restarted", err->message);
		return run_load_restart(run, err);
	}
	return 0;
}

static bool cost_of(struct arm *arm, struct instance_cost *cost)
{
	const struct driver *driver = arm->plan->environment->driver;

	return driver->stats && !driver->simulate && driver->stats(&arm->instance, cost) == 0;
}

/* Between two of its trials an instance is idle: what it uses then is told. */
static void note_idle(struct arm *arm)
{
	struct instance_cost now;

	if (!arm->last_time || !cost_of(arm, &now))
		return;
	if (now.cpu_seconds < arm->last_cost.cpu_seconds || arm->last_cost.cpu_seconds < 0)
		return;
	arm->idle_cpu += now.cpu_seconds - arm->last_cost.cpu_seconds;
	arm->idle_seconds += seconds_of(clock_now() - arm->last_time);
}

static void note_cost(struct arm *arm)
{
	arm->last_time = cost_of(arm, &arm->last_cost) ? clock_now() : 0;
}

/* A workload through the page cache begins with a cold one: the agent drops its own environment's,
 * and here goes the host's, which a virtual machine's image may be in. Only of the files of the arm
 * that runs next: no arm reads another's, and each is dropped before its own turn. */
static void drop_caches(const struct run *run, const struct place *place, const struct arm *arm)
{
	const struct plan_workload *w = &run->plan->workloads[place->workload];
	const char *parameter = json_text(json_object_get(w->entry, "needs"), "cold_cache");
	char path[PATH_MAX];

	if (strcmp(json_text(w->values, parameter), "on") != 0 || !run->scratch_dir)
		return;
	instance_scratch_path(&arm->instance, path, sizeof(path));
	scratch_drop_caches(path);
}

static void note_warmup(const struct place *place, struct arm *arm, const json_t *record)
{
	double seconds = json_number_value(json_object_get(record, "inside_seconds"));

	if (place->warmup && arm->warmups < WARMUPS_MAX)
		arm->rates[arm->warmups++] =
			json_number_value(json_object_get(record, "operations")) /
			fmax(seconds, 1e-9);
}

/* Performs it; the account gets its timed part and the rest. */
static int perform(struct run *run, const struct place *place, struct stage *stage, json_t **record,
		   struct error *why)
{
	uint64_t began = clock_now();
	double outside;
	int rc;

	time_enter(&run->time, place->warmup ? PHASE_WARMING : PHASE_TRIALS);
	rc = procedure_perform(procedure_of(run, place->workload), stage, record, why);
	time_enter(&run->time, PHASE_OTHER);
	if (run->simulated)
		run->time.simulated += stage->seconds;
	if (run->simulated || place->warmup)
		return rc;
	outside = rc ? 0 : json_number_value(json_object_get(*record, "outside_seconds"));
	time_move(&run->time, PHASE_TRIALS, PHASE_BETWEEN,
		  fmax(seconds_of(clock_now() - began) - outside, 0));
	return rc;
}

/* *whole becomes false where the trial failed. */
static int one_trial(struct run *run, const struct place *place, struct arm *arm, bool *whole,
		     struct error *err)
{
	struct stage stage = stage_of(run, place, arm);
	cleanup_json json_t *record = NULL;
	struct error why = {0};
	int rc;

	drop_caches(run, place, arm);
	note_idle(arm);
	rc = perform(run, place, &stage, &record, &why);
	if (!rc) /* what the journal's reader would refuse is this trial's error, not the run's */
		rc = record_check_line(record, &why);
	if (rc == -EINTR)
		return error_set(err, rc, "%s", why.message);
	if (rc) {
		*whole = false;
		return handle_failure(run, place, arm, &why, err);
	}
	note_cost(arm);
	note_warmup(place, arm, record);
	arm->errors = arm->breaks = 0;
	return write_record(run, place, arm, record, err);
}

/* Side by side: nothing is timed yet. */
static int prepare_all(struct run *run, struct place *place, struct error *err)
{
	const struct procedure *procedure = procedure_of(run, place->workload);
	double began = time_now(&run->time);
	struct error why;
	int rc = 0;

	if (!procedure->prepare)
		return 0;
	time_enter(&run->time, PHASE_PREPARING);
	for (int i = 0; i < run->plan->arm_count && !rc; i++) {
		struct stage stage = stage_of(run, place, &run->arms[i]);

		if (run_arm_active(&run->arms[i]) && procedure->prepare(&stage, &why))
			rc = handle_failure(run, place, &run->arms[i], &why, err);
	}
	for (int i = 0; i < run->plan->arm_count && !rc; i++) {
		struct stage stage = stage_of(run, place, &run->arms[i]);
		struct arm *arm = &run->arms[i];

		if (!run_arm_active(arm))
			continue;
		if (procedure->prepared(&stage, &why))
			rc = why.code == -EINTR ? error_set(err, -EINTR, "%s", why.message)
						: handle_failure(run, place, arm, &why, err);
		if (run_arm_renews(run, arm))
			run->tallies[place->workload].preparing_seconds =
				time_now(&run->time) - began;
	}
	time_enter(&run->time, PHASE_OTHER);
	return rc;
}

/* Why the arm cannot run the workload at all; NULL: it can. `text` is room for the words. */
static const char *obstacle_of(const struct run *run, const struct plan_workload *w,
			       const struct arm *arm, char text[128])
{
	const json_t *environment =
		json_object_get(json_object_get(run->json, "environments"), arm->plan->name);
	const char *obstacle = plan_obstacle(w, arm->plan, run->network != NULL);

	if (obstacle || arm->plan->environment->driver->simulate)
		return obstacle;
	return plan_lacks(w, json_object_get(environment, "hello"), &run->placement, text, 128)
		       ? text
		       : NULL;
}

static void enter_arms(struct run *run, const struct place *place)
{
	const struct plan_workload *w = &run->plan->workloads[place->workload];

	for (int i = 0; i < run->plan->arm_count; i++) {
		struct arm *arm = &run->arms[i];
		char text[128];
		const char *obstacle = obstacle_of(run, w, arm, text);

		arm->out = false;
		arm->errors = arm->breaks = 0;
		arm->warmups = 0;
		if (!run_arm_active(arm) || !obstacle)
			continue;
		leave_workload(run, place, arm, obstacle);
		run->failed = run->failed || !arm->plan->optional;
	}
}

/* Warm-up trials are for what is not warm yet; of the others each arm has its turns. */
static bool is_due(const struct place *place, const struct arm *arm)
{
	if (place->warmup)
		return !schedule_is_warm(arm->rates, arm->warmups, place->warmups);
	return schedule_takes_part(arm->plan->every, (unsigned)place->block);
}

static int one_block(struct run *run, struct place *place, bool *whole, struct error *err)
{
	const struct plan *plan = run->plan;
	cleanup_free int *order = calloc((size_t)plan->arm_count, sizeof(*order));
	int rc = 0;

	if (!order)
		return error_errno(err, -ENOMEM, "a block");
	schedule_order(plan->seed, (unsigned)place->workload, (unsigned)run->start,
		       (unsigned)place->block, order, plan->arm_count);
	place->position = 0;
	*whole = true;
	for (int i = 0; i < plan->arm_count && !rc; i++) {
		struct arm *arm = &run->arms[order[i]];

		if (!run_arm_active(arm) || !is_due(place, arm))
			continue;
		progress_trial(run->progress, place->workload, place->block, order[i],
			       run_seconds_left(run));
		rc = one_trial(run, place, arm, whole, err);
		place->position++;
	}
	return rc;
}

/* Until no arm becomes faster any more, but at most `most` times. */
static int warm_up(struct run *run, int workload, int most, struct error *err)
{
	struct tally *tally = &run->tallies[workload];
	struct place place = {.workload = workload, .warmup = true, .warmups = most};
	bool whole;
	int rc = 0;

	if (!run->simulated)
		rc = prepare_all(run, &place, err);
	for (int i = 0; i < most && !rc; i++) {
		place.block = tally->next_warmup++;
		rc = one_block(run, &place, &whole, err);
	}
	return rc;
}

/* Fresh instances for the arms that start quickly: prepared, and warmed up by one trial each. */
static int renew(struct run *run, int workload, struct error *err)
{
	int rc;

	for (int i = 0; i < run->plan->arm_count; i++)
		if (run_arm_renews(run, &run->arms[i]))
			run->arms[i].warmups = 0;
	time_renewing(&run->time, true);
	rc = run_arms_renew(run, err);
	if (!rc)
		rc = warm_up(run, workload, 1, err);
	time_renewing(&run->time, false);
	return rc;
}

/* Decided once, by what starting and preparing have taken so far. What is compared with one start
 * of the baseline is one start. */
static int blocks_each(const struct run *run, int workload, const struct limits *limits)
{
	double renewing = run->tallies[workload].preparing_seconds, block = 0, blocks;

	for (int i = 0; i < run->plan->arm_count; i++) {
		const struct arm *arm = &run->arms[i];

		if (run_arm_active(arm))
			block += run->plan->trial_seconds / arm->plan->every;
		if (run_arm_renews(run, arm))
			renewing += arm->starting_seconds + run->plan->warmup_seconds;
	}
	if (!run_arm_renews(run, &run->arms[0]))
		return 0;
	blocks = (limits->deadline - time_now(&run->time)) / (block * BESIDES_TRIALS);
	if (run->plan->starts > 1)
		blocks = run->plan->blocks_per_start;
	return schedule_blocks_each(
		renewing, block,
		(int)fmin(fmax(blocks, run->plan->min_blocks), run->plan->max_blocks));
}

static void show_estimate(struct run *run, int workload, struct error *err)
{
	cleanup_free struct live_arm *looks = calloc((size_t)run->plan->arm_count, sizeof(*looks));

	if (looks && live_look(run->live, workload, looks, err) == 0)
		progress_look(run->progress, looks);
}

/* How seldom the arm that takes part in fewest blocks does so. */
static int rarest_turn(const struct run *run)
{
	int every = 1;

	for (int i = 0; i < run->plan->arm_count; i++)
		if (run_arm_active(&run->arms[i]) && run->arms[i].plan->every > every)
			every = run->arms[i].plan->every;
	return every;
}

static enum decision decide(const struct run *run, int workload, const struct limits *limits)
{
	const struct tally *tally = &run->tallies[workload];
	double target = run->plan->workloads[workload].target;
	struct progress_of_workload state = {
		.blocks = tally->blocks,
		.min_blocks = run->plan->min_blocks,
		.max_blocks = run->plan->max_blocks,
		.starts = tally->starts,
		.min_starts = run->plan->starts,
		.precise = live_precise(run->live, workload, target),
		.now = time_now(&run->time),
		.deadline = limits->deadline,
		.latest = limits->latest,
		.every = rarest_turn(run),
	};

	return schedule_decide(&state);
}

/* With several starts, a start gives a workload its share of blocks, and whether there are more
 * starts is decided when this one has ended. With one start, it is decided after each block. */
static bool enough_here(struct run *run, int workload, int blocks_here, const struct limits *limits)
{
	struct tally *tally = &run->tallies[workload];

	if (run->plan->starts == 1 || blocks_here >= run->plan->blocks_per_start ||
	    time_now(&run->time) >= limits->latest) {
		tally->decision = decide(run, workload, limits);
		return run->plan->starts > 1 || tally->decision != DECISION_GO_ON;
	}
	return false;
}

static bool can_compare(const struct run *run)
{
	return run_arm_active(&run->arms[0]);
}

static int blocks(struct run *run, int workload, const struct limits *limits, struct error *err)
{
	struct tally *tally = &run->tallies[workload];
	struct place place = {.workload = workload};
	int here = 0, attempts = 0, served = 0, rc;
	bool whole;

	for (;;) {
		if (!can_compare(run) || attempts++ >= ATTEMPTS_PER_BLOCK * run->plan->max_blocks) {
			tally->decision = DECISION_FAILED;
			return 0;
		}
		place.block = tally->next_block++;
		rc = one_block(run, &place, &whole, err);
		if (rc)
			return rc;
		tally->blocks += whole;
		here += whole;
		show_estimate(run, workload, err);
		if (whole && enough_here(run, workload, here, limits))
			return 0;
		if (++served == tally->blocks_each) {
			served = 0;
			rc = renew(run, workload, err);
			if (rc)
				return rc;
		}
	}
}

int run_workload(struct run *run, int workload, struct error *err)
{
	struct tally *tally = &run->tallies[workload];
	struct place place = {.workload = workload};
	struct limits limits = run_limits(run, workload);
	int rc;

	progress_preparing(run->progress, workload);
	enter_arms(run, &place);
	tally->starts++;
	if (!can_compare(run)) {
		tally->decision = DECISION_FAILED;
	} else {
		rc = warm_up(run, workload, run->simulated ? 1 : WARMUPS_MAX, err);
		if (tally->starts == 1 || run->resumed)
			tally->blocks_each = blocks_each(run, workload, &limits);
		if (!rc)
			rc = blocks(run, workload, &limits, err);
		if (rc)
			return rc;
	}
	if (tally->decision == DECISION_GO_ON)
		return 0;
	run_event(run, "decided", NULL, run->plan->workloads[workload].key,
		  decision_name(tally->decision));
	progress_decided(run->progress, workload, tally->blocks, decision_name(tally->decision));
	return 0;
}
