/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdio.h>

#include "base/directory.h"

/*
 * Makes gnuplot's SVG fit to stand in a page: identifiers that begin with `name`, so that several
 * figures may share a page; colours as #rrggbb, so that a style sheet can turn them dark; fonts
 * with others to fall back on; a title and a description for those who do not see it.
 * `text` is gnuplot's, *finished the caller's to free.
 */
int svg_finish(const char *text, const char *name, const char *title, const char *description,
	       char **finished, size_t *size, struct error *err);

/* Writes the <svg> element of the file `name` in `directory`, without the XML declaration. A file
 * that holds anything but drawing (scripts, foreign objects, event handlers, links outside) is
 * refused. */
int svg_inline(const struct directory *directory, const char *name, FILE *out, struct error *err);
