/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Performance against host CPU per operation, both relative to the baseline: how many servers a
 * service needs. To the right of 1 an operation takes more of the host's CPU time, whether in the
 * vCPU, QEMU, vhost or the kernel: equal throughput then costs more. */
#include <math.h>

#include "plots/facets.h"

static double cpu_ratio(const struct picture *picture, const struct summary_row *row)
{
	int workload = (int)(row->workload - picture->record->workloads);
	const struct summary_row *baseline =
		summary_headline(picture->summary, workload, row->condition->against);

	if (!baseline || !(baseline->cpu_per_op.value > 0) || !(row->cpu_per_op.value > 0))
		return NAN;
	return row->cpu_per_op.value / baseline->cpu_per_op.value;
}

/* The row of an arm that has both coordinates, or NULL. */
static const struct summary_row *point_of(const struct picture *picture, int workload, int arm)
{
	const struct summary_row *row = summary_headline(picture->summary, workload, arm);

	return row && isfinite(row->relative.value) && isfinite(cpu_ratio(picture, row)) ? row
											 : NULL;
}

static bool has_points(const struct picture *picture, int workload)
{
	for (int arm = 0; arm < picture->record->arm_count; arm++)
		if (!condition_is_baseline(record_condition(picture->record, workload, arm)) &&
		    point_of(picture, workload, arm))
			return true;
	return false;
}

static void draw_facet(struct facets *facets, int i)
{
	const struct picture *picture = facets->picture;
	struct canvas *canvas = &facets->canvas;
	struct extent across = EXTENT_EMPTY, up = EXTENT_EMPTY;
	struct box box = facets_box(facets, i);
	struct axis x, y;
	int block = canvas_block(canvas, "arm cpu relative low high");

	for (int arm = 0; arm < picture->record->arm_count; arm++) {
		const struct summary_row *row = point_of(picture, facets->workloads[i], arm);

		if (!row)
			continue;
		extent_add(&across, cpu_ratio(picture, row));
		extent_add(&up, row->relative.value);
		extent_add(&up, fmax(row->relative.low, row->relative.value / 3));
		extent_add(&up, fmin(row->relative.high, row->relative.value * 3));
		fprintf(canvas->dat, "%d %.9g %.9g %.9g %.9g\n", arm, cpu_ratio(picture, row),
			row->relative.value, row->relative.low, row->relative.high);
	}
	axis_ratio(&x, across, box.width, 5 * LETTER);
	axis_ratio(&y, up, box.height, 12);
	facets_words(facets, i, NULL, say(picture->language, WORD_COST_X),
		     say(picture->language, WORD_COST_Y));
	canvas_panel_xy(canvas, box, &x, &y);
	fputs("set arrow from 1,graph 0 to 1,graph 1 nohead back linecolor rgb '" COLOUR_SOFT "'\n"
	      "set arrow from graph 0,first 1 to graph 1,first 1 nohead back linecolor rgb "
	      "'" COLOUR_SOFT "'\n",
	      canvas->gp);
	for (int arm = 0; arm < picture->record->arm_count; arm++)
		canvas_series(canvas, block, arm, "$2", "3:4:5",
			      "yerrorbars pointsize 1.1 linewidth 1.4", picture->styles[arm].filled,
			      picture->styles[arm].colour);
	canvas_panel_end(canvas);
}

const struct figure figure_cost = {
	.name = "cost",
	.title = {"Performance against host CPU per operation",
		  "Desempenho e CPU do hospedeiro por operação"},
	.caption = {"Performance against the CPU time that the whole host spends on an operation, "
		    "both relative to the baseline. Lower is slower; further right needs more CPU "
		    "time: at equal throughput, fewer such services fit on a server.",
		    "Desempenho e tempo de CPU que todo o hospedeiro gasta por operação, ambos em "
		    "relação à referência. Abaixo é mais lento; à direita a conta é maior: com a "
		    "mesma vazão, cabem menos desses serviços em um servidor."},
	.has = has_points,
	.draw = draw_facet,
};
