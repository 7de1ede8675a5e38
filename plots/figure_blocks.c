/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks over time: each trial's performance relative to the mean of its own environment, in the
 * order in which they ran, so that drift, steps and outliers show however far apart the
 * environments are. Flagged trials are ringed. If an environment has more trials than can be told
 * apart, a point is the mean of several successive ones, of which the most extreme flagged one has
 * its own point and ring. */
#include <math.h>

#include "plots/facets.h"

#define POINTS_MOST 250 /* of an environment in a panel: its width in px */

/* The headline is the first metric (docs/data.md). */
static double performance(const struct record *record, const struct record_trial *trial)
{
	const struct record_metric *metric = &record->workloads[trial->workload].metrics[0];
	double value = trial->values[0];

	if (!trial->valid || trial->warmup || !(value > 0))
		return NAN;
	return metric->lower_is_better ? 1 / value : value;
}

/* NaN, and a *count of 0, if there is none. */
static double arm_mean(const struct record *record, int workload, int arm, int *count)
{
	double sum = 0;

	*count = 0;
	for (uint32_t i = 0; i < record->trial_count; i++) {
		const struct record_trial *trial = &record->trials[i];
		double value;

		if (trial->workload != workload || trial->arm != arm)
			continue;
		value = performance(record, trial);
		if (!isfinite(value))
			continue;
		sum += value;
		(*count)++;
	}
	return *count ? sum / *count : NAN;
}

static bool has_blocks(const struct picture *picture, int workload)
{
	for (int arm = 0, count; arm < picture->record->arm_count; arm++)
		if (isfinite(arm_mean(picture->record, workload, arm, &count)))
			return true;
	return false;
}

/* Successive trials that one point represents. */
struct group {
	FILE *dat;
	struct extent *up;
	int arm, room, count;
	double time, share;                 /* sums */
	double flagged_time, flagged_share; /* of the flagged trial farthest from 1; NaN: none */
};

static void put_point(struct group *group, double time, double share, bool flagged, int count)
{
	if (!isfinite(share))
		return;
	extent_add(group->up, share);
	fprintf(group->dat, "%d %.9g %.9g %d %d\n", group->arm, time, share, flagged, count);
}

static void group_begin(struct group *group)
{
	group->count = 0;
	group->time = group->share = 0;
	group->flagged_share = NAN;
}

static void group_end(struct group *group)
{
	bool single = group->room == 1;

	if (!single)
		put_point(group, group->flagged_time, group->flagged_share, true, 1);
	if (group->count)
		put_point(group, group->time / group->count, group->share / group->count,
			  single && isfinite(group->flagged_share), group->count);
	group_begin(group);
}

static void group_add(struct group *group, const struct record_trial *trial, double share)
{
	group->count++;
	group->time += trial->time;
	group->share += share;
	if (!trial->flags || fabs(share - 1) <= fabs(group->flagged_share - 1))
		return;
	group->flagged_time = trial->time;
	group->flagged_share = share;
}

static void put_trials(struct facets *facets, int workload, int arm, struct extent *across,
		       struct extent *up)
{
	const struct record *record = facets->picture->record;
	struct group group = {.dat = facets->canvas.dat, .up = up, .arm = arm};
	int count;
	double mean = arm_mean(record, workload, arm, &count);

	group.room = (count + POINTS_MOST - 1) / POINTS_MOST;
	group_begin(&group);
	for (uint32_t i = 0; i < record->trial_count && count; i++) {
		const struct record_trial *trial = &record->trials[i];
		double share;

		if (trial->workload != workload || trial->arm != arm)
			continue;
		share = performance(record, trial) / mean;
		if (!isfinite(share))
			continue;
		extent_add(across, trial->time);
		group_add(&group, trial, share);
		if (group.count == group.room)
			group_end(&group);
	}
	group_end(&group);
}

static void draw_facet(struct facets *facets, int i)
{
	const struct picture *picture = facets->picture;
	struct canvas *canvas = &facets->canvas;
	struct extent across = EXTENT_EMPTY, up = EXTENT_EMPTY;
	struct box box = facets_box(facets, i);
	struct axis x, y;
	char time[40];
	int block = canvas_block(canvas, "arm seconds relative flagged trials");

	for (int arm = 0; arm < picture->record->arm_count; arm++)
		put_trials(facets, facets->workloads[i], arm, &across, &up);
	axis_span(&x, (struct extent){0, across.high - across.low}, box.width, 5 * LETTER);
	axis_span(&y, up, box.height, 12);
	facets_words(facets, i, NULL, say(picture->language, WORD_BLOCKS_X),
		     say(picture->language, WORD_BLOCKS_Y));
	canvas_panel_xy(canvas, box, &x, &y);
	snprintf(time, sizeof(time), "$2-%.9g", across.low);
	for (int arm = 0; arm < picture->record->arm_count; arm++)
		canvas_series(canvas, block, arm, time, "3", "points pointsize 0.6",
			      picture->styles[arm].filled, picture->styles[arm].colour);
	snprintf(time, sizeof(time), "($4==1?$2-%.9g:NaN)", across.low);
	canvas_series(canvas, block, -1, time, "3", "points pointsize 1.5 linewidth 1.2", 6,
		      COLOUR_INK);
	canvas_panel_end(canvas);
}

const struct figure figure_blocks = {
	.name = "blocks",
	.title = {"Trials over time", "Ensaios ao longo do tempo"},
	.caption = {"Each trial relative to the mean of its own environment, in the order in which "
		    "they ran: drift and steps of the machine show as trends that all environments "
		    "share. A ring marks a flagged trial, which is kept. With more than 250 trials "
		    "of a workload in an environment, a point is the mean of several successive "
		    "ones, of which the most extreme flagged one is also shown.",
		    "Cada ensaio em relação à média do seu próprio ambiente, na ordem em que foram "
		    "executados: deriva e degraus da máquina aparecem como tendências comuns a "
		    "todos os ambientes. Um anel marca um ensaio com marca, que é mantido. Onde um "
		    "ambiente tem mais de 250 ensaios de uma carga, um ponto é a média de vários "
		    "seguidos; o mais distante dos que têm marca aparece sozinho."},
	.has = has_blocks,
	.draw = draw_facet,
};
