/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs another program to completion: by argv, never through a shell. */
#ifndef TARE_COMMAND_H
#define TARE_COMMAND_H

#include <limits.h>
#include <stddef.h>

#include "base/error.h"

/* The file that PATH has for a program; -ENOENT. */
int program_find(const char *name, char path[PATH_MAX]);

/* The first line of what PROGRAM ARGUMENT writes within 2 s; -ENOENT where it is not installed. */
int program_version(const char *program, const char *argument, char *line, size_t size);

#define COMMAND_OUTPUT_MAX (64u << 10)

/*
 * Runs argv[0] (found by PATH) with stdin from /dev/null, in `directory` (NULL: here), for at most
 * `timeout_ms` (more on an emulated host, see host_limit_ms), then kills it. The first
 * COMMAND_OUTPUT_MAX bytes of its stdout and stderr go to *output, which the caller frees, also
 * after an error; output may be NULL. It starts with no signal blocked. Errors: -ENOENT: not
 * installed; -ETIMEDOUT; -EIO: it failed; the message ends with its last line of output.
 */
int command_run(const char *const argv[], const char *directory, int timeout_ms, char **output,
		struct error *err);

/* What a command that is fed and read as bytes gets. */
struct command {
	const char *const *argv;
	int input, data; /* the caller's descriptors that it has as 0 and as COMMAND_DATA */
	int timeout_ms;
	size_t limit; /* bytes of its output; one that writes more is killed: -EFBIG */
};
#define COMMAND_DATA 3

/* The same, with what it writes to stdout in *output (the caller frees; NULL after an error). */
int command_capture(const struct command *command, char **output, size_t *length,
		    struct error *err);

#endif
