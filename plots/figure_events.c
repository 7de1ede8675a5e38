/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The anatomy of an exit: the cost of single events in a KVM guest (cpu.exit), on one logarithmic
 * axis with a system call and a context switch of the host for scale. The times are absolute, and
 * the baseline's. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "plots/figure.h"

#define EXIT_WORKLOAD "cpu.exit" /* the figure is drawn if the run has some of these */
#define MARGIN 10
#define ROW 23
#define HEAD 30
#define FOOT 58
#define LEGEND_WIDTH 260
#define NAME_LETTERS 30
#define VALUE_WIDTH 80
#define POINT_MEAN 7 /* gnuplot's */
#define POINT_P50 2
#define POINT_P99 9

/* Seconds; NaN: not measured. */
struct event {
	const char *name;
	struct interval mean;
	double p50, p99;
};

static double unit_seconds(const char *unit)
{
	return !strcmp(unit, "ns") ? 1e-9 : !strcmp(unit, "us") ? 1e-6 : NAN;
}

static bool is_exit(const struct record_workload *workload)
{
	return !strncmp(workload->name, EXIT_WORKLOAD, strlen(EXIT_WORKLOAD));
}

static void take(struct event *event, const struct summary_row *row)
{
	double seconds = unit_seconds(row->metric->unit);

	if (row->headline)
		event->mean =
			(struct interval){row->value.value * seconds, row->value.low * seconds,
					  row->value.high * seconds};
	else if (!strcmp(row->metric->name, "p50"))
		event->p50 = row->value.value * seconds;
	else if (!strcmp(row->metric->name, "p99"))
		event->p99 = row->value.value * seconds;
}

static int by_cost(const void *a, const void *b)
{
	const struct event *left = a, *right = b;

	return left->mean.value < right->mean.value ? -1 : left->mean.value > right->mean.value;
}

/* The baseline's events, the cheapest first. The caller frees; NULL: no memory. */
static struct event *events_of(const struct picture *picture, int *count)
{
	const struct record *record = picture->record;
	struct event *events = calloc((size_t)record->workload_count + 1, sizeof(*events));

	*count = 0;
	for (int w = 0; events && w < record->workload_count; w++) {
		struct event *event = &events[*count];

		*event = (struct event){record->workloads[w].name, {NAN, NAN, NAN}, NAN, NAN};
		for (int i = 0; i < picture->summary->row_count; i++) {
			const struct summary_row *row = &picture->summary->rows[i];

			if (row->workload == &record->workloads[w] &&
			    condition_is_baseline(row->condition))
				take(event, row);
		}
		*count += event->mean.value > 0;
	}
	if (events)
		qsort(events, (size_t)*count, sizeof(*events), by_cost);
	return events;
}

static void choose_axis(struct axis *axis, const struct event *events, int count, double width)
{
	struct extent extent = EXTENT_EMPTY;

	for (int i = 0; i < count; i++) {
		extent_add(&extent, events[i].mean.value);
		if (events[i].p50 > 0)
			extent_add(&extent, events[i].p50);
		if (events[i].p99 > 0)
			extent_add(&extent, events[i].p99);
	}
	axis_log(axis, extent, width, 7 * LETTER);
}

static void draw_row(struct canvas *canvas, const struct box *box, const struct axis *axis,
		     const struct event *event, double y)
{
	canvas_text(canvas, box->x - 8, box->y + y, ANCHOR_RIGHT, TEXT_SMALL, COLOUR_INK,
		    text_cut(event->name, NAME_LETTERS).line[0]);
	canvas_text(canvas, box->x + box->width + VALUE_WIDTH, box->y + y, ANCHOR_RIGHT, TEXT_SMALL,
		    COLOUR_INK, number_seconds(canvas->language, event->mean.value).text);
	fprintf(canvas->dat, "%g %.9g %.9g %.9g %.9g %.9g ", y, event->mean.value,
		fmax(event->mean.low, axis->low), fmin(event->mean.high, axis->high), event->p50,
		event->p99);
	put_gnuplot(canvas->dat, event->name);
	fputc('\n', canvas->dat);
}

static void draw_events(struct canvas *canvas, const struct style *style,
			const struct event *events, int count)
{
	const struct legend_entry legend[] = {
		{style->colour, POINT_MEAN, say(canvas->language, WORD_EVENTS_MEAN)},
		{COLOUR_INK, POINT_P50, "p50"},
		{COLOUR_INK, POINT_P99, "p99"},
	};
	struct box box = {
		.x = MARGIN + NAME_LETTERS * LETTER + 8, .y = HEAD, .height = count * ROW};
	struct axis axis;

	box.width = canvas->width - MARGIN - VALUE_WIDTH - box.x;
	choose_axis(&axis, events, count, box.width);
	canvas_block(canvas, "y mean low high p50 p99 workload; seconds");
	for (int i = 0; i < count; i++)
		draw_row(canvas, &box, &axis, &events[i], (i + 0.5) * ROW);
	canvas_text(canvas, canvas->width - MARGIN, HEAD / 2.0, ANCHOR_RIGHT, TEXT_SMALL,
		    COLOUR_SOFT, say(canvas->language, WORD_EVENTS_MEAN));
	canvas_legend(canvas, MARGIN, canvas->height - 24, LEGEND_WIDTH, legend, 3);
	canvas_panel(canvas, box, &axis);
	canvas_tics(canvas, &axis, number_seconds);
	canvas_grid(canvas, &axis, 0, box.height, 0);
	canvas_series(canvas, 0, -1, "2", "1:3:4", "xerrorbars pointsize 0.9 linewidth 1.6",
		      POINT_MEAN, style->colour);
	canvas_series(canvas, 0, -1, "5", "1", "points pointsize 0.9", POINT_P50, COLOUR_INK);
	canvas_series(canvas, 0, -1, "6", "1", "points pointsize 0.9", POINT_P99, COLOUR_INK);
	canvas_panel_end(canvas);
}

static int write_events(const struct picture *picture, struct error *err)
{
	struct canvas canvas;
	int count, code;
	cleanup_free struct event *events = events_of(picture, &count);

	if (!events)
		return error_set(err, -ENOMEM, "no memory for the figure of events");
	code = canvas_open(&canvas, picture->sheet, "events", CANVAS_WIDTH,
			   HEAD + count * ROW + FOOT, picture->language, err);
	if (code)
		return code;
	draw_events(&canvas, &picture->styles[arm_that_is(picture->record, condition_is_baseline)],
		    events, count);
	return canvas_close(&canvas, err);
}

static bool wanted_events(const struct picture *picture)
{
	for (int w = 0; w < picture->record->workload_count; w++) {
		const struct summary_row *row = summary_headline(picture->summary, w, 0);

		if (is_exit(&picture->record->workloads[w]) && row && row->value.value > 0)
			return true;
	}
	return false;
}

const struct figure figure_events = {
	.name = "events",
	.title = {"What single events in a guest cost", "Quanto custam os eventos de um hóspede"},
	.caption = {"The mean time of each event with its 95 % interval, its median and its 99th "
		    "percentile, on a logarithmic axis, the cheapest first; a system call and a "
		    "context switch of the host for scale.",
		    "O tempo médio de cada evento com seu intervalo de 95 %, sua mediana e seu 99º "
		    "percentil, em eixo logarítmico, o mais barato primeiro; uma chamada de "
		    "sistema e uma troca de contexto do hospedeiro como escala."},
	.wanted = wanted_events,
	.write = write_events,
};
