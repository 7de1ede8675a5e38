/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kernel modules that a guest needs, with what they depend on, in the order of loading. */
#ifndef TARE_GUEST_MODULES_H
#define TARE_GUEST_MODULES_H

#include <stddef.h>

#include "base/error.h"

#define GUEST_MODULES_MAX 64

struct module_list {
	char *paths[GUEST_MODULES_MAX]; /* of the files, packed or not (module_file.h); owned */
	size_t count;
};

/*
 * Adds module `name` and before it all it depends on, none twice, none that is built in.
 * `directory` is a /lib/modules/VERSION as the kernel's build makes it (modules.order,
 * modules.builtin); depmod need not have run. Errors: -ENOENT: the kernel has no such module;
 * -ENOTSUP: its file cannot be read, or is packed in a way that module_file.h does not know;
 * -EINVAL: it is no module.
 */
int module_list_add(struct module_list *list, const char *directory, const char *name,
		    struct error *err);
void module_list_finish(struct module_list *list);

#endif
