/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading the texts of /proc and /sys. `root` as in host.h: what is prepended to each path. */
#ifndef TARE_PROCFS_H
#define TARE_PROCFS_H

#include <stdbool.h>
#include <stddef.h>

/* Field `field` (from 1; field 0 is the line's first word) of the first line whose first word is
 * `line`; "" takes the first line, and its first word is then field 1. "total=7" reads as 7. */
bool proc_number(const char *text, const char *line, int field, double *value);

/* The text after the next newline; NULL where there is none. */
const char *proc_next_line(const char *at);

/* The text after "KEY :" or "KEY=" in the first line that starts with it, without quotes. */
bool proc_value(const char *text, const char *key, char *value, size_t size);

/* The first line of root + path (printf); false and "" where it cannot be read. */
bool proc_line(char *line, size_t size, const char *root, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The whole text of root + path; NULL where it cannot be read. The caller frees. */
char *proc_text(const char *root, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Of "a [b] c" the word in brackets; the whole text where there is none. In place. */
void proc_chosen(char *line);

#endif
