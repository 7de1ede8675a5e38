/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/run/run_trial.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/json.h"
#include "drivers/agent_stream.h"
#include "harness/procedure/procedure.h"
#include "harness/run/scratch.h"

#define BREAKS_MAX 2     /* in a row, of an instance under one condition */
#define COUNTED_BLOCKS 8 /* one block out of this many is counted */

struct condition *run_conditions(const struct run *run, int comparison, int *count)
{
	const struct plan_comparison *c = &run->setup.plan->comparisons[comparison];

	*count = c->count;
	return &run->state.conditions[c->first];
}

bool run_is_active(const struct run *run, const struct condition *condition)
{
	for (int i = 0; i < condition->plan->cast_count; i++) {
		int instance = condition->plan->cast[i].instance;

		if (instance >= 0 && !run_slot_active(&run->hosts.slots[instance]))
			return false;
	}
	return !condition->out;
}

/* Counting slows context switches: in a block either all conditions are counted or none. */
static bool is_counted(const struct place *place)
{
	return !place->warmup && place->block % COUNTED_BLOCKS == 0;
}

static struct actor at_instance(const struct run *run, struct slot *slot)
{
	bool pinned = !run->setup.simulated && !slot->instance.unpinned;

	return (struct actor){
		.instance = &slot->instance,
		.agent = &slot->agent,
		.cpus = run->setup.placement.trial_cpus,
		.cpu_count = pinned ? run->setup.placement.trial_cpu_count : 0,
		.slow = slot->plan->slow,
	};
}

/* It is slowed like its subject. */
static struct actor at_load_generator(struct run *run, int number, const struct slot *subject)
{
	return (struct actor){
		.agent = &run->hosts.loads[number],
		.cpus = run->setup.placement.other_cpus,
		.cpu_count = run->setup.placement.other_cpu_count,
		.slow = subject->plan->slow,
	};
}

static struct stage stage_of(struct run *run, const struct place *place,
			     const struct condition *condition)
{
	const struct plan_condition *plan = condition->plan;
	struct slot *subject = condition->subject;
	int loads = 0;
	struct stage stage = {
		.cast_count = plan->cast_count,
		.seed = run->setup.plan->seed,
		.moment = run->state.sequence,
		.seconds = place->warmup ? run->setup.plan->warmup_seconds
					 : run->setup.plan->trial_seconds,
	};

	for (int i = 0; i < plan->cast_count; i++) {
		const struct plan_member *member = &plan->cast[i];

		stage.cast[i] = member->instance < 0
					? at_load_generator(run, loads++, subject)
					: at_instance(run, &run->hosts.slots[member->instance]);
		stage.cast[i].role = member->role;
		if (member->workload >= 0)
			stage.cast[i].workload = &run->setup.plan->workloads[member->workload];
	}
	stage.cast[0].evidence = subject->evidence;
	stage.cast[0].counters = is_counted(place) ? subject->counters : NULL;
	return stage;
}

/* Which start of which instance, with which workload. */
static json_t *member_json(const struct run *run, const struct plan_member *member)
{
	const char *role = cast_role_names[member->role];
	const char *key = plan_member_key(run->setup.plan, member);
	const struct slot *slot;

	if (member->instance < 0)
		return json_pack("{s:s, s:s*}", "role", role, "workload", key);
	slot = &run->hosts.slots[member->instance];
	return json_pack("{s:s, s:s, s:i, s:s*}", "role", role, "instance", slot->plan->id,
			 "number", slot->number, "workload", key);
}

/* `observed`: what each member did. */
static json_t *cast_json(const struct run *run, const struct plan_condition *condition,
			 const json_t *observed)
{
	json_t *cast = json_array();

	for (int i = 0; i < condition->cast_count; i++) {
		json_t *member = member_json(run, &condition->cast[i]);

		json_object_update(member, json_array_get(observed, (size_t)i));
		json_array_append_new(cast, member);
	}
	return cast;
}

static int write_trial(struct run *run, const struct place *place,
		       const struct condition *condition, json_t *trial, struct error *err)
{
	cleanup_json json_t *line =
		json_pack("{s:s, s:i, s:s, s:s, s:s, s:i, s:i, s:i, s:b, s:f, s:o}", "record",
			  "trial", "sequence", run->state.sequence++, "workload",
			  plan_key(run->setup.plan, place->comparison), "arm",
			  condition->plan->column, "condition", condition->plan->id, "start",
			  run->state.start, "block", place->block, "position", place->position,
			  "warmup", place->warmup, "time", time_now(&run->state.time), "cast",
			  cast_json(run, condition->plan, json_object_get(trial, "cast")));

	json_object_update_missing(line, trial);
	return journal_append(run->record.journal, line, err)
		       ?: live_add(run->record.live, line, err);
}

