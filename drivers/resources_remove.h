/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdint.h>

#include "drivers/resources.h"

/* Removes one resource. 0 also where it is gone already: that is what was wanted. */
int resource_remove(enum resource_kind kind, const char *name, struct error *err);
/* The same for a directory of which the inode is known; 0: it is not. -EPERM: it is another. */
int resource_remove_inode(enum resource_kind kind, const char *name, uint64_t inode,
			  struct error *err);

/* A directory with all below it; what is mounted inside is neither entered nor harmed, and then
 * the directory stays (-EBUSY). Follows no symbolic link. */
int remove_tree(const char *path, struct error *err);
