/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Figure 1: the four panels of Sharma et al., Figure 4. In each panel a group for each workload;
 * in each group a line for the baseline against itself and one for each environment: a bar from 1
 * (the baseline) to the relative performance, a mark with its 95 % interval, and both numbers.
 * All panels share one scale, so that they can be compared with each other.
 */
#include <math.h>
#include <string.h>

#include "plots/figure.h"

#define MARGIN 10
#define TITLE_HEIGHT 26
#define GROUP_HEIGHT 20
#define AXIS_HEIGHT 38
#define FOOT_HEIGHT 24
#define VALUES_WIDTH 118
#define NAME_LETTERS 24
#define PANEL_GAP 14
#define WORKLOADS_MOST 64
#define PANELS_MOST 4
#define PUBLISHED 1000 /* added to the arm in the data of published values */

struct layout {
	double row, names; /* height of a row, width of the names, px */
	struct axis axis;
	struct box box; /* of the panel that is being drawn */
};

struct panel_box {
	const char *name;
	int workloads[WORKLOADS_MOST];
	int count;
};

static int panels_of(const struct picture *picture, struct panel_box *panels)
{
	const struct record *record = picture->record;
	int used = 0;

	for (int p = 0; panel_names[p]; p++) {
		struct panel_box *panel = &panels[used];

		*panel = (struct panel_box){.name = panel_names[p]};
		for (int w = 0; w < record->workload_count && panel->count < WORKLOADS_MOST; w++)
			if (!strcmp(record->workloads[w].panel, panel->name))
				panel->workloads[panel->count++] = w;
		used += panel->count > 0;
	}
	return used;
}

/* The rows of a group: the null arm and the subjects. */
static int rows_of_group(const struct record *record)
{
	return record->arm_count - 1;
}

static double group_height(const struct picture *picture, const struct layout *layout)
{
	return GROUP_HEIGHT + rows_of_group(picture->record) * layout->row + 4;
}

/* What the axis must show: every value; intervals to a third of the least, thrice the greatest. */
static struct extent relative_extent(const struct picture *picture)
{
	struct extent values = EXTENT_EMPTY, all;

	for (int i = 0; i < picture->summary->row_count; i++)
		if (picture->summary->rows[i].headline)
			extent_add(&values, picture->summary->rows[i].relative.value);
	all = values;
	for (int i = 0; i < picture->summary->row_count; i++) {
		const struct summary_row *row = &picture->summary->rows[i];

		if (!row->headline || !isfinite(row->relative.value))
			continue;
		extent_add(&all, fmax(row->relative.low, values.low / 3));
		extent_add(&all, fmin(row->relative.high, values.high * 3));
	}
	return all;
}

static void layout_make(const struct picture *picture, struct layout *layout)
{
	size_t widest = 1;
	int lines = 1;

	for (int arm = 1; arm < picture->record->arm_count; arm++) {
		struct text_lines name = text_wrap(arm_label(picture, arm).text, NAME_LETTERS);

		lines = name.count > lines ? name.count : lines;
		for (int i = 0; i < name.count; i++)
			widest = fmax(widest, text_width(name.line[i]));
	}
	/* Two lines of a name, or a published mark below ours, need more room. */
	layout->row = lines > 1 || picture->reproduction ? 30 : 21;
	layout->names = (double)widest * LETTER + 8;
}

static void draw_group_head(struct canvas *canvas, const struct picture *picture, int workload,
			    double x, double y, double width)
{
	const struct record_workload *entry = &picture->record->workloads[workload];
	const struct summary_row *row = summary_headline(picture->summary, workload, 0);
	size_t room = (size_t)(width / LETTER);
	char text[256] = "";

	canvas_bold(canvas, x, y, ANCHOR_LEFT, TEXT_SMALL, COLOUR_INK,
		    text_cut(entry->name, 30).line[0]);
	if (row && isfinite(row->value.value))
		snprintf(text, sizeof(text), "%s: %s %s", arm_label(picture, 0).text,
			 number_value(canvas->language, row->value.value).text,
			 unit_text(row->metric->unit));
	else
		snprintf(text, sizeof(text), say(canvas->language, WORD_NO_BASELINE),
			 arm_label(picture, 0).text);
	room -= fmin(room, fmin(text_width(entry->name), 30) * 1.15 + 3);
	if (room > 8)
		canvas_text(canvas, x + width, y, ANCHOR_RIGHT, TEXT_SMALL, COLOUR_SOFT,
			    text_cut(text, room).line[0]);
}

