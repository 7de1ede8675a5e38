/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plots/canvas.h"

#include <errno.h>
#include <math.h>

#include "plots/shown_text.h"

#define FONT "DejaVu Sans"
#define PANEL_POINTS 0.6 /* of a paper for each px: 840 px are 7 in */

static void write_head(struct canvas *canvas)
{
	double width = canvas->width, height = canvas->height;

	fprintf(canvas->gp,
		"# Draws %s.svg; gnuplot -e \"format='png'\" %s.gp (or 'pdf') draws the others.\n"
		"# Positions are pixels of a %g x %g canvas; inside a panel y is pixels from its "
		"top.\n"
		"if (!exists('format')) format = 'svg'\n"
		"set encoding utf8\n"
		"if (format eq 'svg') set terminal svg size %g,%g noenhanced font '" FONT ",%d' "
		"name '%s' background '" COLOUR_PAPER "'\n"
		"if (format eq 'png') set terminal pngcairo size %g,%g noenhanced font '" FONT
		",%d' fontscale 1.5 linewidth 2 pointscale 2 background '" COLOUR_PAPER "'\n"
		"if (format eq 'pdf') set terminal pdfcairo size %gin,%gin noenhanced font '" FONT
		",%d' fontscale %g pointscale %g linewidth %g background '" COLOUR_PAPER "'\n"
		"if (!exists('data')) data = '%s.dat'; set output '%s.'.format\n"
		"set multiplot\n"
		"unset key\n",
		canvas->name, canvas->name, width, height, width, height, TEXT_SIZE, canvas->name,
		width * 2, height * 2, TEXT_SIZE, width * PANEL_POINTS / 72,
		height * PANEL_POINTS / 72, TEXT_SIZE, PANEL_POINTS, PANEL_POINTS, PANEL_POINTS,
		canvas->name, canvas->name);
}

int canvas_open(struct canvas *canvas, struct sheet *sheet, const char *name, double width,
		double height, enum language language, struct error *err)
{
	*canvas = (struct canvas){
		.name = name, .width = width, .height = height, .language = language};
	sheet_finish(sheet);
	canvas->gp = open_memstream(&sheet->script, &sheet->script_size);
	canvas->dat = open_memstream(&sheet->data, &sheet->data_size);
	if (!canvas->gp || !canvas->dat) {
		canvas_close(canvas, NULL);
		return error_errno(err, -ENOMEM, "the figure %s", name);
	}
	write_head(canvas);
	return 0;
}

static int close_file(FILE *file)
{
	int bad;

	if (!file)
		return 0;
	bad = ferror(file);
	return fclose(file) || bad ? -EIO : 0;
}

int canvas_close(struct canvas *canvas, struct error *err)
{
	int script, data;

	if (canvas->gp)
		fputs("unset multiplot\n", canvas->gp);
	script = close_file(canvas->gp);
	data = close_file(canvas->dat);
	canvas->gp = canvas->dat = NULL;
	if (script || data)
		return error_set(err, -EIO, "cannot write the script or data of figure %s",
				 canvas->name);
	return 0;
}

static void put_text(struct canvas *canvas, double x, double y, const char *placement, int size,
		     const char *weight, const char *colour, const char *text)
{
	fprintf(canvas->gp, "set label %d ", ++canvas->objects);
	put_gnuplot(canvas->gp, text);
	fprintf(canvas->gp, " at screen %.5f,%.5f %s font '" FONT "%s,%d' textcolor rgb '%s'\n",
		x / canvas->width, 1 - y / canvas->height, placement, weight, size, colour);
}

static const char *const anchors[] = {
	[ANCHOR_LEFT] = "left", [ANCHOR_CENTRE] = "center", [ANCHOR_RIGHT] = "right"};

void canvas_text(struct canvas *canvas, double x, double y, enum anchor anchor, int size,
		 const char *colour, const char *text)
{
	put_text(canvas, x, y, anchors[anchor], size, "", colour, text);
}

