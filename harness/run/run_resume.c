/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Resumes an interrupted run with the same plan, seed and environments, on the same host, with the
 * same agent; otherwise an error says what has changed. */
#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/json.h"
#include "base/lines.h"
#include "harness/observe/host.h"
#include "harness/run/agent_workloads.h"
#include "harness/run/run_directory.h"
#include "harness/subcommand.h"
#include "results/record.h"

static int changed(const char *what, const json_t *was, const json_t *is, struct error *err)
{
	cleanup_free char *before = json_dumps(was, JSON_ENCODE_ANY | JSON_COMPACT);
	cleanup_free char *after = json_dumps(is, JSON_ENCODE_ANY | JSON_COMPACT);

	return error_set(err, -EINVAL,
			 "%s has changed from %s to %s, so new trials could not be compared with "
			 "the old ones; start a new run",
			 what, before ? before : "unknown", after ? after : "unknown");
}

static int check_host(const json_t *run, struct error *err)
{
	static const char *const facts[] = {"kernel",       "cpu_model",    "cpus",
					    "memory_bytes", "command_line", "microcode"};
	cleanup_json json_t *now = host_facts("");
	const json_t *was = json_object_get(run, "host");

	for (size_t i = 0; i < sizeof(facts) / sizeof(*facts); i++) {
		const json_t *a = json_object_get(was, facts[i]),
			     *b = json_object_get(now, facts[i]);

		if (a && b && !json_equal(a, b))
			return changed(facts[i], a, b, err);
	}
	return 0;
}

static int check_agent(const json_t *run, struct error *err)
{
	cleanup_free char *path = run_agent_path(err);
	cleanup_json json_t *is = NULL;
	const json_t *was = json_object_get(json_object_get(run, "agent"), "hash");
	char hash[65];

	if (!path || file_sha256(path, hash, err))
		return err->code;
	is = json_string(hash);
	return json_equal(was, is) ? 0 : changed("the agent's hash", was, is, err);
}

/* A size from the plan, at most what this host allows: a run directory may be anybody's. */
static int take_size(const json_t *placement, const char *name, uint64_t *bytes, struct error *err)
{
	json_int_t was = json_integer_value(json_object_get(placement, name));

	if (was <= 0 || (uint64_t)was > *bytes)
		return error_set(err, -EINVAL,
				 "the plan's %s is %lld, but this host allows 1 to %llu: start a "
				 "new run",
				 name, (long long)was, (unsigned long long)*bytes);
	*bytes = (uint64_t)was;
	return 0;
}

/* Sizes are taken from the plan; the CPUs must be the same. */
static int take_placement(struct placement *placement, const json_t *run, struct error *err)
{
	const json_t *was = json_object_get(run, "placement");
	cleanup_json json_t *now = NULL;
	int rc = placement_init(placement, NULL, err);

	if (rc)
		return rc;
	now = placement_json(placement);
	if (!json_equal(json_object_get(was, "trial_cpus"), json_object_get(now, "trial_cpus")))
		return changed("the trials' CPU set", json_object_get(was, "trial_cpus"),
			       json_object_get(now, "trial_cpus"), err);
	rc = take_size(was, "memory_bytes", &placement->memory_bytes, err);
	return rc ?: take_size(was, "scratch_bytes", &placement->scratch_bytes, err);
}

static int load_run(struct run *run, const char *directory, struct error *err)
{
	const char *id, *status;
	struct stat owner;
	int rc = directory_open(directory, &run->setup.files, err);

	rc = rc ?: record_read_run(&run->setup.files, &run->record.json, err);
	if (rc)
		return error_set(err, -EINVAL, "cannot resume %s: %s", directory,
				 (const char *)strdupa(err->message));
	id = json_text(run->record.json, "id");
	status = json_text(run->record.json, "status");
	if (!run_id_valid(id) || strlen(id) >= RUN_ID_BYTES)
		return error_set(err, -EINVAL, "cannot resume %s: invalid run id '%.64s'",
				 directory, id);
	if (json_integer_value(json_object_get(run->record.json, "schema")) != RECORD_SCHEMA)
		return error_set(
			err, -EINVAL,
			"cannot resume %s: another version of tare wrote it (schema %lld, not %d); "
			"`tare report %s' shows it",
			directory,
			(long long)json_integer_value(json_object_get(run->record.json, "schema")),
			RECORD_SCHEMA, directory);
	if (strcmp(status, "complete") == 0)
		return error_set(
			err, -EINVAL,
			"%s is complete, so there is nothing to resume; `tare report %s' shows it",
			directory, directory);
	if (geteuid() == 0 && fstat(run->setup.files.fd, &owner) == 0 && owner.st_uid != 0) {
		run->setup.files.uid = owner.st_uid;
		run->setup.files.gid = owner.st_gid;
	}
	return 0;
}

