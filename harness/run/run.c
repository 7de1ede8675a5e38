/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/run/run.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/command.h"
#include "base/file.h"
#include "harness/observe/other_runs.h"
#include "harness/plan/plan_time.h"
#include "harness/owner.h"
#include "harness/procedure/interrupt.h"
#include "harness/run/run_directory.h"
#include "harness/subcommand.h"

#define CLEAN_MS 120000
#define OTHERS_TOLD 8
#define REPORT_RESERVE 2.0 /* s of the budget, kept for stopping and the report */

static double end_of_trials(const struct run *run)
{
	return run->plan->budget_seconds - REPORT_RESERVE;
}

/* With several starts nothing but the rounds that are left is known. */
double run_seconds_left(const struct run *run)
{
	return fmax(run->plan->budget_seconds - time_now(&run->time), 0);
}

/* What the workloads behind this one need at least. */
static double needed_later(const struct run *run, int workload)
{
	double seconds = 0;

	for (int i = workload + 1; i < run->plan->workload_count; i++)
		if (run->tallies[i].decision == DECISION_GO_ON)
			seconds += plan_workload_seconds(run->plan, i, run->plan->min_blocks);
	return seconds;
}

struct limits run_limits(const struct run *run, int workload)
{
	double now = time_now(&run->time), end = end_of_trials(run);
	struct limits limits = {.deadline = end, .latest = end};
	int workloads = 0;

	if (run->plan->starts > 1) /* the rounds are counted, and the time of each is known */
		return limits;
	for (int i = workload; i < run->plan->workload_count; i++)
		workloads += run->tallies[i].decision == DECISION_GO_ON;
	limits.deadline = schedule_deadline(now, end, workloads, run->share);
	limits.latest = fmax(limits.deadline, end - needed_later(run, workload));
	return limits;
}

/* Does another round of starts end in time? It takes as long as those before it did. */
static bool round_fits(const struct run *run, int rounds, double began)
{
	double now = time_now(&run->time);

	return rounds < 1 || now + (now - began) / rounds <= end_of_trials(run);
}

static void end_by_time(struct run *run)
{
	for (int i = 0; i < run->plan->workload_count; i++) {
		struct tally *tally = &run->tallies[i];

		if (tally->decision != DECISION_GO_ON)
			continue;
		tally->decision = DECISION_TIME;
		run_event(run, "decided", NULL, run->plan->workloads[i].key,
			  decision_name(DECISION_TIME));
		progress_decided(run->progress, i, tally->blocks, decision_name(DECISION_TIME));
	}
}

static bool all_decided(const struct run *run)
{
	for (int i = 0; i < run->plan->workload_count; i++)
		if (run->tallies[i].decision == DECISION_GO_ON)
			return false;
	return true;
}

static int measure_start(struct run *run, struct error *err)
{
	int rc = 0;

	for (int i = 0; i < run->plan->workload_count && !rc; i++) {
		if (!(run->plan->starts == 1 && run->resumed))
			run->tallies[i].next_block = 0;
		if (run->tallies[i].decision == DECISION_GO_ON)
			rc = run_workload(run, i, err);
	}
	return rc;
}

/* What every environment can do is known once all have said hello: then the plan is sealed. */
static int seal_plan(struct run *run, struct error *err)
{
	cleanup_json json_t *hellos = json_array();
	json_t *environment;
	const char *name;
	int rc = 0;

	json_object_foreach (json_object_get(run->json, "environments"), name, environment) {
		json_t *hello = json_object_get(environment, "hello");

		if (hello)
			json_array_append(hellos, hello);
	}
	if (!run->resumed)
		rc = plan_adapt(run->plan, hellos, err);
	return rc ? rc : run_record_write(run, "running", err);
}