/* Why this row has no mark. */
static const char *missing_words(const struct picture *picture, const struct summary_row *row)
{
	if (row && row->verdict == VERDICT_UNAVAILABLE && row->blocks == 0)
		return say(picture->language, WORD_UNAVAILABLE_HERE);
	return say(picture->language, WORD_NO_VALUE);
}

static void draw_row_words(struct canvas *canvas, const struct picture *picture,
			   const struct layout *layout, const struct summary_row *row, int arm,
			   double middle)
{
	struct text_lines name = text_wrap(arm_label(picture, arm).text, NAME_LETTERS);
	bool null_arm = record_arm_is(picture->record, arm, condition_is_null);
	double right = layout->box.x + layout->box.width + VALUES_WIDTH;
	const char *colour = null_arm ? COLOUR_SOFT : COLOUR_INK;

	canvas_lines(canvas, layout->box.x - 8, middle, ANCHOR_RIGHT, colour, &name);
	if (!row || !isfinite(row->relative.value)) {
		canvas_text(canvas, right, middle, ANCHOR_RIGHT, TEXT_SMALL, COLOUR_SOFT,
			    missing_words(picture, row));
		return;
	}
	canvas_text(canvas, right - 70, middle, ANCHOR_RIGHT, TEXT_SMALL, colour,
		    number_ratio(canvas->language, row->relative.value).text);
	canvas_text(canvas, right, middle, ANCHOR_RIGHT, TEXT_SMALL, COLOUR_SOFT,
		    number_percent(canvas->language, row->overhead.value).text);
}

/* One line of data: arm, y, relative, low, high, then words. An unknown interval ends at the mark,
 * one beyond the axis at its edge. */
static void put_data(struct canvas *canvas, const struct picture *picture,
		     const struct layout *layout, const struct summary_row *row, int arm, double y)
{
	struct interval relative = row->relative;

	if (!isfinite(relative.low) || !isfinite(relative.high))
		relative.low = relative.high = relative.value;
	fprintf(canvas->dat, "%d %g %.9g %.9g %.9g ", arm, y, relative.value,
		fmax(relative.low, layout->axis.low), fmin(relative.high, layout->axis.high));
	put_gnuplot(canvas->dat, row->workload->name);
	fputc(' ', canvas->dat);
	put_gnuplot(canvas->dat, picture->record->arms[arm].environment);
	fputc('\n', canvas->dat);
}

/* A published value, hollow, below ours; a line leads from a bound to where the value may be. Only
 * if the environment is comparable and the value is a single number. */
static void put_published(struct canvas *canvas, const struct picture *picture,
			  const struct layout *layout, const struct summary_row *row, int arm,
			  double y)
{
	const struct reproduction *all = picture->reproduction;

	for (int i = 0; all && i < all->count; i++) {
		const struct reproduce_row *r = &all->rows[i];
		double value = r->point->relative, end = value;

		if (r->ours != row ||
		    (r->verdict != REPRODUCED && r->verdict != REPRODUCE_DIFFERS) ||
		    r->relative.value != row->relative.value)
			continue;
		if (r->point->relation == RELATION_AT_LEAST)
			end = layout->axis.log ? value * 1.25 : value + 0.08;
		if (r->point->relation == RELATION_AT_MOST)
			end = layout->axis.log ? value / 1.25 : value - 0.08;
		if (value < layout->axis.low || value > layout->axis.high)
			continue;
		fprintf(canvas->dat, "%d %g %.9g %.9g %.9g 'published' ''\n", PUBLISHED + arm,
			y + 10, value, fmin(value, end), fmax(value, end));
	}
}

