/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pointer table of drivers: a new kind of environment is a file of its own and a line here. */
#include "drivers/driver.h"

#include <stddef.h>
#include <string.h>

extern const struct driver bare_driver;
extern const struct driver container_driver;
extern const struct driver microvm_driver;
extern const struct driver nested_driver;
extern const struct driver sim_driver;
extern const struct driver vm_driver;

const struct driver *const drivers[] = {
	&bare_driver, &container_driver, &microvm_driver, &vm_driver, &nested_driver, &sim_driver,
	NULL,
};

const struct driver *driver_find(const char *name)
{
	for (const struct driver *const *driver = drivers; name && *driver; driver++)
		if (!strcmp((*driver)->name, name))
			return *driver;
	return NULL;
}