static int write_failure(struct run *run, const struct place *place,
			 const struct condition *condition, const struct agent *agent,
			 const struct error *why, struct error *err)
{
	const char *code = why->code == -EREMOTEIO && agent->code[0] ? agent->code
								     : strerrorname_np(-why->code);
	cleanup_json json_t *trial = json_pack("{s:{s:s, s:s}}", "error", "code",
					       code ? code : "EIO", "message", why->message);

	return write_trial(run, place, condition, trial, err);
}

void run_leave_out(struct run *run, struct condition *condition, const char *why)
{
	const char *key = plan_key(run->setup.plan, condition->plan->comparison);

	condition->out = true;
	for (int i = 0; i < condition->plan->cast_count; i++)
		if (condition->plan->cast[i].instance >= 0)
			run->hosts.slots[condition->plan->cast[i].instance].needed--;
	run_event(run, "failed", condition->subject, condition->plan, why);
	run_warn(&run->record, "%s is unavailable in %s: %s", key, condition->plan->column, why);
}

/* What this machine cannot do at all is reported but does not fail the run. */
static bool is_unsupported(const struct agent *agent, const struct error *why)
{
	return why->code == -EREMOTEIO && !strcmp(agent->code, strerrorname_np(ENOTSUP));
}

/* What breaks an instance twice is left out before it uses up the restarts. */
static int handle_break(struct run *run, struct condition *condition, struct slot *slot,
			const struct error *why, struct error *err)
{
	if (++condition->breaks >= BREAKS_MAX) {
		run_leave_out(run, condition, why->message);
		run->state.failed = true;
	}
	return run_slot_restart(run, slot, why, err);
}

/* `failed`: index in the cast of who failed. */
static int handle_failure(struct run *run, const struct place *place, struct condition *condition,
			  int failed, const struct error *why, struct error *err)
{
	struct slot *slot = &run->hosts.slots[condition->plan->cast[failed].instance];
	int rc = write_failure(run, place, condition, &slot->agent, why, err);

	if (rc)
		return rc;
	if (is_unsupported(&slot->agent, why)) {
		run_leave_out(run, condition, why->message);
		return 0;
	}
	if (why->code != -EREMOTEIO)
		return handle_break(run, condition, slot, why, err);
	if (++condition->errors >= ERRORS_MAX) {
		run_leave_out(run, condition, why->message);
		run->state.failed = true;
	}
	return run_loads_restart(run, err);
}

static bool cost_of(struct slot *slot, struct instance_cost *cost)
{
	const struct driver *driver = slot->plan->environment->driver;

	return driver->stats && !driver->simulate && driver->stats(&slot->instance, cost) == 0;
}

/* Between two of its trials an instance is idle: its cost then is reported. */
static void note_idle(struct slot *slot)
{
	struct instance_cost now;

	if (!slot->last_time || !cost_of(slot, &now))
		return;
	if (now.cpu_seconds < slot->last_cost.cpu_seconds || slot->last_cost.cpu_seconds < 0)
		return;
	slot->idle_cpu += now.cpu_seconds - slot->last_cost.cpu_seconds;
	slot->idle_seconds += seconds_of(clock_now() - slot->last_time);
}

static void note_cost(struct slot *slot)
{
	slot->last_time = cost_of(slot, &slot->last_cost) ? clock_now() : 0;
}

/* A workload that uses the page cache starts with a cold one: the agent drops its environment's
 * cache, and this drops the host's, which may contain a virtual machine's image. Only the files of
 * the next instance are dropped: instances do not share files, and each is dropped before its turn.
 */
static void drop_caches(const struct run *run, const struct actor *subject)
{
	const struct plan_workload *w = subject->workload;
	const char *parameter = json_text(json_object_get(w->entry, "needs"), "cold_cache");
	char path[PATH_MAX];

	if (strcmp(json_text(w->values, parameter), "on") != 0 || !run->setup.scratch_dir)
		return;
	instance_scratch_path(subject->instance, path, sizeof(path));
	scratch_drop_caches(path);
}

