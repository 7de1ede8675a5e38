/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_SVG_H
#define TARE_SVG_H

#include <stdio.h>

#include "base/error.h"

/*
 * Makes gnuplot's SVG fit to stand in a page: identifiers that begin with `name`, so that several
 * figures may share a page; colours as #rrggbb, so that a style sheet can turn them dark; fonts
 * with others to fall back on; a title and a description for those who do not see it.
 */
int svg_finish(const char *path, const char *name, const char *title, const char *description,
	       struct error *err);

/* Writes the <svg> element of the file at `path`, without the XML declaration. A file that holds
 * anything but drawing (scripts, foreign objects, event handlers, links outside) is refused. */
int svg_inline(const char *path, FILE *out, struct error *err);

#endif
