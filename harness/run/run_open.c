/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opens and closes a run: its tables, its directory, its resources on the host. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/command.h"
#include "base/file.h"
#include "harness/observe/other_runs.h"
#include "harness/run/run_directory.h"

#define CLEAN_MS 120000
#define OTHERS_REPORTED 8

static bool is_simulated(const struct plan *plan)
{
	for (int i = 0; i < plan->instance_count; i++)
		if (!plan->instances[i].environment->driver->simulate)
			return false;
	return true;
}

static int make_tables(struct run *run, struct error *err)
{
	const struct plan *plan = run->setup.plan;

	run->hosts.slots = calloc((size_t)plan->instance_count, sizeof(*run->hosts.slots));
	run->state.conditions =
		calloc((size_t)plan->condition_count, sizeof(*run->state.conditions));
	run->state.tallies = calloc((size_t)plan->comparison_count, sizeof(*run->state.tallies));
	if (!run->hosts.slots || !run->state.conditions || !run->state.tallies)
		return error_errno(err, -ENOMEM, "the run");
	for (int i = 0; i < plan->instance_count; i++) {
		struct slot *slot = &run->hosts.slots[i];

		slot->plan = &plan->instances[i];
		if (!plan_instance_usable(slot->plan))
			run->state.failed = true;
	}
	for (int i = 0; i < plan->condition_count; i++) {
		run->state.conditions[i].plan = &plan->conditions[i];
		run->state.conditions[i].subject =
			&run->hosts.slots[plan->conditions[i].cast[0].instance];
	}
	return 0;
}

static int know_agent(struct run *run, struct error *err)
{
	run->setup.agent_path = run_agent_path(err);
	if (!run->setup.agent_path)
		return err->code;
	return file_sha256(run->setup.agent_path, run->setup.site.agent_hash, err);
}

/* Removes what crashed runs left behind, in a separate process: an embedded libvirt accepts only
 * one directory in a process's lifetime, which is this run's. */
static void clean_dead_runs(struct run *run)
{
	static const char *const argv[] = {"/proc/self/exe", "clean", NULL};
	cleanup_free char *output = NULL;
	struct error err;
	int removed = 0;

	if (command_run(argv, NULL, CLEAN_MS, &output, &err))
		run_warn(&run->record, "cleaning up after a crashed run: %s", err.message);
	for (const char *at = output; at && (at = strstr(at, "removed ")); at++)
		removed += at == output || at[-1] == '\n';
	if (removed)
		run_warn(&run->record, "removed %d resource%s that a crashed run left behind",
			 removed, removed == 1 ? "" : "s");
}

/* The host lock. */
static int take_host(struct run *run, struct error *err)
{
	if (run->setup.simulated)
		return 0;
	/* First: what a resumed run left has the same name as the run. */
	clean_dead_runs(run);
	return resources_open(run->setup.id, &run->hosts.resources, err);
}

/* Runs of other users, or with another registry, cannot be kept out: both warn. */
static void report_others(struct run *run)
{
	struct other_run met[OTHERS_REPORTED];
	int count = run->hosts.others ? other_runs_met(run->hosts.others, met, OTHERS_REPORTED) : 0;

	for (int i = 0; i < count; i++)
		run_warn(&run->record,
			 "shared host: another run of tare (process %d of user %u) measured at the "
			 "same time; both runs are disturbed",
			 (int)met[i].pid, (unsigned)met[i].uid);
}

static void look_for_others(struct run *run)
{
	struct error err;

	if (run->setup.simulated)
		return;
	run->hosts.others = other_runs_open(&err);
	if (!run->hosts.others)
		run_warn(&run->record, "%s: cannot tell whether other runs share this host",
			 err.message);
	report_others(run);
}

int run_open(struct run *run, struct error *err)
{
	int rc;

	run->setup.simulated = is_simulated(run->setup.plan);
	run->record.progress = progress_create(run->setup.plan);
	time_begin(&run->state.time);
	rc = make_tables(run, err);
	rc = rc ?: know_agent(run, err);
	rc = rc ?: run_directory_create(&run->setup, err);
	rc = rc ?: take_host(run, err);
	if (!rc && !run->setup.resumed)
		rc = run_record_open(run, err);
	rc = rc ?: journal_open(&run->setup.files, run->setup.resumed, &run->record.journal, err);
	if (!rc && run->setup.resumed)
		rc = run_directory_reload(run, err);
	rc = rc ?: run_site_open(run, err);
	if (!rc)
		look_for_others(run);
	return rc;
}

void run_free(struct run *run)
{
	free(run->hosts.slots);
	free(run->state.conditions);
	free(run->state.tallies);
	live_destroy(run->record.live);
	progress_destroy(run->record.progress);
	json_decref(run->record.json);
	placement_finish(&run->setup.placement);
	plan_destroy(run->setup.plan);
	directory_close(&run->setup.files);
	directory_close(&run->setup.parent);
	free(run->setup.directory);
	free(run->setup.state_dir);
	free(run->setup.scratch_dir);
	free(run->setup.agent_path);
}

const char *run_status(int rc)
{
	return rc == 0 ? "complete" : rc == -EINTR ? "interrupted" : "failed";
}

int run_close(struct run *run, int rc, struct error *err)
{
	struct error why;

	run_site_close(run);
	report_others(run);
	other_runs_close(run->hosts.others);
	if (!run->record.journal && !run->setup.resumed)
		run_directory_remove(&run->setup); /* nothing was started, so nothing is kept */
	if (run->record.journal && journal_check(run->record.journal, &run->setup.files, &why)) {
		run_warn(&run->record, "%s", why.message);
		if (!rc) {
			rc = why.code;
			*err = why;
		}
	}
	journal_close(run->record.journal);
	if (run->record.json && json_is_null(json_object_get(run->record.json, "plan")))
		run_record_plan(run); /* it ended before the plan was written */
	if (run->record.json && run->record.journal &&
	    run_record_write(run, run_status(rc), &why)) {
		run_warn(&run->record, "%s", why.message);
		if (!rc) {
			rc = why.code;
			*err = why;
		}
	}
	run_directory_give(run);
	progress_end(run->record.progress);
	return rc;
}
