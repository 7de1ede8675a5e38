/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes untrusted text (labels, host names, parameters) safely to HTML and gnuplot. */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

/* Writes `text` as HTML or XML character data or attribute value; invalid UTF-8 and control
 * characters become U+FFFD. */
void put_html(FILE *out, const char *text);
/* printf, with the output through put_html. */
void put_html_arguments(FILE *out, const char *format, va_list arguments);
void put_html_format(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Writes `text` as a single-quoted gnuplot string, in which nothing is expanded. */
void put_gnuplot(FILE *out, const char *text);

/* Characters, wide ones counted twice: what a fixed-width terminal would need. */
size_t text_width(const char *text);

#define TEXT_LINES 2
struct text_lines {
	char line[TEXT_LINES][160];
	int count;
};

/* Wraps `text` at spaces (or inside longer words) into lines of at most `width` characters; text
 * beyond TEXT_LINES is replaced by an ellipsis. */
struct text_lines text_wrap(const char *text, size_t width);
/* One line, truncated with an ellipsis. */
struct text_lines text_cut(const char *text, size_t width);
