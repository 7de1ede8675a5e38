/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/border.h"

/* Messages quote untrusted names and values, whose control characters are shown as '?'. */
static void keep_to_one_line(struct error *err)
{
	border_cut(err->message);
	border_clean(err->message);
}

int error_set(struct error *err, int code, const char *format, ...)
{
	va_list args;

	if (!err)
		return code;
	err->code = code;
	va_start(args, format);
	vsnprintf(err->message, sizeof(err->message), format, args);
	va_end(args);
	keep_to_one_line(err);
	return code;
}

int error_errno(struct error *err, int code, const char *format, ...)
{
	va_list args;
	int used;

	if (!err)
		return code;
	err->code = code;
	va_start(args, format);
	used = vsnprintf(err->message, sizeof(err->message), format, args);
	va_end(args);
	if (used >= 0 && (size_t)used < sizeof(err->message))
		snprintf(err->message + used, sizeof(err->message) - (size_t)used, ": %s",
			 strerror(-code));
	keep_to_one_line(err);
	return code;
}

int error_prefix(struct error *err, const char *format, ...)
{
	char rest[sizeof(err->message)];
	va_list args;
	int used;

	if (!err)
		return -1;
	memcpy(rest, err->message, sizeof(rest));
	va_start(args, format);
	used = vsnprintf(err->message, sizeof(err->message), format, args);
	va_end(args);
	if (used >= 0 && (size_t)used < sizeof(err->message))
		snprintf(err->message + used, sizeof(err->message) - (size_t)used, ": %s", rest);
	keep_to_one_line(err);
	return err->code;
}
