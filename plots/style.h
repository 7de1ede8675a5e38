/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One visual language for every figure: an environment has the same colour and mark everywhere.
 * The colours are those of Okabe and Ito, "Color Universal Design" (2008), which readers with any
 * form of colour blindness tell apart; the marks tell them apart in grey. Measured values have
 * filled marks, published ones the hollow mark of the same shape.
 */
#pragma once

#include "results/record.h"

#define COLOUR_INK "#222222"  /* text, axes */
#define COLOUR_SOFT "#5f5f5f" /* second text: 6.4:1 on white */
#define COLOUR_GRID "#d9d9d9"
#define COLOUR_BAND "#9a9a9a" /* the null band, drawn through */
#define COLOUR_PAPER "#ffffff"

struct style {
	const char *colour;
	int filled, hollow; /* gnuplot's point types */
};

/* One for each arm of the record, in its order. run.json's "styles" (environment -> enum arm_style)
 * are taken where they are free; they are not in the file, the harness adds them from the drivers.
 * The caller frees; NULL where there is no memory. */
struct style *style_assign(const struct record *record);
