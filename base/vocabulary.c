/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/vocabulary.h"

#include <stddef.h>
#include <string.h>

const char *const panel_names[] = {[PANEL_CPU] = "cpu",
				   [PANEL_MEMORY] = "memory",
				   [PANEL_DISK] = "disk",
				   [PANEL_NETWORK] = "network",
				   NULL};

const char *const better_names[] = {[BETTER_HIGHER] = "higher", [BETTER_LOWER] = "lower", NULL};

const char *const cast_role_names[] = {
	[CAST_SUBJECT] = "subject", [CAST_LOAD] = "load", [CAST_NEIGHBOUR] = "neighbour", NULL};

const char *const metric_kind_names[] = {[METRIC_RATE] = "rate",
					 [METRIC_TIME] = "time",
					 [METRIC_BYTES] = "bytes",
					 [METRIC_COUNT] = "count",
					 NULL};

const char *const parameter_kind_names[] = {[PARAMETER_INTEGER] = "integer",
					    [PARAMETER_SIZE] = "size",
					    [PARAMETER_REAL] = "real",
					    [PARAMETER_CHOICE] = "choice",
					    NULL};

int vocabulary_find(const char *const *names, const char *name)
{
	for (int i = 0; name && names[i]; i++)
		if (!strcmp(names[i], name))
			return i;
	return -1;
}

json_t *metrics_json(const struct metric *metric)
{
	json_t *all = json_array();

	for (; metric && metric->name; metric++) {
		json_t *row =
			json_pack("{s:s, s:s, s:s, s:s, s:b, s:b}", "name", metric->name, "unit",
				  metric->unit, "better", better_names[metric->better], "kind",
				  metric_kind_names[metric->kind], "per_operation",
				  metric->per_operation, "zero_valid", metric->zero_valid);

		if (metric->histogram) {
			json_object_set_new(row, "histogram", json_string(metric->histogram));
			json_object_set_new(row, "percentile", json_real(metric->percentile));
		}
		json_array_append_new(all, row);
	}
	return all;
}
