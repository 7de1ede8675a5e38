/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The forest plot: every workload in every environment, sorted by overhead, with its interval and
 * the margin shaded. The axis is the cost of an operation relative to the baseline (1 / relative)
 * on a log scale, its tics written as overheads, so that twice and half are equally far from 0.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "plots/figure.h"
#include "plots/shown_text.h"

#define MARGIN 10
#define ROW 21
#define HEAD 30
#define FOOT 68
#define WORKLOAD_LETTERS 24
#define NAME_LETTERS 41
#define VALUE_WIDTH 74

static int by_overhead(const void *a, const void *b)
{
	const struct summary_row *const *left = a, *const *right = b;
	double difference = (*left)->overhead.value - (*right)->overhead.value;

	return difference < 0 ? 1 : difference > 0 ? -1 : 0;
}

static bool belongs(const struct summary_row *row)
{
	return row->headline && condition_is_subject(row->condition) &&
	       isfinite(row->overhead.value);
}

static const struct summary_row **sorted_rows(const struct summary *summary, int *count)
{
	const struct summary_row **rows = calloc((size_t)summary->row_count + 1, sizeof(*rows));

	*count = 0;
	for (int i = 0; rows && i < summary->row_count; i++)
		if (belongs(&summary->rows[i]))
			rows[(*count)++] = &summary->rows[i];
	if (rows)
		qsort(rows, (size_t)*count, sizeof(*rows), by_overhead);
	return rows;
}

static double factor(double overhead_percent)
{
	return 1 + overhead_percent / 100;
}

static void choose_axis(struct axis *axis, const struct summary_row *const *rows, int count,
			double width)
{
	struct extent extent = EXTENT_EMPTY;

	extent_add(&extent, 0.9);
	extent_add(&extent, 1.1);
	for (int i = 0; i < count; i++) {
		double value = factor(rows[i]->overhead.value);

		extent_add(&extent, value);
		extent_add(&extent, fmax(factor(rows[i]->overhead.low), value / 3));
		extent_add(&extent, fmin(factor(rows[i]->overhead.high), value * 3));
	}
	axis_log(axis, extent, width, 7 * LETTER);
}

static void draw_row(struct canvas *canvas, const struct picture *picture, const struct axis *axis,
		     const struct box *box, const struct summary_row *row, double y)
{
	struct interval overhead = row->overhead;
	double right = box->x + box->width + VALUE_WIDTH;

	if (!isfinite(overhead.low) || !isfinite(overhead.high))
		overhead.low = overhead.high = overhead.value;
	canvas_bold(canvas, MARGIN, box->y + y, ANCHOR_LEFT, TEXT_SMALL, COLOUR_INK,
		    text_cut(row->workload->name, WORKLOAD_LETTERS).line[0]);
	canvas_text(canvas, box->x - 8, box->y + y, ANCHOR_RIGHT, TEXT_SMALL, COLOUR_INK,
		    text_cut(arm_label(picture, row_arm(picture, row)).text, NAME_LETTERS).line[0]);
	canvas_text(canvas, right, box->y + y, ANCHOR_RIGHT, TEXT_SMALL, COLOUR_INK,
		    number_percent(canvas->language, row->overhead.value).text);
	fprintf(canvas->dat, "%d %g %.9g %.9g %.9g ", row_arm(picture, row), y,
		factor(overhead.value), fmax(factor(overhead.low), axis->low),
		fmin(factor(overhead.high), axis->high));
	put_gnuplot(canvas->dat, row->workload->name);
	fputc('\n', canvas->dat);
}

static void plot_rows(struct canvas *canvas, const struct picture *picture)
{
	for (int arm = 0; arm < picture->record->arm_count; arm++)
		if (record_arm_is(picture->record, arm, condition_is_subject))
			canvas_series(canvas, 0, arm, "$3", "2:4:5",
				      "xerrorbars pointsize 0.9 linewidth 1.6",
				      picture->styles[arm].filled, picture->styles[arm].colour);
}

