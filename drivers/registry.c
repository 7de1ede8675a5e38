/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pointer table of drivers: a new kind of environment is a file of its own and a line here. */
#include "drivers/driver.h"

#include <stddef.h>

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
