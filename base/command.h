/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Another program, run to its end: by argv, never by a shell. */
#ifndef TARE_COMMAND_H
#define TARE_COMMAND_H

#include "base/error.h"

#define COMMAND_OUTPUT_MAX (64u << 10)

/*
 * Runs argv[0] (found by PATH) with stdin from /dev/null, in `directory` (NULL: here), for at most
 * `timeout_ms`, then kills it. What it says on stdout and stderr, at most COMMAND_OUTPUT_MAX bytes
 * of it, goes to *output, which the caller frees, also after an error; output may be NULL.
 * Signals that the caller blocks are not blocked in it.
 * Errors: -ENOENT: not installed; -ETIMEDOUT; -EIO: it failed, with its last line as the reason.
 */
int command_run(const char *const argv[], const char *directory, int timeout_ms, char **output,
		struct error *err);

#endif
