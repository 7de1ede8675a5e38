/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stddef.h>

#include "base/error.h"

/* A figure's script and data. The script draws `data`, by default NAME.dat next to it, as
 * NAME.FORMAT. */
struct sheet {
	char *script, *data; /* owned; sheet_finish */
	size_t script_size, data_size;
};

void sheet_finish(struct sheet *sheet);

/* One drawing of a sheet. */
struct drawing {
	const struct sheet *sheet;
	const char *name, *format;
	char *bytes; /* after gnuplot_draw; the caller frees */
	size_t size;
	int code; /* 0, or a negative errno and no bytes */
};

/* Draws all of them, as many at a time as there are CPUs, each within a time limit. gnuplot gets
 * script and data as descriptors of anonymous files and writes to a pipe: no path is involved, so
 * nobody can replace what it runs. A drawing that fails has no bytes; the others continue; returns
 * the first failure. -ENOENT, with the package to install, without gnuplot. */
int gnuplot_draw(struct drawing *drawings, int count, struct error *err);
