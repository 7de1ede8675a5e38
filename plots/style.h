/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The style of all figures: an environment has the same colour and mark everywhere. The colours are
 * from Okabe and Ito, "Color Universal Design" (2008), and can be told apart by colour-blind
 * readers; the marks also differ in grey. Measured values have filled marks, published ones hollow
 * marks of the same shape. */
#pragma once

#include "results/record.h"

#define COLOUR_INK "#222222"  /* text, axes */
#define COLOUR_SOFT "#5f5f5f" /* second text: 6.4:1 on white */
#define COLOUR_GRID "#d9d9d9"
#define COLOUR_BAND "#9a9a9a" /* the null band, transparent */
#define COLOUR_PAPER "#ffffff"

struct style {
	const char *colour;
	int filled, hollow; /* gnuplot's point types */
};

/* One for each arm of the record, in order. run.json's "styles" (environment -> enum arm_style),
 * which are not in the file but added by the harness from the drivers, are used if they are free.
 * The caller frees; NULL if there is no memory. */
struct style *style_assign(const struct record *record);