static int comparison_index(const struct plan *plan, const char *key)
{
	for (int i = 0; i < plan->comparison_count; i++)
		if (strcmp(plan_key(plan, i), key) == 0)
			return i;
	return -1;
}

static enum decision decision_of(const char *name)
{
	for (int i = DECISION_PRECISION; i <= DECISION_FAILED; i++)
		if (strcmp(name, decision_name((enum decision)i)) == 0)
			return (enum decision)i;
	return DECISION_GO_ON;
}

#define COUNT_MOST (1 << 20) /* of blocks, starts, instances: a journal may be anybody's */

static int count_at(const json_t *line, const char *key)
{
	json_int_t count = json_integer_value(json_object_get(line, key));

	return count < 0 ? 0 : count > COUNT_MOST ? COUNT_MOST : (int)count;
}

/* The number of the next block is unused. */
static void note_instances(struct run *run, const json_t *line)
{
	const json_t *member;
	size_t k;

	json_array_foreach (json_object_get(line, "cast"), k, member)
		for (int i = 0; i < run->setup.plan->instance_count; i++) {
			struct slot *slot = &run->hosts.slots[i];
			int number = count_at(member, "number");

			if (strcmp(slot->plan->id, json_text(member, "instance")) == 0 &&
			    number >= slot->number)
				slot->number = number + 1;
		}
}

static int read_line(struct run *run, json_t *line, struct error *err)
{
	bool is_trial = strcmp(json_text(line, "record"), "trial") == 0;
	int comparison = comparison_index(run->setup.plan, json_text(line, "workload"));
	int start = count_at(line, "start"), block = count_at(line, "block");
	double at = json_number_value(json_object_get(line, "time"));
	int rc = live_add(run->record.live, line, err);

	if (at > run->state.time.earlier)
		run->state.time.earlier = at;
	if (start > run->state.start)
		run->state.start = start;
	if (rc || comparison < 0)
		return rc;
	if (!is_trial && strcmp(json_text(line, "event"), "decided") == 0)
		run->state.tallies[comparison].decision = decision_of(json_text(line, "message"));
	if (!is_trial)
		return 0;
	run->state.sequence++;
	note_instances(run, line);
	if (json_is_true(json_object_get(line, "warmup"))) {
		run->state.tallies[comparison].next_warmup = block + 1;
		return 0;
	}
	if (start + 1 > run->state.tallies[comparison].starts)
		run->state.tallies[comparison].starts = start + 1;
	if (block + 1 > run->state.tallies[comparison].next_block)
		run->state.tallies[comparison].next_block = block + 1;
	return 0;
}

static int read_journal(struct run *run, struct error *err)
{
	cleanup_close int fd = directory_open_file(&run->setup.files, JOURNAL_NAME, err);
	struct lines lines;
	struct stat st;
	int rc = 0;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) || (unsigned long long)st.st_size > JOURNAL_BYTES)
		return error_set(err, -EFBIG, "%s is larger than %llu bytes", JOURNAL_NAME,
				 JOURNAL_BYTES);
	lines_init(&lines, fd, -1);
	while (rc == 0 || rc == -EBADMSG) { /* the report lists invalid lines */
		cleanup_json json_t *line = NULL;

		rc = lines_read(&lines, -1, &line, err);
		rc = rc ?: read_line(run, line, err);
	}
	lines_finish(&lines);
	return rc == -EPIPE ? 0 : rc;
}

