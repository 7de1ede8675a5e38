/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs another program to completion, from an argv, never through a shell. */
#pragma once

#include <limits.h>
#include <stddef.h>

#include "base/error.h"

/* Finds a program in PATH; -ENOENT. */
int program_find(const char *name, char path[PATH_MAX]);

/* The first line that PROGRAM ARGUMENT writes within 2 s; -ENOENT if it is not installed. */
int program_version(const char *program, const char *argument, char *line, size_t size);

#define COMMAND_OUTPUT_MAX (64u << 10)

/* Runs argv[0] (searched for in PATH) with stdin from /dev/null, in `directory` (NULL: here), for
 * at most `timeout_ms` (longer on an emulated host, see host_limit_ms), then kills it. The first
 * COMMAND_OUTPUT_MAX bytes of its stdout and stderr go to *output, which the caller frees, also
 * after an error; output may be NULL. The program starts with no signals blocked. Errors: -ENOENT:
 * not installed; -ETIMEDOUT; -EIO: it failed, and the message ends with the last line of its
 * output. */
int command_run(const char *const argv[], const char *directory, int timeout_ms, char **output,
		struct error *err);

/* Input and limits of a command whose output is read as bytes. */
struct command {
	const char *const *argv;
	int input, data; /* the caller's descriptors that become its 0 and COMMAND_DATA */
	int timeout_ms;
	size_t limit; /* bytes of output; a command that writes more is killed: -EFBIG */
};
#define COMMAND_DATA 3

/* Likewise, with its stdout in *output (the caller frees; NULL after an error). */
int command_capture(const struct command *command, char **output, size_t *length,
		    struct error *err);
