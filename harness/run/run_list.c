/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The runs below the default directory. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness/run/run_directory.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "results/resolving.h"

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_named(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static json_t *read_run(const char *name)
{
	cleanup_directory struct directory directory = DIRECTORY_CLOSED;
	cleanup_free char *path = NULL;
	json_t *run = NULL;

	if (asprintf(&path, RUN_PARENT "/%s", name) < 0 || directory_open(path, &directory, NULL) ||
	    record_read_run(&directory, &run, NULL))
		return NULL;
	return run;
}

json_t *run_list(void)
{
	struct dirent **entries = NULL;
	int count = scandir(RUN_PARENT, &entries, is_named, by_name);
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
	json_array_foreach (list, i, run)
		printf("%-44s %-16s %-9s %s\n", json_text(run, "directory"),
		       json_text(run, "study"), json_text(run, "preset"), json_text(run, "status"));
	return 0;
}

const char *run_named(const char *name, char *path, size_t size, struct error *err)
{
	cleanup_json json_t *list = NULL;
	size_t count;

	if (strcmp(name, "latest") != 0)
		return name;
	list = run_list();
	count = json_array_size(list);
	if (count == 0) {
		error_set(err, -ENOENT,
			  "there are no runs in ./" RUN_PARENT
			  ", so there is no latest run; give a run's directory");
		return NULL;
	}
	snprintf(path, size, "%s", json_text(json_array_get(list, count - 1), "directory"));
	return path;
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

/* A simulated machine says nothing of this one. */
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
		const char *directory = json_text(json_array_get(list, i), "directory");
		struct record *record = NULL;
		struct summary *summary = NULL;

		if (record_load(directory, &record, NULL))
			continue;
		if (is_measured(record) && summary_create(record, &summary, NULL) == 0)
			sentence = sentence_of(plan, summary);
		summary_destroy(summary);
		record_destroy(record);
	}
	return sentence;
}
