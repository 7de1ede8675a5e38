/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plots/facets.h"

#include <math.h>

#define MARGIN 10
#define GAP 22
#define HEAD 42 /* the workload's name, then the vertical axis' label */
#define PLOT 150
#define FOOT 44 /* tics, then the horizontal axis' label */
#define LEFT 46 /* the vertical axis' tics */

static int legend_entries(const struct picture *picture, struct legend_entry *entries,
			  struct arm_label *labels)
{
	for (int arm = 0; arm < picture->record->arm_count && arm < FACETS_MOST; arm++) {
		labels[arm] = arm_label(picture, arm);
		entries[arm] = (struct legend_entry){.colour = picture->styles[arm].colour,
						     .point = picture->styles[arm].filled,
						     .text = labels[arm].text};
	}
	return picture->record->arm_count < FACETS_MOST ? picture->record->arm_count : FACETS_MOST;
}

static double draw_legend(struct canvas *canvas, const struct picture *picture, double y)
{
	struct legend_entry entries[FACETS_MOST];
	struct arm_label labels[FACETS_MOST];
	int count = legend_entries(picture, entries, labels);

	return canvas_legend(canvas, MARGIN, y, CANVAS_WIDTH - 2 * MARGIN, entries, count);
}

int facets_open(struct facets *facets, const struct picture *picture, const char *name, int count,
		struct error *err)
{
	struct canvas nowhere = {.gp = NULL};
	double room;
	int shelves;

	facets->picture = picture;
	facets->count = count;
	facets->columns = count > 1 ? 2 : 1;
	room = CANVAS_WIDTH - 2 * MARGIN - (facets->columns - 1) * GAP;
	facets->cell = room / facets->columns;
	facets->legend = draw_legend(&nowhere, picture, 0);
	shelves = (count + facets->columns - 1) / facets->columns;
	return canvas_open(&facets->canvas, picture->sheet, name, CANVAS_WIDTH,
			   MARGIN + shelves * (HEAD + PLOT + FOOT) + facets->legend + MARGIN,
			   picture->language, err);
}

struct box facets_box(const struct facets *facets, int i)
{
	int shelf = i / facets->columns;

	return (struct box){
		.x = MARGIN + LEFT + i % facets->columns * (facets->cell + GAP),
		.y = MARGIN + HEAD + shelf * (HEAD + PLOT + FOOT),
		.width = facets->cell - LEFT - 10,
		.height = PLOT,
	};
}

void facets_words(struct facets *facets, int i, const char *title, const char *x_axis,
		  const char *y_axis)
{
	struct box box = facets_box(facets, i);
	const char *name =
		title ? title : facets->picture->record->workloads[facets->workloads[i]].name;
	size_t room = (size_t)((facets->cell - 10) / LETTER);

	canvas_bold(&facets->canvas, box.x - LEFT, box.y - 31, ANCHOR_LEFT, TEXT_SIZE, COLOUR_INK,
		    text_cut(name, 40).line[0]);
	canvas_text(&facets->canvas, box.x - LEFT, box.y - 14, ANCHOR_LEFT, TEXT_SMALL, COLOUR_SOFT,
		    text_cut(y_axis, room).line[0]);
	canvas_text(&facets->canvas, box.x + box.width, box.y + box.height + 31, ANCHOR_RIGHT,
		    TEXT_SMALL, COLOUR_SOFT, text_cut(x_axis, room).line[0]);
}

int facets_close(struct facets *facets, struct error *err)
{
	struct canvas *canvas = &facets->canvas;

	draw_legend(canvas, facets->picture, canvas->height - facets->legend - MARGIN);
	/* Labels are drawn only with a plot, so an empty one follows. */
	fputs("set lmargin at screen 0\nset rmargin at screen 1\nset tmargin at screen 1\n"
	      "set bmargin at screen 0\nunset xtics\nunset ytics\nunset grid\nset border 0\n"
	      "unset logscale\nset xrange [0:1]\nset yrange [0:1]\nplot NaN notitle\n",
	      canvas->gp);
	canvas_panel_end(canvas);
	return canvas_close(canvas, err);
}

bool facets_any(const struct picture *picture,
		bool (*has)(const struct picture *picture, int workload))
{
	for (int w = 0; w < picture->record->workload_count; w++)
		if (has(picture, w))
			return true;
	return false;
}

int facets_write(const struct picture *picture, const struct figure *figure, struct error *err)
{
	struct facets facets;
	int count = 0, code;

	for (int w = 0; w < picture->record->workload_count && count < FACETS_MOST; w++)
		if (figure->has(picture, w))
			facets.workloads[count++] = w;
	code = facets_open(&facets, picture, figure->name, count, err);
	for (int i = 0; i < count && !code; i++)
		figure->draw(&facets, i);
	return code ? code : facets_close(&facets, err);
}