/* All headline metrics have the same margin, whose range in cost is that of the verdicts. */
static void draw_margin(struct canvas *canvas, const struct summary_row *row, double height)
{
	double margin = verdict_margin(row->metric);
	char text[256];

	canvas_band(canvas, 1 / (1 + margin), 1 + margin, 0, height, COLOUR_BAND, 0.3);
	snprintf(text, sizeof(text), say(canvas->language, WORD_FOREST_FOOT),
		 number_plain(canvas->language, margin * 100).text);
	canvas_line(canvas, MARGIN, canvas->height - 13, MARGIN + 14, canvas->height - 13,
		    "#d2d2d2", 8);
	canvas_text(canvas, MARGIN + 20, canvas->height - 13, ANCHOR_LEFT, TEXT_SMALL, COLOUR_SOFT,
		    text);
}

static void draw_forest(struct canvas *canvas, const struct picture *picture,
			const struct summary_row *const *rows, int count)
{
	size_t workloads = 8, names = 8;
	struct axis axis;
	struct box box = {.y = HEAD, .height = count * ROW};
	char text[256];

	for (int i = 0; i < count; i++) {
		workloads = fmax(workloads,
				 fmin(text_width(rows[i]->workload->name), WORKLOAD_LETTERS));
		names = fmax(names,
			     fmin(text_width(arm_label(picture, row_arm(picture, rows[i])).text),
				  NAME_LETTERS));
	}
	box.x = MARGIN + (double)workloads * 7.8 + 14 + (double)names * LETTER + 8;
	box.width = canvas->width - MARGIN - VALUE_WIDTH - box.x;
	choose_axis(&axis, rows, count, box.width);
	canvas_block(canvas, "arm y cost low high workload");
	for (int i = 0; i < count; i++)
		draw_row(canvas, picture, &axis, &box, rows[i], (i + 0.5) * ROW);
	snprintf(text, sizeof(text), say(picture->language, WORD_FOREST_AXIS),
		 text_cut(baseline_label(picture).text, 40).line[0]);
	canvas_text(canvas, canvas->width - MARGIN, box.y + box.height + 30, ANCHOR_RIGHT,
		    TEXT_SMALL, COLOUR_SOFT, text);
	canvas_text(canvas, canvas->width - MARGIN, HEAD / 2.0, ANCHOR_RIGHT, TEXT_SMALL,
		    COLOUR_SOFT, say(picture->language, WORD_COLUMN_OVERHEAD));
	draw_margin(canvas, rows[0], box.height);
	canvas_panel(canvas, box, &axis);
	canvas_tics(canvas, &axis, number_overhead);
	canvas_grid(canvas, &axis, 0, box.height, 1);
	plot_rows(canvas, picture);
	canvas_panel_end(canvas);
}

static int write_forest(const struct picture *picture, struct error *err)
{
	cleanup_free const struct summary_row **rows = NULL;
	struct canvas canvas;
	int count, code;

	rows = sorted_rows(picture->summary, &count);
	if (!rows)
		return error_set(err, -ENOMEM, "no memory for the forest plot");
	code = canvas_open(&canvas, picture->sheet, "forest", CANVAS_WIDTH,
			   HEAD + count * ROW + FOOT, picture->language, err);
	if (code)
		return code;
	draw_forest(&canvas, picture, rows, count);
	return canvas_close(&canvas, err);
}

static bool wanted_forest(const struct picture *picture)
{
	for (int i = 0; i < picture->summary->row_count; i++)
		if (belongs(&picture->summary->rows[i]))
			return true;
	return false;
}

const struct figure figure_forest = {
	.name = "forest",
	.title = {"Overhead of every workload in every environment, sorted",
		  "Sobrecarga de cada carga em cada ambiente, em ordem"},
	.caption = {"Forest plot: the overhead of an operation with its 95 % interval, the "
		    "largest first. The axis is logarithmic in cost: +100 % (twice the cost) and "
		    "−50 % (half) are equally far from 0. The margin within which a difference is "
		    "negligible is shaded.",
		    "Gráfico em floresta: a sobrecarga de uma operação com seu intervalo de 95 %, "
		    "a maior primeiro. O eixo é logarítmico no custo: +100 % (o dobro) e −50 % (a "
		    "metade) ficam à mesma distância de 0. A margem abaixo da qual uma diferença "
		    "não importa está sombreada."},
	.wanted = wanted_forest,
	.write = write_forest,
};
