/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/plan/plan_workloads.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parameters.h"
#include "base/json.h"

const json_t *plan_catalogued(const json_t *catalogue, const char *name, size_t length)
{
	const json_t *entry;
	size_t i;

	json_array_foreach (catalogue, i, entry) {
		const char *its = json_text(entry, "name");

		if (strlen(its) == length && strncmp(its, name, length) == 0)
			return entry;
	}
	return NULL;
}

/* Stores "depth=4,engine=sync" in the entry's `values`, unchecked; resolve checks them. */
static int give_values(json_t *entry, const char *text, struct error *err)
{
	cleanup_free char *copy = strdup(text);
	json_t *values = json_object_get(entry, "values");
	char *rest = copy;

	for (char *word = strsep(&rest, ","); word; word = strsep(&rest, ",")) {
		char *equals = strchr(word, '=');

		if (!equals || equals == word)
			return error_set(err, -EINVAL, "'%s' in %s:%s is not PARAMETER=VALUE", word,
					 json_text(entry, "workload"), text);
		*equals = 0;
		json_object_set_new(values, word, json_string(equals + 1));
	}
	return 0;
}

static bool has_key(const struct plan *plan, const char *key)
{
	for (int i = 0; i < plan->workload_count; i++)
		if (strcmp(plan->workloads[i].key, key) == 0)
			return true;
	return false;
}

/* `parameters` is what follows the colon, or NULL. */
static int add_workload(struct plan *plan, const json_t *catalogued, const char *parameters,
			bool beside, struct error *err)
{
	cleanup_json json_t *entry = json_deep_copy(catalogued);
	const char *name = json_text(catalogued, "name");
	struct plan_workload *all;
	int rc;

	json_object_set_new(entry, "workload", json_string(name));
	json_object_set_new(entry, "values", json_object());
	if (parameters) {
		rc = give_values(entry, parameters, err);
		if (rc)
			return rc;
		json_object_set_new(entry, "name", json_sprintf("%s:%s", name, parameters));
	}
	if (has_key(plan, json_text(entry, "name")))
		return 0;
	if (beside)
		json_object_set_new(entry, "beside", json_true());
	all = reallocarray(plan->workloads, (size_t)plan->workload_count + 1, sizeof(*all));
	if (!all)
		return error_errno(err, -ENOMEM, "the plan");
	plan->workloads = all;
	all[plan->workload_count] = (struct plan_workload){.entry = json_incref(entry)};
	plan_workload_read(&all[plan->workload_count++]);
	return 0;
}

void plan_workload_read(struct plan_workload *w)
{
	const json_t *needs = json_object_get(w->entry, "needs");

	w->key = json_text(w->entry, "name");
	w->name = json_text(w->entry, "workload");
	w->panel = json_text(w->entry, "panel");
	w->values = json_object_get(w->entry, "values");
	w->peer = json_is_true(json_object_get(needs, "peer"));
	w->fork = json_is_true(json_object_get(needs, "fork"));
	w->scratch = json_is_string(json_object_get(needs, "scratch_parameter"));
	w->beside = json_is_true(json_object_get(w->entry, "beside"));
	w->target = json_number_value(json_object_get(w->entry, "target"));
}

/* One line of a study: "[?]NAME[:PARAMETERS]". */
static int add_of_study(struct plan *plan, const char *text, const json_t *catalogue, bool beside,
			struct error *err)
{
	bool optional = text[0] == '?';
	const char *colon;
	const json_t *entry;

	text += optional;
	colon = strchrnul(text, ':');
	entry = plan_catalogued(catalogue, text, (size_t)(colon - text));
	if (entry)
		return add_workload(plan, entry, *colon ? colon + 1 : NULL, beside, err);
	if (optional)
		return 0;
	return error_set(err, -ENOENT, "this agent does not know workload %s of the study", text);
}

static int no_match(const char *glob, const json_t *catalogue, struct error *err)
{
	char names[700] = "";
	const json_t *entry;
	size_t i;

	json_array_foreach (catalogue, i, entry) {
		size_t used = strlen(names);

		snprintf(names + used, sizeof(names) - used, " %s", json_text(entry, "name"));
	}
	return error_set(err, -EINVAL, "no workload matches '%.64s'; valid workloads:%s", glob,
			 names);
}

/* -w: the study's settings for a workload apply, if it has any. */
static int add_matching(struct plan *plan, const struct study *study, const char *text,
			const json_t *catalogue, struct error *err)
{
	const char *colon = strchrnul(text, ':');
	cleanup_free char *glob = strndup(text, (size_t)(colon - text));
	const json_t *entry;
	int matches = 0, rc = 0;
	size_t i;

	json_array_foreach (catalogue, i, entry) {
		const char *name = json_text(entry, "name");
		size_t length = strlen(name);
		bool in_study = false;

		if (fnmatch(glob, name, 0) != 0)
			continue;
		matches++;
		for (const char *const *line = study->workloads; *line && !*colon && !rc; line++) {
			const char *its = *line + (**line == '?');

			if (strncmp(its, name, length) || (its[length] && its[length] != ':'))
				continue;
			in_study = true;
			rc = add_of_study(plan, its, catalogue, false, err);
		}
		if (!in_study && !rc)
			rc = add_workload(plan, entry, *colon ? colon + 1 : NULL, false, err);
		if (rc)
			return rc;
	}
	return matches ? 0 : no_match(text, catalogue, err);
}

/* Workloads that only the scenes' neighbours run. */
static int add_neighbours(struct plan *plan, const json_t *catalogue, struct error *err)
{
	const json_t *scene;
	size_t i;
	int rc = 0;

	json_array_foreach (plan->scenes, i, scene) {
		const char *neighbour = json_text(scene, "neighbour");

		if (!rc && *neighbour && strcmp(neighbour, SCENE_SAME) != 0)
			rc = add_of_study(plan, neighbour, catalogue, true, err);
	}
	return rc;
}

int plan_add_workloads(struct plan *plan, const struct plan_request *request,
		       const json_t *catalogue, struct error *err)
{
	int rc = 0;

	for (int i = 0; i < request->workload_count && !rc; i++)
		rc = add_matching(plan, request->study, request->workloads[i], catalogue, err);
	for (const char *const *line = request->study->workloads;
	     !request->workload_count && *line && !rc; line++)
		rc = add_of_study(plan, *line, catalogue, false, err);
	return rc ?: add_neighbours(plan, catalogue, err);
}