static int measure(struct run *run, struct error *err)
{
	double began = time_now(&run->time);
	int rc, first = run->start;

	for (;; run->start++) {
		rc = run_arms_start(run, err);
		if (!rc && !run->arms[0].up)
			rc = error_set(err, -ENOTSUP,
				       "the baseline %s cannot be used, so there is nothing to "
				       "compare with",
				       run->arms[0].plan->name);
		if (!rc && run->start == first)
			rc = seal_plan(run, err);
		run->share =
			(end_of_trials(run) - time_now(&run->time)) / run->plan->workload_count;
		if (!rc)
			rc = measure_start(run, err);
		run_arms_stop(run);
		if (rc || run->plan->starts == 1 || all_decided(run))
			return rc;
		if (!round_fits(run, run->start - first + 1, began)) {
			end_by_time(run);
			return 0;
		}
	}
}

static bool is_simulated(const struct plan *plan)
{
	for (int i = 0; i < plan->arm_count; i++)
		if (!plan->arms[i].environment->driver->simulate)
			return false;
	return true;
}

static int make_tables(struct run *run, struct error *err)
{
	run->arms = calloc((size_t)run->plan->arm_count, sizeof(*run->arms));
	run->tallies = calloc((size_t)run->plan->workload_count, sizeof(*run->tallies));
	if (!run->arms || !run->tallies)
		return error_errno(err, -ENOMEM, "the run");
	for (int i = 0; i < run->plan->arm_count; i++) {
		struct arm *arm = &run->arms[i];

		arm->plan = &run->plan->arms[i];
		arm->start_seconds = json_array();
		if (!plan_arm_usable(arm->plan))
			run->failed = true;
	}
	return 0;
}

static int know_agent(struct run *run, struct error *err)
{
	run->agent_path = run_agent_path(err);
	if (!run->agent_path)
		return err->code;
	return file_sha256(run->agent_path, run->site.agent_hash, err);
}

/* What dead runs left behind. In a process of its own: an embedded libvirt takes one directory in
 * the life of a process, and that is this run's. */
static void clean_dead_runs(struct run *run)
{
	static const char *const argv[] = {"/proc/self/exe", "clean", NULL};
	cleanup_free char *output = NULL;
	struct error err;
	int removed = 0;

	if (command_run(argv, NULL, CLEAN_MS, &output, &err))
		run_warn(run, "cleaning up after a dead run: %s", err.message);
	for (const char *at = output; at && (at = strstr(at, "removed ")); at++)
		removed += at == output || at[-1] == '\n';
	if (removed)
		run_warn(run, "removed %d thing%s left by a run that died", removed,
			 removed == 1 ? "" : "s");
}

/* The host lock. */
static int take_host(struct run *run, struct error *err)
{
	if (run->simulated)
		return 0;
	/* First: a resumed run's own remains go by the name that it takes again. */
	clean_dead_runs(run);
	return resources_open(run->id, &run->resources, err);
}

/* Runs of other users, or of another registry, cannot be kept out: both say that they met. */
static void tell_of_others(struct run *run)
{
	struct other_run met[OTHERS_TOLD];
	int count = run->others ? other_runs_met(run->others, met, OTHERS_TOLD) : 0;

	for (int i = 0; i < count; i++)
		run_warn(run,
			 "shared host: another run of tare (process %d of user %u) measured at the "
			 "same time; both runs are disturbed",
			 (int)met[i].pid, (unsigned)met[i].uid);
}

static void look_for_others(struct run *run)
{
	struct error err;

	if (run->simulated)
		return;
	run->others = other_runs_open(&err);
	if (!run->others)
		run_warn(run, "%s: cannot tell whether other runs share this host", err.message);
	tell_of_others(run);
}

static int open_run(struct run *run, struct error *err)
{
	int rc = make_tables(run, err);

	if (!rc)
		rc = know_agent(run, err);
	if (!rc)
		rc = run_directory_create(run, err);
	if (!rc)
		rc = take_host(run, err);
	if (!rc && !run->resumed)
		rc = run_record_open(run, err);
	if (!rc)
		rc = journal_open(&run->files, run->resumed, &run->journal, err);
	if (!rc)
		rc = live_create(run->json, &run->live, err);
	if (!rc && run->resumed)
		rc = run_directory_reload(run, err);
	if (!rc)
		rc = run_site_open(run, err);
	if (!rc)
		look_for_others(run);
	return rc;
}

