/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Latency by percentile, of the histograms merged over all blocks. The horizontal axis is
 * 1 / (1 - p) on a log scale: each decade is another nine. A line ends where fewer than
 * PERCENTILE_BEYOND samples lie beyond, as everywhere.
 */
#include <math.h>
#include <string.h>

#include "plots/facets.h"
#include "results/percentile.h"

#define STEPS 10 /* points per decade of 1 / (1 - p) */
#define DECADES 7

/* The first histogram that a metric of the workload uses; NULL: none. */
static const char *histogram_name(const struct record_workload *workload)
{
	for (int m = 0; m < workload->metric_count; m++)
		if (workload->metrics[m].histogram)
			return workload->metrics[m].histogram;
	return NULL;
}

static void merge(const struct record *record, int workload, int arm, const char *name,
		  struct histogram *merged)
{
	histogram_reset(merged);
	for (uint32_t i = 0; i < record->trial_count; i++) {
		const struct record_trial *trial = &record->trials[i];

		if (trial->valid && !trial->warmup && trial->workload == workload &&
		    trial->arm == arm)
			record_histogram(trial, name, 1, merged);
	}
}

static bool has_latencies(const struct picture *picture, int workload)
{
	const char *name = histogram_name(&picture->record->workloads[workload]);

	for (uint32_t i = 0; name && i < picture->record->trial_count; i++) {
		const struct record_trial *trial = &picture->record->trials[i];

		for (int h = 0; trial->workload == workload && h < trial->histogram_count; h++)
			if (trial->valid && !trial->warmup &&
			    !strcmp(trial->histograms[h].name, name) &&
			    trial->histograms[h].count >= 2 * PERCENTILE_BEYOND)
				return true;
	}
	return false;
}

/* One line: arm, 1 / (1 - p), microseconds, and whether it is marked (each full decade and p50). */
static void put_line(struct facets *facets, int arm, const struct histogram *merged,
		     struct extent *across, struct extent *up)
{
	for (int step = 1; step <= DECADES * STEPS; step++) {
		double inverse = pow(10, (double)step / STEPS);
		double value = histogram_percentile(merged, 1 - 1 / inverse) / 1000;

		if ((double)merged->count / inverse < PERCENTILE_BEYOND || !(value > 0))
			break;
		extent_add(across, inverse);
		extent_add(up, value);
		fprintf(facets->canvas.dat, "%d %.9g %.9g %d\n", arm, inverse, value,
			step % STEPS == 0);
	}
}

/* 50 %, 90 %, 99 %... as far as the data reach. */
static void percentile_axis(struct axis *axis, struct extent extent)
{
	*axis = (struct axis){.log = true, .low = 1.2, .high = fmax(extent.high * 1.3, 4)};
	axis->tics[axis->tic_count++] = 2;
	for (int nines = 1; pow(10, nines) <= axis->high; nines++)
		axis->tics[axis->tic_count++] = pow(10, nines);
}

static struct number percentile_label(enum language language, double inverse)
{
	return number_plain(language, 100 - 100 / inverse);
}

static void draw_facet(struct facets *facets, int i)
{
	const struct picture *picture = facets->picture;
	struct canvas *canvas = &facets->canvas;
	int workload = facets->workloads[i];
	const char *name = histogram_name(&picture->record->workloads[workload]);
	struct extent across = EXTENT_EMPTY, up = EXTENT_EMPTY;
	struct box box = facets_box(facets, i);
	struct histogram merged;
	struct axis x, y;
	int block = canvas_block(canvas, "arm 1/(1-p) microseconds mark");

	for (int arm = 0; arm < picture->record->arm_count; arm++) {
		merge(picture->record, workload, arm, name, &merged);
		put_line(facets, arm, &merged, &across, &up);
	}
	percentile_axis(&x, across);
	axis_log(&y, up, box.height, 12);
	facets_words(facets, i, NULL, say(picture->language, WORD_LATENCY_X),
		     say(picture->language, WORD_LATENCY_Y));
	canvas_panel_xy(canvas, box, &x, &y);
	canvas_tics(canvas, &x, percentile_label);
	for (int arm = 0; arm < picture->record->arm_count; arm++) {
		const struct style *style = &picture->styles[arm];

		canvas_series(canvas, block, arm, "$2", "3", "lines linewidth 1.6", 0,
			      style->colour);
		canvas_series(canvas, block, arm, "($4==1?$2:NaN)", "3", "points pointsize 0.9",
			      style->filled, style->colour);
	}
	canvas_panel_end(canvas);
}

const struct figure figure_latency = {
	.name = "latency",
	.title = {"Latency by percentile", "Latência por percentil"},
	.caption = {"Latency by percentile, from histograms merged over all blocks. The horizontal "
		    "axis is spaced by the share of operations that take longer; each line ends "
		    "where fewer than 10 samples lie beyond.",
		    "Latência por percentil dos histogramas somados de todos os blocos. O eixo "
		    "horizontal é espaçado pela parcela de operações que demoram mais; cada linha "
		    "termina onde restam menos de 10 amostras."},
	.has = has_latencies,
	.draw = draw_facet,
};
