/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pointer table of drivers: a new kind of environment is one file and a line here. */
#include "drivers/driver.h"

#include <stddef.h>
#include <string.h>

/* clang-format off */
#define DRIVERS(X) \
	X(bare_driver) \
	X(container_driver) \
	X(microvm_driver) \
	X(vm_driver) \
	X(nested_driver) \
	X(sim_driver)
/* clang-format on */

#define DECLARE(name) extern const struct driver name;
#define POINTER(name) &name,

DRIVERS(DECLARE)
const struct driver *const drivers[] = {DRIVERS(POINTER) NULL};

const struct driver *driver_find(const char *name)
{
	for (const struct driver *const *driver = drivers; name && *driver; driver++)
		if (!strcmp((*driver)->name, name))
			return *driver;
	return NULL;
}