static void free_run(struct run *run)
{
	for (int i = 0; run->arms && i < run->plan->arm_count; i++)
		json_decref(run->arms[i].start_seconds);
	free(run->arms);
	free(run->tallies);
	live_destroy(run->live);
	progress_destroy(run->progress);
	json_decref(run->json);
	placement_finish(&run->placement);
	plan_destroy(run->plan);
	directory_close(&run->files);
	free(run->directory);
	free(run->state_dir);
	free(run->scratch_dir);
	free(run->agent_path);
}

static const char *status_of(int rc)
{
	return rc == 0 ? "complete" : rc == -EINTR ? "interrupted" : "failed";
}

/* Everything that the run made is gone when this returns, whatever `rc` was. Returns `rc`, or why
 * what was measured is not what stands in the journal. */
static int close_run(struct run *run, int rc, struct error *err)
{
	struct error why;

	run_site_close(run);
	tell_of_others(run);
	other_runs_close(run->others);
	if (run->directory && !run->journal && !run->resumed)
		rmdir(run->directory); /* nothing was begun: nothing stays */
	if (run->journal && journal_check(run->journal, &run->files, &why)) {
		run_warn(run, "%s", why.message);
		if (!rc) {
			rc = why.code;
			*err = why;
		}
	}
	journal_close(run->journal);
	if (run->json && run->journal && run_record_write(run, status_of(rc), &why)) {
		run_warn(run, "%s", why.message);
		if (!rc) {
			rc = why.code;
			*err = why;
		}
	}
	run_directory_give(run);
	progress_end(run->progress);
	return rc;
}

/* With the rights of the user who gets the run. */
static int report(void *argument)
{
	struct run *run = argument;
	uint64_t began = clock_now();
	int status = run_derive(&run->files, &run->options.report);
	struct error err;

	/* How long the report took is known only now, and apart from what it shows. */
	json_object_set_new(run->json, "reporting_seconds",
			    json_real(seconds_of(clock_now() - began)));
	run->files.uid = NOBODY_ELSE; /* what this process makes is its user's */
	if (run_record_write(run, status_of(0), &err))
		status = subcommand_failed(&err);
	return status;
}

static int finish(struct run *run, int rc, const struct error *err)
{
	int status;

	if (rc == -EINTR) {
		fprintf(stderr,
			"tare: interrupted; %d trials are kept in %s: `tare run --resume %s' "
			"continues it, `tare report %s' shows them\n",
			run->sequence, run->directory, run->directory, run->directory);
		return STATUS_INTERRUPTED;
	}
	if (rc) {
		subcommand_failed(err);
		return rc == -EINVAL || rc == -EEXIST || rc == -EACCES ? STATUS_USAGE
								       : STATUS_PARTLY;
	}
	status = owner_does(&run->files, report, run);
	return status ? status : run->failed ? STATUS_PARTLY : STATUS_DONE;
}

int run_execute(struct run *run)
{
	struct error err = {0};
	int rc, status;

	interrupt_catch();
	run->simulated = is_simulated(run->plan);
	run->progress = progress_create(run->plan);
	time_begin(&run->time);
	rc = open_run(run, &err);
	if (!rc)
		rc = measure(run, &err);
	rc = close_run(run, rc, &err);
	status = finish(run, rc, &err);
	free_run(run);
	return status;
}

int run_study(struct plan *plan, struct placement *placement, const struct run_options *options)
{
	struct run run = {.plan = plan,
			  .placement = *placement,
			  .options = *options,
			  .files = DIRECTORY_CLOSED};

	*placement = (struct placement){0};
	return run_execute(&run);
}
