/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/error.h"

/* Checks that `path` may be a scratch directory: a directory, not a system directory, writable,
 * without foreign files. -EINVAL with the reason. */
int scratch_check(const char *path, struct error *err);

/* Writes back all files below an instance's directory, or a virtual machine's image, and drops them
 * from the host's page cache. */
void scratch_drop_caches(const char *path);
