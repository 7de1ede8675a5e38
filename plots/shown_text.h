/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text from anywhere (labels, host names, parameters) put safely into HTML and gnuplot. */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

/* Writes `text` as HTML or XML character data or attribute value; bytes that are no UTF-8 and
 * control characters become U+FFFD. */
void put_html(FILE *out, const char *text);
/* printf, and all of it through put_html. */
void put_html_arguments(FILE *out, const char *format, va_list arguments);
void put_html_format(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Writes `text` as a single-quoted gnuplot string: in those nothing is expanded. */
void put_gnuplot(FILE *out, const char *text);

/* Characters, wide ones counted twice: what a fixed-width terminal would need. */
size_t text_width(const char *text);

#define TEXT_LINES 2
struct text_lines {
	char line[TEXT_LINES][160];
	int count;
};

/* Breaks `text` at spaces (or hard, where a word is longer) into lines of at most `width`
 * characters; what does not fit in TEXT_LINES ends in an ellipsis. */
struct text_lines text_wrap(const char *text, size_t width);
/* One line, cut with an ellipsis. */
struct text_lines text_cut(const char *text, size_t width);