void canvas_bold(struct canvas *canvas, double x, double y, enum anchor anchor, int size,
		 const char *colour, const char *text)
{
	put_text(canvas, x, y, anchors[anchor], size, ":Bold", colour, text);
}

void canvas_lines(struct canvas *canvas, double x, double y, enum anchor anchor, const char *colour,
		  const struct text_lines *lines)
{
	double step = TEXT_SMALL + 2;

	y -= step * (lines->count - 1) / 2;
	for (int i = 0; i < lines->count; i++, y += step)
		canvas_text(canvas, x, y, anchor, TEXT_SMALL, colour, lines->line[i]);
}

void canvas_mark(struct canvas *canvas, double x, double y, int point, const char *colour)
{
	fprintf(canvas->gp,
		"set label %d '' at screen %.5f,%.5f point pointtype %d pointsize 1 linecolor rgb "
		"'%s'\n",
		++canvas->objects, x / canvas->width, 1 - y / canvas->height, point, colour);
}

void canvas_line(struct canvas *canvas, double x0, double y0, double x1, double y1,
		 const char *colour, double thickness)
{
	fprintf(canvas->gp,
		"set arrow %d from screen %.5f,%.5f to screen %.5f,%.5f nohead linewidth %g "
		"linecolor rgb '%s'\n",
		++canvas->objects, x0 / canvas->width, 1 - y0 / canvas->height, x1 / canvas->width,
		1 - y1 / canvas->height, thickness, colour);
}

void canvas_band(struct canvas *canvas, double low, double high, double top, double bottom,
		 const char *colour, double opacity)
{
	fprintf(canvas->gp,
		"set object %d rectangle from first %.9g,%.9g to first %.9g,%.9g behind "
		"fillcolor rgb '%s' fillstyle transparent solid %g noborder\n",
		++canvas->objects, low, top, high, bottom, colour, opacity);
}

void canvas_rule(struct canvas *canvas, double x, double top, double bottom, const char *colour,
		 double thickness)
{
	fprintf(canvas->gp,
		"set arrow %d from first %.9g,%.9g to first %.9g,%.9g nohead back linewidth %g "
		"linecolor rgb '%s'\n",
		++canvas->objects, x, top, x, bottom, thickness, colour);
}

static void put_tics(struct canvas *canvas, const char *name, const struct axis *axis)
{
	fprintf(canvas->gp,
		"set %stics scale 0 nomirror font '" FONT ",%d' textcolor rgb '" COLOUR_SOFT
		"' offset 0,%g (",
		name, TEXT_SMALL, *name == 'x' ? 0.4 : 0);
	for (int i = 0; i < axis->tic_count; i++) {
		fputs(i ? ", " : "", canvas->gp);
		put_gnuplot(canvas->gp, number_plain(canvas->language, axis->tics[i]).text);
		fprintf(canvas->gp, " %.9g", axis->tics[i]);
	}
	fprintf(canvas->gp, ")\nset %srange [%.9g:%.9g] noextend\n%sset logscale %s\n", name,
		axis->low, axis->high, axis->log ? "" : "un", name);
}

static void put_margins(struct canvas *canvas, struct box box)
{
	fprintf(canvas->gp,
		"set lmargin at screen %.5f\nset rmargin at screen %.5f\n"
		"set tmargin at screen %.5f\nset bmargin at screen %.5f\n"
		"set border 0\nunset grid\n",
		box.x / canvas->width, (box.x + box.width) / canvas->width,
		1 - box.y / canvas->height, 1 - (box.y + box.height) / canvas->height);
}

void canvas_panel(struct canvas *canvas, struct box box, const struct axis *x)
{
	put_margins(canvas, box);
	put_tics(canvas, "x", x);
	fprintf(canvas->gp, "unset ytics\nunset logscale y\nset yrange [%.9g:0] noextend\n",
		box.height);
}