static void draw_group(struct canvas *canvas, const struct picture *picture,
		       const struct layout *layout, int workload, double top)
{
	double y = top + GROUP_HEIGHT;
	double bottom = y + rows_of_group(picture->record) * layout->row;

	draw_group_head(canvas, picture, workload, layout->box.x - layout->names,
			layout->box.y + top + GROUP_HEIGHT / 2.0 + 1,
			layout->names + layout->box.width + VALUES_WIDTH);
	/* no lines through the words above the rows */
	canvas_grid(canvas, &layout->axis, y, bottom, 1);
	for (int arm = 1; arm < picture->record->arm_count; arm++, y += layout->row) {
		const struct summary_row *row = summary_headline(picture->summary, workload, arm);

		draw_row_words(canvas, picture, layout, row, arm,
			       layout->box.y + y + layout->row / 2);
		if (!row || !isfinite(row->relative.value))
			continue;
		put_data(canvas, picture, layout, row, arm, y + layout->row / 2);
		put_published(canvas, picture, layout, row, arm, y + layout->row / 2);
		if (record_arm_is(picture->record, arm, condition_is_null) &&
		    isfinite(row->relative.low))
			canvas_band(canvas, fmax(row->relative.low, layout->axis.low),
				    fmin(row->relative.high, layout->axis.high), top + GROUP_HEIGHT,
				    bottom, COLOUR_BAND, 0.3);
	}
}

static void plot_panel(struct canvas *canvas, const struct picture *picture, int block)
{
	for (int arm = 1; arm < picture->record->arm_count; arm++) {
		const struct style *style = &picture->styles[arm];

		canvas_series(canvas, block, arm, "($3+1)/2",
			      "2:(($3<1?$3:1)):(($3<1?1:$3)):($2-5):($2+5)",
			      "boxxyerror fillstyle transparent solid 0.25 noborder", 0,
			      style->colour);
		canvas_series(canvas, block, arm, "$3", "2:4:5",
			      "xerrorbars pointsize 0.9 linewidth 1.6", style->filled,
			      style->colour);
		if (picture->reproduction)
			canvas_series(canvas, block, PUBLISHED + arm, "$3", "2:4:5",
				      "xerrorbars pointsize 0.9 linewidth 1.2", style->hollow,
				      style->colour);
	}
}

static void draw_panel_words(struct canvas *canvas, const struct picture *picture,
			     const struct layout *layout, const struct panel_box *panel, int letter)
{
	double left = layout->box.x - layout->names, y = layout->box.y - TITLE_HEIGHT / 2.0;
	double right = layout->box.x + layout->box.width + VALUES_WIDTH;
	char text[256];

	snprintf(text, sizeof(text), "(%c) %s", 'a' + letter, panel_title(picture, panel->name));
	canvas_bold(canvas, left, y, ANCHOR_LEFT, TEXT_SIZE + 1, COLOUR_INK, text);
	canvas_text(canvas, right - 66, y, ANCHOR_RIGHT, TEXT_SMALL, COLOUR_SOFT,
		    say(picture->language, WORD_COLUMN_RELATIVE));
	canvas_text(canvas, right, y, ANCHOR_RIGHT, TEXT_SMALL, COLOUR_SOFT,
		    say(picture->language, WORD_COLUMN_OVERHEAD));
	snprintf(text, sizeof(text), say(picture->language, WORD_RELATIVE_AXIS),
		 text_cut(baseline_label(picture).text, 14).line[0]);
	if (layout->axis.log)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), ", %s",
			 say(picture->language, WORD_LOG_AXIS));
	canvas_text(canvas, right, layout->box.y + layout->box.height + 27, ANCHOR_RIGHT,
		    TEXT_SMALL, COLOUR_SOFT, text);
}

static void draw_panel(struct canvas *canvas, const struct picture *picture,
		       const struct layout *layout, const struct panel_box *panel, int letter)
{
	int block = canvas_block(canvas, "arm y relative low high workload environment");
	double top = 0;

	draw_panel_words(canvas, picture, layout, panel, letter);
	for (int i = 0; i < panel->count; i++) {
		draw_group(canvas, picture, layout, panel->workloads[i], top);
		top += group_height(picture, layout);
	}
	canvas_panel(canvas, layout->box, &layout->axis);
	plot_panel(canvas, picture, block);
	canvas_panel_end(canvas);
}

