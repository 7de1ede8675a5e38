/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdio.h>

#include "base/directory.h"

/* Prepares gnuplot's SVG for a page: identifiers begin with `name`, so that several figures can
 * share a page; colours are #rrggbb, so that a style sheet can change them for dark mode; fonts
 * have fallbacks; a title and a description are added for accessibility. `text` is gnuplot's
 * output; the caller frees *finished. */
int svg_finish(const char *text, const char *name, const char *title, const char *description,
	       char **finished, size_t *size, struct error *err);

/* Writes the <svg> element of the file `name` in `directory`, without the XML declaration. Rejects
 * a file that contains anything but drawing (scripts, foreign objects, event handlers, external
 * links). */
int svg_inline(const struct directory *directory, const char *name, FILE *out, struct error *err);
