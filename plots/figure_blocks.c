/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Blocks over time: each trial's performance relative to the mean of its own environment, in the
 * order in which they ran, so that drift, steps and outliers show however far apart the
 * environments are. Flagged trials are ringed.
 */
#include <math.h>

#include "plots/facets.h"

/* The headline is the first metric (docs/data.md). */
static double performance(const struct record *record, const struct record_trial *trial)
{
	const struct record_metric *metric = &record->workloads[trial->workload].metrics[0];
	double value = trial->values[0];

	if (!trial->valid || trial->warmup || !(value > 0))
		return NAN;
	return metric->lower_is_better ? 1 / value : value;
}

static double arm_mean(const struct record *record, int workload, int arm)
{
	double sum = 0;
	int count = 0;

	for (uint32_t i = 0; i < record->trial_count; i++) {
		const struct record_trial *trial = &record->trials[i];
		double value;

		if (trial->workload != workload || trial->arm != arm)
			continue;
		value = performance(record, trial);
		if (!isfinite(value))
			continue;
		sum += value;
		count++;
	}
	return count ? sum / count : NAN;
}

static bool has_blocks(const struct picture *picture, int workload)
{
	for (int arm = 0; arm < picture->record->arm_count; arm++)
		if (isfinite(arm_mean(picture->record, workload, arm)))
			return true;
	return false;
}

static void put_trials(struct facets *facets, int workload, int arm, struct extent *across,
		       struct extent *up)
{
	const struct record *record = facets->picture->record;
	double mean = arm_mean(record, workload, arm);

	for (uint32_t i = 0; i < record->trial_count; i++) {
		const struct record_trial *trial = &record->trials[i];
		double share;

		if (trial->workload != workload || trial->arm != arm)
			continue;
		share = performance(record, trial) / mean;
		if (!isfinite(share))
			continue;
		extent_add(across, trial->time);
		extent_add(up, share);
		fprintf(facets->canvas.dat, "%d %.9g %.9g %d\n", arm, trial->time, share,
			trial->flags != 0);
	}
}

static void draw_facet(struct facets *facets, int i)
{
	const struct picture *picture = facets->picture;
	struct canvas *canvas = &facets->canvas;
	struct extent across = EXTENT_EMPTY, up = EXTENT_EMPTY;
	struct box box = facets_box(facets, i);
	struct axis x, y;
	int block = canvas_block(canvas, "arm seconds relative flagged");

	for (int arm = 0; arm < picture->record->arm_count; arm++)
		put_trials(facets, facets->workloads[i], arm, &across, &up);
	axis_span(&x, (struct extent){0, across.high - across.low}, box.width, 5 * LETTER);
	axis_span(&y, up, box.height, 12);
	facets_words(facets, i, NULL, say(picture->language, WORD_BLOCKS_X),
		     say(picture->language, WORD_BLOCKS_Y));
	canvas_panel_xy(canvas, box, &x, &y);
	fputs("plot NaN notitle", canvas->gp);
	for (int arm = 0; arm < picture->record->arm_count; arm++)
		fprintf(canvas->gp,
			", \\\n  '%s.dat' index %d using ($1==%d?$2-%.9g:NaN):3 with points "
			"pointtype %d pointsize 0.6 linecolor rgb '%s' notitle",
			canvas->name, block, arm, across.low, picture->styles[arm].filled,
			picture->styles[arm].colour);
	fprintf(canvas->gp,
		", \\\n  '' index %d using ($4==1?$2-%.9g:NaN):3 with points pointtype 6 pointsize "
		"1.5 "
		"linewidth 1.2 linecolor rgb '" COLOUR_INK "' notitle\n",
		block, across.low);
	canvas_panel_end(canvas);
}

static int write_blocks(const struct picture *picture, struct error *err)
{
	struct facets facets;
	int code = facets_open(&facets, picture, "blocks", has_blocks, err);

	for (int i = 0; i < facets.count && !code; i++)
		draw_facet(&facets, i);
	return code ? code : facets_close(&facets, err);
}

static bool wanted_blocks(const struct picture *picture)
{
	for (int w = 0; w < picture->record->workload_count; w++)
		if (has_blocks(picture, w))
			return true;
	return false;
}

const struct figure figure_blocks = {
	.name = "blocks",
	.title = WORD_BLOCKS_TITLE,
	.caption = WORD_BLOCKS_CAPTION,
	.wanted = wanted_blocks,
	.write = write_blocks,
};
