/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/observe/procfs.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

#define TEXT_LIMIT (8u << 20)

const char *proc_next_line(const char *at)
{
	at = strchr(at, '\n');
	return at ? at + 1 : NULL;
}

static const char *find_line(const char *text, const char *word)
{
	size_t length = strlen(word);

	for (; text && *text; text = proc_next_line(text))
		if (!strncmp(text, word, length) && strchr(" \t\n", text[length]))
			return text;
	return NULL;
}

/* The start of the n-th word from 0 of the line at `at`; NULL beyond its end. */
static const char *nth_word(const char *at, int n)
{
	for (;;) {
		at += strspn(at, " \t");
		if (!*at || *at == '\n')
			return NULL;
		if (n-- == 0)
			return at;
		at += strcspn(at, " \t\n");
	}
}

bool proc_number(const char *text, const char *line, int field, double *value)
{
	const char *at = *line ? find_line(text, line) : text;
	char *end;
	size_t skip;

	at = at ? nth_word(at, *line ? field : field - 1) : NULL;
	if (!at)
		return false;
	skip = strcspn(at, "= \t\n");
	if (at[skip] == '=')
		at += skip + 1;
	*value = strtod(at, &end);
	return end != at;
}

bool proc_value(const char *text, const char *key, char *value, size_t size)
{
	size_t length = strlen(key);

	value[0] = 0;
	for (; text && *text; text = proc_next_line(text)) {
		const char *at = text + length;

		if (strncmp(text, key, length))
			continue;
		at += strspn(at, " \t");
		if (*at != ':' && *at != '=')
			continue;
		at += 1 + strspn(at + 1, " \t\"");
		snprintf(value, size, "%.*s", (int)strcspn(at, "\"\n"), at);
		return true;
	}
	return false;
}

static bool path_of(char *path, size_t size, const char *root, const char *format, va_list args)
{
	int used = snprintf(path, size, "%s", root);

	if (used < 0 || (size_t)used >= size)
		return false;
	return vsnprintf(path + used, size - (size_t)used, format, args) <
	       (int)(size - (size_t)used);
}

bool proc_line(char *line, size_t size, const char *root, const char *format, ...)
{
	char path[PATH_MAX];
	va_list args;
	bool fits;

	line[0] = 0;
	va_start(args, format);
	fits = path_of(path, sizeof(path), root, format, args);
	va_end(args);
	return fits && file_line(path, line, size) == 0;
}

char *proc_text(const char *root, const char *format, ...)
{
	char path[PATH_MAX], *text = NULL;
	va_list args;
	bool fits;

	va_start(args, format);
	fits = path_of(path, sizeof(path), root, format, args);
	va_end(args);
	if (fits)
		file_read(path, TEXT_LIMIT, &text, NULL, NULL);
	return text;
}

void proc_chosen(char *line)
{
	char *open = strchr(line, '['), *close = open ? strchr(open, ']') : NULL;

	if (!close)
		return;
	*close = 0;
	memmove(line, open + 1, strlen(open + 1) + 1);
}