int run_directory_reload(struct run *run, struct error *err)
{
	int rc = read_journal(run, err);

	if (rc)
		return rc;
	for (int i = 0; i < run->setup.plan->comparison_count; i++) {
		int whole = live_whole_blocks(run->record.live, run->setup.plan, i, err);

		if (whole < 0)
			return whole;
		run->state.tallies[i].blocks = whole;
	}
	if (run->setup.plan->starts > 1)
		run->state.start++; /* a start that was cut short keeps its blocks */
	run_event(run, "resumed", NULL, NULL, NULL);
	if (run->setup.plan->starts == 1 && run->state.sequence > 0)
		run_warn(&run->record,
			 "resumed after %.0f s: one start's blocks come from two instances of each "
			 "environment",
			 run->state.time.earlier);
	return 0;
}

static bool is_repeated(const struct run_options *options, const char *name)
{
	for (int i = 0; i < options->environment_count; i++)
		if (!strcmp(options->environments[i], name))
			return true;
	return false;
}

static bool is_in_plan(const struct plan *plan, const char *name)
{
	for (int i = 0; i < plan->instance_count; i++)
		if (!strcmp(plan->instances[i].name, name))
			return true;
	return false;
}

/* A run directory may come from anybody: the caller must confirm what it opens or executes. */
static int check_repeated(const struct run *run, struct error *err)
{
	for (int i = 0; i < run->setup.plan->instance_count; i++) {
		const char *name = run->setup.plan->instances[i].name;

		if (strchr(name, '/') && !is_repeated(&run->setup.options, name))
			return error_set(err, -EINVAL,
					 "the plan names files or programs in '%.200s', and "
					 "anybody may have written the run directory: to accept "
					 "them, give --resume DIR -e '%.200s'",
					 name, name);
	}
	for (int i = 0; i < run->setup.options.environment_count; i++)
		if (!is_in_plan(run->setup.plan, run->setup.options.environments[i]))
			return error_set(
				err, -EINVAL,
				"--resume continues the run's own plan, which does not have "
				"'%.200s'",
				run->setup.options.environments[i]);
	return 0;
}

/* Before the plan is read: whether run.json is within the limits of a record. */
static int check_limits(json_t *run, struct error *err)
{
	struct record *record = NULL;
	int rc = record_create(run, &record, err);

	record_destroy(record);
	return rc;
}

static int prepare(struct run *run, const char *directory, struct error *err)
{
	cleanup_json json_t *catalogue = NULL;
	int rc = load_run(run, directory, err);

	if (rc)
		return rc;
	rc = check_agent(run->record.json, err);
	rc = rc ?: check_host(run->record.json, err);
	rc = rc ?: take_placement(&run->setup.placement, run->record.json, err);
	rc = rc ?: check_limits(run->record.json, err);
	rc = rc ?: catalogue_ask(&catalogue, err);
	if (!rc)
		rc = plan_from_run(run->record.json, catalogue, &run->setup.placement,
				   &run->setup.plan, err);
	rc = rc ?: check_repeated(run, err);
	if (rc)
		return rc;
	plan_allot(run->setup.plan, &run->setup.placement);
	run_record_plan(run); /* as it was read: its other members are untrusted */
	rc = live_create(run->record.json, &run->record.live, err);
	if (rc)
		return rc;
	run->setup.resumed = true;
	run->setup.directory = directory_real_path(&run->setup.files);
	snprintf(run->setup.id, sizeof(run->setup.id), "%s", json_text(run->record.json, "id"));
	json_object_set_new(run->record.json, "ended", json_null());
	return run->setup.directory ? 0 : error_errno(err, -errno, "%s", directory);
}

int run_resume(const char *directory, const struct run_options *options)
{
	struct run run = {.setup = {.options = *options,
				    .files = DIRECTORY_CLOSED,
				    .parent = DIRECTORY_CLOSED}};
	struct error err;

	if (prepare(&run, directory, &err) == 0)
		return run_execute(&run);
	run_free(&run);
	return subcommand_refuse(&err);
}
