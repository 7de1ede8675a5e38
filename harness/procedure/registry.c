/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "harness/procedure/procedure.h"

extern const struct procedure procedure_work, procedure_serve;

const struct procedure *const procedures[] = {
	&procedure_work,
	&procedure_serve,
	NULL,
};

const struct procedure *procedure_find(const char *name)
{
	for (int i = 0; procedures[i]; i++)
		if (strcmp(procedures[i]->name, name) == 0)
			return procedures[i];
	return NULL;
}
