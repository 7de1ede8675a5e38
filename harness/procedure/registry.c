/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pointer table of procedures: a new one is a file of its own and a line here. */
#include <string.h>

#include "harness/procedure/procedure.h"

/* clang-format off */
#define PROCEDURES(X) \
	X(procedure_work) \
	X(procedure_serve)
/* clang-format on */

#define DECLARE(name) extern const struct procedure name;
#define POINTER(name) &name,

PROCEDURES(DECLARE)
const struct procedure *const procedures[] = {PROCEDURES(POINTER) NULL};

const struct procedure *procedure_find(const char *name)
{
	for (int i = 0; procedures[i]; i++)
		if (strcmp(procedures[i]->name, name) == 0)
			return procedures[i];
	return NULL;
}

/* As docs/protocol.md has it for a workload. */
void procedures_describe(json_t *catalogue)
{
	for (int i = 0; procedures[i]; i++) {
		const struct procedure *p = procedures[i];

		if (p->metrics)
			json_array_append_new(
				catalogue,
				json_pack("{s:s, s:s, s:i, s:s, s:s, s:s, s:s, s:o, s:[], s:{}}",
					  "name", p->name, "procedure", p->name, "version", 1,
					  "panel", panel_names[p->panel], "summary", p->summary,
					  "operation", p->operation, "stands_for", "", "metrics",
					  metrics_json(p->metrics), "parameters", "needs"));
	}
}