void canvas_panel_xy(struct canvas *canvas, struct box box, const struct axis *x,
		     const struct axis *y)
{
	put_margins(canvas, box);
	put_tics(canvas, "x", x);
	put_tics(canvas, "y", y);
	fputs("set grid xtics ytics back linetype 1 linewidth 0.6 linecolor rgb '" COLOUR_GRID "'\n"
	      "set border 3 linewidth 0.8 linecolor rgb '" COLOUR_SOFT "'\n",
	      canvas->gp);
}

/* In a tic's label a % would begin a format. */
static void put_tic(struct canvas *canvas, const char *words, double value)
{
	char doubled[2 * sizeof(struct number)];
	size_t used = 0;

	for (; *words && used + 2 < sizeof(doubled); words++) {
		if (*words == '%')
			doubled[used++] = '%';
		doubled[used++] = *words;
	}
	doubled[used] = '\0';
	put_gnuplot(canvas->gp, doubled);
	fprintf(canvas->gp, " %.9g", value);
}

void canvas_tics(struct canvas *canvas, const struct axis *x,
		 struct number (*label)(enum language language, double value))
{
	fputs("set xtics (", canvas->gp);
	for (int i = 0; i < x->tic_count; i++) {
		fputs(i ? ", " : "", canvas->gp);
		put_tic(canvas, label(canvas->language, x->tics[i]).text, x->tics[i]);
	}
	fputs(")\n", canvas->gp);
}

void canvas_series(struct canvas *canvas, int block, int arm, const char *x, const char *more,
		   const char *style, int point, const char *colour)
{
	/* a plot of nothing but NaN still draws the panel */
	fprintf(canvas->gp, "%s, \\\n  data index %d using ",
		canvas->series++ ? "" : "plot NaN notitle", block);
	if (arm < 0)
		fputs(x, canvas->gp);
	else
		fprintf(canvas->gp, "($1==%d?%s:NaN)", arm, x);
	fprintf(canvas->gp, ":%s with %s", more, style);
	if (point)
		fprintf(canvas->gp, " pointtype %d", point);
	fprintf(canvas->gp, " linecolor rgb '%s' notitle", colour);
}

void canvas_grid(struct canvas *canvas, const struct axis *axis, double top, double bottom,
		 double baseline)
{
	for (int i = 0; i < axis->tic_count; i++)
		canvas_rule(canvas, axis->tics[i], top, bottom, COLOUR_GRID, 0.8);
	if (baseline > 0)
		canvas_rule(canvas, baseline, top, bottom, COLOUR_SOFT, 1);
}

void canvas_panel_end(struct canvas *canvas)
{
	fputs(canvas->series ? "\n" : "", canvas->gp);
	canvas->series = 0;
	fputs("unset label\nunset arrow\nunset object\n\n", canvas->gp);
	canvas->objects = 0;
}

int canvas_block(struct canvas *canvas, const char *comment)
{
	if (canvas->blocks)
		fputs("\n\n", canvas->dat);
	/* gnuplot does not count a block without data, which would shift those after it. */
	fprintf(canvas->dat, "# %s\nNaN\n", comment);
	return canvas->blocks++;
}

double canvas_legend(struct canvas *canvas, double x, double y, double width,
		     const struct legend_entry *entries, int count)
{
	const double step = TEXT_SMALL + 7;
	size_t widest = 1;
	int columns;

	for (int i = 0; i < count; i++)
		widest = fmax(widest, text_width(entries[i].text));
	columns = (int)fmax(1, fmin(count, width / ((double)widest * LETTER + 26)));
	for (int i = 0; i < count && canvas->gp; i++) {
		int row = i / columns;
		double left = x + i % columns * (width / columns), middle = y + (row + 0.5) * step;

		if (entries[i].point)
			canvas_mark(canvas, left + 7, middle, entries[i].point, entries[i].colour);
		else
			canvas_line(canvas, left, middle, left + 14, middle, entries[i].colour, 6);
		canvas_text(canvas, left + 20, middle, ANCHOR_LEFT, TEXT_SMALL, COLOUR_INK,
			    entries[i].text);
	}
	return count ? ceil((double)count / columns) * step : 0;
}
