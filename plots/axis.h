/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scale of an axis and as many tics as fit. */
#pragma once

#include <stdbool.h>

#define AXIS_TICS 16

struct axis {
	bool log;
	double low, high;
	double tics[AXIS_TICS];
	int tic_count;
};

/* Collects the values that an axis must show. */
struct extent {
	double low, high; /* NaN: nothing yet */
};

#define EXTENT_EMPTY ((struct extent){__builtin_nan(""), __builtin_nan("")})

/* Ignores values that are not finite. */
void extent_add(struct extent *extent, double value);

/* Ratios around 1: linear from 0 if all are within 0.25 and 2.5, otherwise logarithmic. The axis is
 * `pixels` long, a tic's label `label` pixels wide. */
void axis_ratio(struct axis *axis, struct extent extent, double pixels, double label);
/* Positive values of any size, logarithmic. An empty extent gives 1 to 10. */
void axis_log(struct axis *axis, struct extent extent, double pixels, double label);
/* From 0, or below if there are negative values. */
void axis_linear(struct axis *axis, struct extent extent, double pixels, double label);
/* Just the range of the values: linear, or logarithmic if they are positive and more than a factor
 * of 3 apart. */
void axis_span(struct axis *axis, struct extent extent, double pixels, double label);
/* The position of a value from 0 at the low end to 1 at the high end, clamped. */
double axis_position(const struct axis *axis, double value);
