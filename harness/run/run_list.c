/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The runs in the default directory. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/owner.h"
#include "harness/run/run_directory.h"
#include "base/border.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "results/resolving.h"

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_run(const struct dirent *entry)
{
	char path[sizeof(RUN_PARENT) + NAME_MAX + 16];

	snprintf(path, sizeof(path), RUN_PARENT "/%s/run.json", entry->d_name);
	return entry->d_name[0] != '.' && access(path, F_OK) == 0;
}

int run_list_do(int (*work)(void *argument), void *argument)
{
	cleanup_directory struct directory runs = DIRECTORY_CLOSED;

	if (directory_open(RUN_PARENT, &runs, NULL))
		return work(argument);
	return owner_does(&runs, work, argument);
}

/* As root, an empty object for another user's run, which root does not read. */
static json_t *read_run(const char *name)
{
	cleanup_directory struct directory directory = DIRECTORY_CLOSED;
	cleanup_free char *path = NULL;
	json_t *run = NULL;

	if (asprintf(&path, RUN_PARENT "/%s", name) < 0 || directory_open(path, &directory, NULL))
		return NULL;
	if (owner_is_another(&directory))
		return json_object();
	return record_read_run(&directory, &run, NULL) ? NULL : run;
}

json_t *run_list(void)
{
	struct dirent **entries = NULL;
	int count = scandir(RUN_PARENT, &entries, is_run, by_name);
	json_t *list = json_array();

	for (int i = 0; i < count; i++) {
		cleanup_json json_t *run = read_run(entries[i]->d_name);

		if (run)
			json_array_append_new(
				list, json_pack("{s:s+, s:s, s:s, s:s, s:s}", "directory",
						RUN_PARENT "/", entries[i]->d_name, "study",
						json_text(json_object_get(run, "study"), "name"),
						"preset",
						json_text(json_object_get(run, "plan"), "preset"),
						"status", json_text(run, "status"), "started",
						json_text(run, "started")));
		free(entries[i]);
	}
	free(entries);
	return list;
}

int run_list_print(const json_t *list)
{
	const json_t *run;
	size_t i;

	if (json_array_size(list) == 0)
		printf("no runs in ./" RUN_PARENT "; `tare run' makes one\n");
	json_array_foreach (list, i, run) {
		char line[512];

		border_copy(line, sizeof(line), "%-44s %-16s %-9s %s", json_text(run, "directory"),
			    json_text(run, "study"), json_text(run, "preset"),
			    json_text(run, "status"));
		puts(line);
	}
	return 0;
}

const char *run_named(const char *name, char *path, size_t size, struct error *err)
{
	struct dirent **entries = NULL;
	int count;

	if (strcmp(name, "latest") != 0)
		return name;
	count = scandir(RUN_PARENT, &entries, is_run, by_name);
	if (count < 1)
		error_set(err, -ENOENT,
			  "there are no runs in ./" RUN_PARENT
			  ", so there is no latest run; give a run's directory");
	else
		snprintf(path, size, RUN_PARENT "/%s", entries[count - 1]->d_name);
	for (int i = 0; i < count; i++)
		free(entries[i]);
	free(entries);
	return count < 1 ? NULL : path;
}

static char *sentence_of(const struct plan *plan, const struct summary *summary)
{
	cleanup_free const char **names = calloc((size_t)plan->workload_count, sizeof(*names));
	cleanup_json json_t *power = resolving_measure(summary, NULL);
	int arms = 0;

	if (!names || !power)
		return NULL;
	for (int i = 0; i < plan->workload_count; i++)
		names[i] = plan->workloads[i].key;
	for (int i = 0; i < plan->instance_count; i++)
		arms += plan_instance_usable(&plan->instances[i]);
	return resolving_sentence(power, names, plan->workload_count, plan->budget_seconds, arms);
}

/* A simulated machine says nothing about this one. */
static bool is_measured(const struct record *record)
{
	const char *status = json_text(record->run, "status");

	return strcmp(status, "complete") == 0 &&
	       json_object_size(json_object_get(record->run, "host")) > 0;
}

char *run_resolving_power(const struct plan *plan)
{
	cleanup_json json_t *list = run_list();
	char *sentence = NULL;

	for (size_t i = json_array_size(list); i-- > 0 && !sentence;) {
		const char *path = json_text(json_array_get(list, i), "directory");
		cleanup_directory struct directory directory = DIRECTORY_CLOSED;
		struct record *record = NULL;
		struct summary *summary = NULL;

		if (directory_open(path, &directory, NULL) || owner_is_another(&directory) ||
		    record_read(&directory, &record, NULL))
			continue;
		if (is_measured(record) && summary_create(record, &summary, NULL) == 0)
			sentence = sentence_of(plan, summary);
		summary_destroy(summary);
		record_destroy(record);
	}
	return sentence;
}
