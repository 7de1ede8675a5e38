/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_GNUPLOT_H
#define TARE_GNUPLOT_H

#include "base/error.h"

/* One drawing: gnuplot -e "format='FORMAT'" NAME.gp makes NAME.FORMAT. */
struct drawing {
	const char *name, *format;
	int code; /* after gnuplot_draw: 0 or a negative errno */
};

/*
 * Draws all of them in `directory`, as many at a time as there are CPUs, each within a time limit.
 * A drawing that fails leaves no file; the others go on; the first failure is returned.
 * -ENOENT, with the package to install, where there is no gnuplot.
 */
int gnuplot_draw(const char *directory, struct drawing *drawings, int count, struct error *err);

#endif