/* Explains the grey band and the whiskers. */
static void draw_foot(struct canvas *canvas, const struct picture *picture)
{
	double y = canvas->height - FOOT_HEIGHT / 2.0;
	char text[256];

	snprintf(text, sizeof(text), say(picture->language, WORD_OVERHEAD_FOOT),
		 text_cut(baseline_label(picture).text, 40).line[0]);
	if (picture->reproduction)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "; %s",
			 say(picture->language, WORD_HOLLOW));
	canvas_line(canvas, MARGIN, y, MARGIN + 14, y, "#d2d2d2", 8);
	canvas_text(canvas, MARGIN + 20, y, ANCHOR_LEFT, TEXT_SMALL, COLOUR_SOFT, text);
}

/* Height of the row of panels that begins with panel `first`. */
static double shelf_height(const struct picture *picture, const struct layout *layout,
			   const struct panel_box *panels, int first, int count, int columns)
{
	double height = 0;

	for (int i = first; i < count && i < first + columns; i++)
		height = fmax(height, panels[i].count * group_height(picture, layout));
	return TITLE_HEIGHT + height + AXIS_HEIGHT;
}

static void draw_panels(struct canvas *canvas, const struct picture *picture, struct layout *layout,
			const struct panel_box *panels, int count, int columns)
{
	double cell = (canvas->width - 2 * MARGIN - (columns - 1) * PANEL_GAP) / columns;
	double y = MARGIN;

	layout->box.width = cell - layout->names - VALUES_WIDTH;
	axis_ratio(&layout->axis, relative_extent(picture), layout->box.width, 4 * LETTER);
	draw_foot(canvas, picture);
	for (int i = 0; i < count; i++) {
		layout->box.x = MARGIN + i % columns * (cell + PANEL_GAP) + layout->names;
		layout->box.y = y + TITLE_HEIGHT;
		layout->box.height = panels[i].count * group_height(picture, layout);
		draw_panel(canvas, picture, layout, &panels[i], i);
		if (i % columns == columns - 1)
			y += shelf_height(picture, layout, panels, i + 1 - columns, count, columns);
	}
}

static int write_overhead(const struct picture *picture, struct error *err)
{
	double height = MARGIN + FOOT_HEIGHT;
	struct panel_box panels[PANELS_MOST];
	struct layout layout;
	struct canvas canvas;
	int count = panels_of(picture, panels), columns = count > 1 ? 2 : 1, code;

	layout_make(picture, &layout);
	for (int i = 0; i < count; i += columns)
		height += shelf_height(picture, &layout, panels, i, count, columns);
	code = canvas_open(&canvas, picture->sheet, "overhead", CANVAS_WIDTH, height,
			   picture->language, err);
	if (code)
		return code;
	draw_panels(&canvas, picture, &layout, panels, count, columns);
	return canvas_close(&canvas, err);
}

static bool wanted_overhead(const struct picture *picture)
{
	struct panel_box panels[PANELS_MOST];

	return panels_of(picture, panels) > 0;
}

const struct figure figure_overhead = {
	.name = "overhead",
	.title = {"Performance of each environment relative to the baseline",
		  "Desempenho de cada ambiente em relação à referência"},
	.caption = {"Performance of each environment relative to the baseline: 1 is the same, 0.5 "
		    "half as fast. Bars reach from the baseline to the value; whiskers and the "
		    "grey band (the baseline against a second instance of itself) are 95 % "
		    "intervals. All panels share one scale.",
		    "Desempenho de cada ambiente em relação à referência: 1 é igual, 0,5 é metade "
		    "da velocidade. As barras vão da referência ao valor; as hastes e a faixa "
		    "cinza (a referência contra uma segunda instância de si mesma) são intervalos "
		    "de 95 %. Todos os painéis têm a mesma escala."},
	.wanted = wanted_overhead,
	.write = write_overhead,
};
