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
