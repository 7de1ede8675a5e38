/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kernel modules that a guest needs, with their dependencies, in loading order. */
#pragma once

#include <stddef.h>

#include "base/error.h"

#define GUEST_MODULES_MAX 64

struct module_list {
	char *paths[GUEST_MODULES_MAX]; /* of the files, compressed or not (module_file.h); owned */
	size_t count;
};

/* Adds module `name` after its dependencies, none twice, none that is built in. `directory` is a
 * /lib/modules/VERSION from the kernel's build (modules.order, modules.builtin); depmod need not
 * have run. Errors: -ENOENT: the kernel has no such module; -ENOTSUP: its file cannot be read or
 * its compression is unknown; -EINVAL: it is not a module. */
int module_list_add(struct module_list *list, const char *directory, const char *name,
		    struct error *err);
void module_list_finish(struct module_list *list);
