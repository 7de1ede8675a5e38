/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/run/run_private.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "harness/plan/plan_time.h"
#include "harness/owner.h"
#include "harness/procedure/interrupt.h"
#include "harness/run/run_directory.h"
#include "harness/subcommand.h"

#define REPORT_RESERVE 2.0 /* s of the budget, reserved for stopping and the report */

static double end_of_trials(const struct plan *plan)
{
	return plan->budget_seconds - REPORT_RESERVE;
}

/* With several starts only the number of remaining rounds is known. */
double run_seconds_left(const struct plan *plan, const struct run_state *state)
{
	return fmax(plan->budget_seconds - time_now(&state->time), 0);
}

/* The minimum time that the remaining comparisons need. */
static double needed_later(const struct plan *plan, const struct run_state *state, int comparison)
{
	double seconds = 0;

	for (int i = comparison + 1; i < plan->comparison_count; i++)
		if (state->tallies[i].decision == DECISION_GO_ON)
			seconds += plan_comparison_seconds(plan, i, plan->min_blocks);
	return seconds;
}

struct limits run_limits(const struct plan *plan, const struct run_state *state, int comparison)
{
	double now = time_now(&state->time), end = end_of_trials(plan);
	struct limits limits = {.deadline = end, .latest = end};
	int comparisons = 0;

	if (plan->starts > 1) /* the number of rounds is fixed, and the time of each is known */
		return limits;
	for (int i = comparison; i < plan->comparison_count; i++)
		comparisons += state->tallies[i].decision == DECISION_GO_ON;
	limits.deadline = schedule_deadline(now, end, comparisons, state->share);
	limits.latest = fmax(limits.deadline, end - needed_later(plan, state, comparison));
	return limits;
}

/* Whether another round of starts would end in time, if it takes as long as those before it. */
static bool round_fits(const struct run *run, int rounds, double began)
{
	double now = time_now(&run->state.time);

	return rounds < 1 || now + (now - began) / rounds <= end_of_trials(run->setup.plan);
}

static void end_by_time(struct run *run)
{
	for (int i = 0; i < run->setup.plan->comparison_count; i++) {
		struct tally *tally = &run->state.tallies[i];

		if (tally->decision != DECISION_GO_ON)
			continue;
		tally->decision = DECISION_TIME;
		run_event(run, "decided", NULL, plan_first(run->setup.plan, i),
			  decision_name(DECISION_TIME));
		progress_decided(run->record.progress, i, tally->blocks,
				 decision_name(DECISION_TIME));
	}
}

static bool all_decided(const struct run *run)
{
	for (int i = 0; i < run->setup.plan->comparison_count; i++)
		if (run->state.tallies[i].decision == DECISION_GO_ON)
			return false;
	return true;
}

static int measure_start(struct run *run, struct error *err)
{
	int rc = 0;

	for (int i = 0; i < run->setup.plan->comparison_count && !rc; i++) {
		if (!(run->setup.plan->starts == 1 && run->setup.resumed))
			run->state.tallies[i].next_block = 0;
		if (run->state.tallies[i].decision == DECISION_GO_ON)
			rc = run_comparison(run, i, err);
	}
	return rc;
}

/* What the agents have reported about their environments: an array. */
static json_t *hellos_of(const json_t *environments)
{
	json_t *hellos = json_array(), *environment;
	const char *name;

	json_object_foreach ((json_t *)environments, name, environment)
		json_array_append(hellos, json_object_get(environment, "hello"));
	return hellos;
}

/* Once all agents have said hello, it is known what every environment can do: the plan is complete
 * and is written. After the first trial it no longer changes. */
static int seal_plan(struct run *run, struct error *err)
{
	const json_t *environments = json_object_get(run->record.json, "environments");
	cleanup_json json_t *hellos = hellos_of(environments);
	int rc = run->state.sequence ? 0 : plan_adapt(run->setup.plan, hellos, err);

	if (rc)
		return rc;
	plan_check_needs(run->setup.plan, &run->setup.placement, run->hosts.network != NULL,
			 environments);
	run_record_plan(run);
	if (!run->record.live)
		rc = live_create(run->record.json, &run->record.live, err);
	return rc ? rc : run_record_write(run, "running", err);
}

static int measure(struct run *run, struct error *err)
{
	const struct slot *baseline = &run->hosts.slots[run->setup.plan->baseline];
	double began = time_now(&run->state.time);
	int rc, first = run->state.start;

	for (;; run->state.start++) {
		rc = run_instances_start(run, err);
		if (!rc && !baseline->up)
			rc = error_set(err, -ENOTSUP,
				       "the baseline %s is unavailable, so there is nothing to "
				       "compare with",
				       baseline->plan->name);
		if (!rc && run->state.start == first)
			rc = seal_plan(run, err);
		run->state.share = (end_of_trials(run->setup.plan) - time_now(&run->state.time)) /
				   run->setup.plan->comparison_count;
		rc = rc ?: measure_start(run, err);
		run_instances_stop(run);
		if (rc || run->setup.plan->starts == 1 || all_decided(run))
			return rc;
		if (!round_fits(run, run->state.start - first + 1, began)) {
			end_by_time(run);
			return 0;
		}
	}
}

/* With the rights of the user who will own the run. */
static int report(void *argument)
{
	struct run *run = argument;
	uint64_t began = clock_now();
	int status = run_derive(&run->setup.files, &run->setup.options.report);
	struct error err;

	/* How long the report took is known only now, so the report does not show it. */
	json_object_set_new(run->record.json, "reporting_seconds",
			    json_real(seconds_of(clock_now() - began)));
	run->setup.files.uid = NOBODY_ELSE; /* what this process creates belongs to its user */
	if (run_record_write(run, run_status(0), &err))
		status = subcommand_failed(&err);
	return status;
}

static int finish(struct run *run, int rc, const struct error *err)
{
	int status;

	if (rc == -EINTR) {
		fprintf(stderr,
			"tare: interrupted; %d trials are kept in %s: `tare run --resume %s' "
			"continues the run, `tare report %s' shows them\n",
			run->state.sequence, run->setup.directory, run->setup.directory,
			run->setup.directory);
		return STATUS_INTERRUPTED;
	}
	if (rc) {
		subcommand_failed(err);
		return rc == -EINVAL || rc == -EEXIST || rc == -EACCES ? STATUS_USAGE
								       : STATUS_PARTLY;
	}
	status = owner_does(&run->setup.files, report, run);
	return status ? status : run->state.failed ? STATUS_PARTLY : STATUS_DONE;
}

int run_execute(struct run *run)
{
	struct error err = {0};
	int rc, status;

	interrupt_catch();
	rc = run_open(run, &err);
	rc = rc ?: measure(run, &err);
	rc = run_close(run, rc, &err);
	status = finish(run, rc, &err);
	run_free(run);
	return status;
}

int run_study(struct plan *plan, struct placement *placement, const struct run_options *options)
{
	struct run run = {.setup = {.plan = plan,
				    .placement = *placement,
				    .options = *options,
				    .files = DIRECTORY_CLOSED,
				    .parent = DIRECTORY_CLOSED}};

	*placement = (struct placement){0};
	return run_execute(&run);
}
