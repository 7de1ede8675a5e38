/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Short commands that drivers run to their end (runc, mkfs). */
#ifndef TARE_SPAWN_H
#define TARE_SPAWN_H

#include <stddef.h>

#include "harness/base/error.h"

/*
 * Runs `argv` (argv[0] is looked up in PATH) to its end, at most `timeout_ms`, then kills it.
 * Standard output and error go to *output together (the first 64 KiB; the caller frees; NULL:
 * dropped). Returns its exit status (0 to 255), or -ENOENT, -ETIMEDOUT, or -EINTR where a signal
 * ended it.
 */
int spawn_command(const char *const argv[], int timeout_ms, char **output, struct error *err);

/* Path of `name` in PATH (as spawn_command finds it); -ENOENT. */
int spawn_find(const char *name, char *path, size_t size);

#endif
