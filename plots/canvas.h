/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A gnuplot script and its data file being written. Everything is placed in pixels from the top
 * left corner, so that texts cannot overlap; inside a panel the vertical axis is in pixels from the
 * panel's top, the horizontal axis in units of the data. */
#pragma once

#include <stdio.h>

#include "base/error.h"
#include "plots/axis.h"
#include "plots/gnuplot.h"
#include "plots/language.h"
#include "plots/style.h"
#include "plots/shown_text.h"

#define CANVAS_WIDTH 840 /* across two columns of a paper (7 in) 12 px is 7.2 pt */
#define TEXT_SIZE 12
#define TEXT_SMALL 11
#define LETTER 6.7 /* generous width of a letter of TEXT_SMALL, px */

enum anchor { ANCHOR_LEFT, ANCHOR_CENTRE, ANCHOR_RIGHT };

struct canvas {
	FILE *gp, *dat; /* in memory: the sheet's script and data */
	const char *name;
	double width, height;
	enum language language;
	int series;  /* of the next plot, so far */
	int objects; /* labels, arrows and rectangles of the next plot */
	int blocks;  /* of the data file */
};

struct box {
	double x, y, width, height; /* px; y from the top */
};

/* Begins the script and data of `sheet`, which are complete after canvas_close. `name` and `sheet`
 * must outlive the canvas. */
int canvas_open(struct canvas *canvas, struct sheet *sheet, const char *name, double width,
		double height, enum language language, struct error *err);
/* Ends the script and reports write errors. Legal after a failed open. */
int canvas_close(struct canvas *canvas, struct error *err);

/* y is the middle of the text. */
void canvas_text(struct canvas *canvas, double x, double y, enum anchor anchor, int size,
		 const char *colour, const char *text);
void canvas_bold(struct canvas *canvas, double x, double y, enum anchor anchor, int size,
		 const char *colour, const char *text);
/* At most two lines, centred at y. */
void canvas_lines(struct canvas *canvas, double x, double y, enum anchor anchor, const char *colour,
		  const struct text_lines *lines);
void canvas_mark(struct canvas *canvas, double x, double y, int point, const char *colour);
void canvas_line(struct canvas *canvas, double x0, double y0, double x1, double y1,
		 const char *colour, double thickness);
/* A filled rectangle in the panel: horizontally data, vertically px from its top; behind all. */
void canvas_band(struct canvas *canvas, double low, double high, double top, double bottom,
		 const char *colour, double opacity);

/* A vertical line in the panel, placed like a band, behind the data. */
void canvas_rule(struct canvas *canvas, double x, double top, double bottom, const char *colour,
		 double thickness);

/* Begins a panel with a horizontal axis below it; write `plot` with canvas_series, then call
 * canvas_panel_end. */
void canvas_panel(struct canvas *canvas, struct box box, const struct axis *x);
/* Likewise with a vertical data axis and a grid. */
void canvas_panel_xy(struct canvas *canvas, struct box box, const struct axis *x,
		     const struct axis *y);
/* A part of the plot: of the lines of a block whose first column is `arm` (negative: of all), `x`
 * and `more` (columns as gnuplot has them) in gnuplot's `style`; point 0: it has none. */
void canvas_series(struct canvas *canvas, int block, int arm, const char *x, const char *more,
		   const char *style, int point, const char *colour);
/* Vertical lines at the tics and at the baseline (0: none). */
void canvas_grid(struct canvas *canvas, const struct axis *axis, double top, double bottom,
		 double baseline);
/* Relabels the horizontal axis' tics with `label`. */
void canvas_tics(struct canvas *canvas, const struct axis *x,
		 struct number (*label)(enum language language, double value));
void canvas_panel_end(struct canvas *canvas);

/* Begins a block (gnuplot: index) of the data file with a comment; returns its index. */
int canvas_block(struct canvas *canvas, const char *comment);

/* Marks with names in as many columns as fit; returns the height. Draws nothing if `canvas` has no
 * file (to get the height). */
struct legend_entry {
	const char *colour;
	int point; /* 0: a band */
	const char *text;
};
double canvas_legend(struct canvas *canvas, double x, double y, double width,
		     const struct legend_entry *entries, int count);