static void note_warmup(const struct place *place, struct condition *condition, const json_t *trial)
{
	double seconds = json_number_value(json_object_get(trial, "inside_seconds"));

	if (place->warmup && condition->warmups < WARMUPS_MAX)
		condition->rates[condition->warmups++] =
			json_number_value(json_object_get(trial, "operations")) /
			fmax(seconds, 1e-9);
}

/* Performs it and accounts for the timed part and the rest. */
static int perform(struct run *run, const struct place *place, const struct condition *condition,
		   struct stage *stage, json_t **trial, struct error *why)
{
	const struct procedure *procedure = procedure_find(condition->plan->procedure);
	uint64_t began = clock_now();
	double outside;
	int rc;

	time_enter(&run->state.time, place->warmup ? PHASE_WARMING : PHASE_TRIALS);
	rc = procedure_perform(procedure, stage, trial, why);
	time_enter(&run->state.time, PHASE_OTHER);
	if (run->setup.simulated)
		run->state.time.simulated += stage->seconds;
	if (run->setup.simulated || place->warmup)
		return rc;
	outside = rc ? 0 : json_number_value(json_object_get(*trial, "outside_seconds"));
	time_move(&run->state.time, PHASE_TRIALS, PHASE_BETWEEN,
		  fmax(seconds_of(clock_now() - began) - outside, 0));
	return rc;
}

int run_trial(struct run *run, const struct place *place, struct condition *condition, bool *whole,
	      struct error *err)
{
	struct stage stage = stage_of(run, place, condition);
	cleanup_json json_t *trial = NULL;
	struct error why = {0};
	int rc;

	drop_caches(run, &stage.cast[0]);
	note_idle(condition->subject);
	rc = perform(run, place, condition, &stage, &trial, &why);
	stage_finish(&stage);
	/* what the journal's reader would reject is an error of this trial, not of the run */
	if (!rc)
		rc = record_check_line(trial, &why);
	if (rc == -EINTR)
		return error_set(err, rc, "%s", why.message);
	if (rc) {
		*whole = false;
		return handle_failure(run, place, condition, stage.failed, &why, err);
	}
	note_cost(condition->subject);
	note_warmup(place, condition, trial);
	condition->errors = condition->breaks = 0;
	return write_trial(run, place, condition, trial, err);
}

static int ask_to_prepare(struct run *run, const struct place *place, struct condition *condition,
			  struct error *err)
{
	const struct procedure *procedure = procedure_find(condition->plan->procedure);
	struct stage stage = stage_of(run, place, condition);
	struct error why;

	condition->asked = 0;
	/* in a scene the subject is the instance that is asked alone */
	if (!run_is_active(run, condition) || !procedure->prepare || condition->plan->scene)
		return 0;
	if (procedure->prepare(&stage, &why))
		return handle_failure(run, place, condition, 0, &why, err);
	condition->asked = condition->subject->agent.id;
	return 0;
}

/* An instance that was restarted in between was not asked to prepare. */
static int await_prepared(struct run *run, const struct place *place, struct condition *condition,
			  struct error *err)
{
	const struct procedure *procedure = procedure_find(condition->plan->procedure);
	struct stage stage = stage_of(run, place, condition);
	struct error why;

	if (!condition->asked || condition->asked != condition->subject->agent.id ||
	    !run_is_active(run, condition) || !procedure->prepared(&stage, &why))
		return 0;
	if (why.code == -EINTR)
		return error_set(err, -EINTR, "%s", why.message);
	return handle_failure(run, place, condition, 0, &why, err);
}

int run_prepare(struct run *run, const struct place *place, struct error *err)
{
	struct tally *tally = &run->state.tallies[place->comparison];
	double began = time_now(&run->state.time);
	int count, rc = 0;
	struct condition *conditions = run_conditions(run, place->comparison, &count);

	time_enter(&run->state.time, PHASE_PREPARING);
	for (int i = 0; i < count && !rc; i++)
		rc = ask_to_prepare(run, place, &conditions[i], err);
	for (int i = 0; i < count && !rc; i++) {
		rc = await_prepared(run, place, &conditions[i], err);
		if (run_slot_renews(run, conditions[i].subject))
			tally->preparing_seconds = time_now(&run->state.time) - began;
	}
	time_enter(&run->state.time, PHASE_OTHER);
	return rc;
}
