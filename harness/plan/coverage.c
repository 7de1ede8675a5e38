/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/plan/coverage.h"

#include <fnmatch.h>
#include <stdbool.h>
#include <string.h>

#include "results/published.h"

static bool is_measured(const struct study *study, const char *pattern)
{
	for (const char *const *w = study->workloads; *w; w++)
		if (fnmatch(pattern, *w + (**w == '?'), 0) == 0)
			return true;
	return false;
}

static json_t *entry_of(json_t *list, const char *figure)
{
	json_t *entry;
	size_t i;

	json_array_foreach (list, i, entry)
		if (strcmp(json_string_value(json_object_get(entry, "figure")), figure) == 0)
			return entry;
	entry = json_pack("{s:s, s:i, s:i}", "figure", figure, "lines", 0, "measured", 0);
	json_array_append_new(list, entry);
	return entry;
}

static void add_one(json_t *entry, const char *key)
{
	json_t *number = json_object_get(entry, key);

	json_integer_set(number, json_integer_value(number) + 1);
}

json_t *study_coverage(const struct study *study)
{
	struct published *published;
	json_t *list;

	if (published_load(study->name, &published, NULL))
		return NULL;
	list = json_array();
	for (int i = 0; i < published->line_count; i++) {
		json_t *entry = entry_of(list, published->lines[i].figure);

		add_one(entry, "lines");
		if (is_measured(study, published->lines[i].workload))
			add_one(entry, "measured");
	}
	published_destroy(published);
	return list;
}
