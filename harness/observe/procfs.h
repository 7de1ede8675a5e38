/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the text files of /proc and /sys. `root` is prepended to each path, as in host.h. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Field `field` (from 1; field 0 is the line's first word) of the first line whose first word is
 * `line`; "" takes the first line, and its first word is then field 1. "total=7" reads as 7. */
bool proc_number(const char *text, const char *line, int field, double *value);

/* The text after the next newline; NULL if there is none. */
const char *proc_next_line(const char *at);

/* The text after "KEY :" or "KEY=" in the first line that starts with it, without quotes. */
bool proc_value(const char *text, const char *key, char *value, size_t size);

/* The first line of root + path (printf); false and "" if it cannot be read. */
bool proc_line(char *line, size_t size, const char *root, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The whole text of root + path; NULL if it cannot be read. The caller frees. */
char *proc_text(const char *root, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The bracketed word of "a [b] c", or the whole text if there is none. In place. */
void proc_chosen(char *line);
