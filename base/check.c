/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/check.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/command.h"

void say_value(struct check_result *result, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(result->value, sizeof(result->value), format, args);
	va_end(args);
}

void say_consequence(struct check_result *result, enum check_state state, const char *format, ...)
{
	va_list args;

	result->state = state;
	va_start(args, format);
	vsnprintf(result->consequence, sizeof(result->consequence), format, args);
	va_end(args);
}

void say_command(struct check_result *result, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(result->command, sizeof(result->command), format, args);
	va_end(args);
}

void check_program(struct check_result *result, const char *program, const char *package,
		   const char *consequence)
{
	char line[128];
	int rc = program_version(program, "--version", line, sizeof(line));

	if (!rc) {
		say_value(result, "%s", line);
		return;
	}
	if (rc == -ENOENT)
		say_value(result, "%s is not installed", program);
	else
		say_value(result, "%s --version fails: %s", program, *line ? line : strerror(-rc));
	say_consequence(result, CHECK_UNAVAILABLE, "%s", consequence);
	say_command(result, "apt-get install %s", package);
}
