/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdint.h>

#include "drivers/resources.h"

/* Removes one resource. 0 also if it is already gone. */
int resource_remove(enum resource_kind kind, const char *name, struct error *err);
/* Likewise for a directory with this inode (0: unknown). -EPERM: it is a different one. */
int resource_remove_inode(enum resource_kind kind, const char *name, uint64_t inode,
			  struct error *err);

/* Removes a directory with everything below. Mounts inside are left untouched, and then the
 * directory stays (-EBUSY). Does not follow symbolic links. */
int remove_tree(const char *path, struct error *err);
