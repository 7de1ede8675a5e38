/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plots/axis.h"

#include <math.h>
#include <stddef.h>

void extent_add(struct extent *extent, double value)
{
	if (!isfinite(value))
		return;
	extent->low = fmin(extent->low, value); /* fmin passes NaN over */
	extent->high = fmax(extent->high, value);
}

double axis_position(const struct axis *axis, double value)
{
	double share;

	if (axis->log)
		share = log(fmax(value, 1e-300) / axis->low) / log(axis->high / axis->low);
	else
		share = (value - axis->low) / (axis->high - axis->low);
	return fmin(1, fmax(0, share));
}

static bool tic_add(struct axis *axis, double value)
{
	double slack = axis->log ? axis->low * 1e-9 : (axis->high - axis->low) * 1e-9;

	if (value < axis->low - slack || value > axis->high * (1 + 1e-9))
		return true;
	if (axis->tic_count == AXIS_TICS)
		return false;
	axis->tics[axis->tic_count++] = value;
	return true;
}

/* Whether the tics are at least `apart` (a share of the axis) from each other. */
static bool tics_fit(const struct axis *axis, double apart)
{
	for (int i = 1; i < axis->tic_count; i++)
		if (axis_position(axis, axis->tics[i]) - axis_position(axis, axis->tics[i - 1]) <
		    apart)
			return false;
	return true;
}

/* The tics of each `stride`-th power of ten, times each of `steps`. */
static bool log_tics(struct axis *axis, const double *steps, size_t count, int stride, double apart)
{
	int first = (int)floor(log10(axis->low) + 1e-9), last = (int)ceil(log10(axis->high));

	axis->tic_count = 0;
	for (int power = first - ((first % stride) + stride) % stride; power <= last;
	     power += stride)
		for (size_t i = 0; i < count; i++)
			if (!tic_add(axis, steps[i] * pow(10, power)))
				return false;
	return axis->tic_count >= 2 && tics_fit(axis, apart);
}

static void choose_log_tics(struct axis *axis, double apart)
{
	static const double dense[] = {1, 1.5, 2, 3, 4, 5, 7}, fine[] = {1, 2, 5};
	static const double coarse[] = {1, 3}, tens[] = {1};

	if (log_tics(axis, dense, 7, 1, apart) || log_tics(axis, fine, 3, 1, apart) ||
	    log_tics(axis, coarse, 2, 1, apart))
		return;
	for (int stride = 1; stride < 20; stride++)
		if (log_tics(axis, tens, 1, stride, apart))
			return;
	/* Less than a decade in too little room: one tic. */
	log_tics(axis, fine, 3, 1, 0);
	axis->tic_count = axis->tic_count > 0;
}

static void choose_linear_tics(struct axis *axis, double apart)
{
	static const double steps[] = {1, 2, 2.5, 5};
	double unit = pow(10, floor(log10((axis->high - axis->low) / AXIS_TICS)));

	for (int i = 0; i < 16; i++) {
		int decade = i / 4;
		double step = unit * steps[i % 4] * pow(10, decade);
		bool all = true;

		axis->tic_count = 0;
		for (double k = ceil(axis->low / step - 1e-9);
		     k * step <= axis->high * (1 + 1e-9) && all; k++)
			all = tic_add(axis, k * step + 0.0); /* no -0 */
		if (all && tics_fit(axis, apart))
			return;
	}
}

void axis_log(struct axis *axis, struct extent extent, double pixels, double label)
{
	axis->log = true;
	if (!(extent.low > 0) || !(extent.high > 0)) {
		extent.high = extent.high > 0 ? extent.high : 10;
		extent.low = extent.high / 10;
	}
	/* A little room, and at least half a decade. */
	axis->low = extent.low / 1.15;
	axis->high = extent.high * 1.15;
	if (axis->high / axis->low < 3.2) {
		double middle = sqrt(axis->high * axis->low);

		axis->low = middle / 1.8;
		axis->high = middle * 1.8;
	}
	choose_log_tics(axis, (label + 8) / pixels);
}

void axis_linear(struct axis *axis, struct extent extent, double pixels, double label)
{
	axis->log = false;
	extent_add(&extent, 0);
	axis->low = extent.low < 0 ? extent.low * 1.05 : 0;
	axis->high = extent.high > 0 ? extent.high * 1.05 : 1;
	choose_linear_tics(axis, (label + 8) / pixels);
}

void axis_span(struct axis *axis, struct extent extent, double pixels, double label)
{
	double room = (extent.high - extent.low) * 0.06;

	if (extent.low > 0 && extent.high / extent.low > 3) {
		axis_log(axis, extent, pixels, label);
		return;
	}
	if (!(room > 0))
		room = extent.low != 0 && isfinite(extent.low) ? fabs(extent.low) * 0.1 : 1;
	axis->log = false;
	axis->low = (isfinite(extent.low) ? extent.low : 0) - room;
	axis->high = (isfinite(extent.high) ? extent.high : 0) + room;
	choose_linear_tics(axis, (label + 8) / pixels);
}

void axis_ratio(struct axis *axis, struct extent extent, double pixels, double label)
{
	extent_add(&extent, 1);
	if (extent.low >= 0.25 && extent.high <= 2.5) {
		extent.high = fmax(extent.high, 1.12);
		axis_linear(axis, extent, pixels, label);
		return;
	}
	axis_log(axis, extent, pixels, label);
}
