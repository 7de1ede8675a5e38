/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The waterfall of a ladder: a panel for each workload with a row for each rung, from the baseline
 * down. A bar reaches from the cost of the rung below to this one's; whiskers are the interval of
 * that step alone, paired in the same blocks. Costs are relative to the baseline, on a log scale,
 * so that equal steps have equal lengths. */
#include <math.h>

#include "plots/figure.h"
#include "plots/report.h"
#include "plots/shown_text.h"
#include "results/ladder.h"

#define MARGIN 10
#define HEAD 44
#define AXIS 40
#define NAME_LETTERS 32
#define VALUES 210

struct waterfall {
	const struct picture *picture;
	struct ladder *ladder;
	struct canvas canvas;
	double row, names;
};

/* The cost of an operation in an arm, relative to the baseline. */
static double cost_of(const struct picture *picture, int workload, int arm)
{
	const struct summary_row *row = summary_headline(picture->summary, workload, arm);

	return row ? 1 / row->relative.value : NAN;
}

static int rungs(const struct record *record)
{
	int count = 0;

	for (int arm = 0; arm < record->arm_count; arm++)
		count += record_arm_is(record, arm, condition_is_subject);
	return count;
}

static void choose_axis(const struct waterfall *w, int workload, struct axis *axis, double pixels)
{
	struct extent extent = EXTENT_EMPTY;

	extent_add(&extent, 0.95);
	extent_add(&extent, 1.05);
	for (int i = 0; i < w->ladder->count; i++) {
		const struct ladder_step *step = &w->ladder->steps[i];
		double below = cost_of(w->picture, workload, step->below);

		if (step->workload != workload)
			continue;
		extent_add(&extent, cost_of(w->picture, workload, step->arm));
		extent_add(&extent, fmax(below * step->cost.low, below * step->cost.value / 3));
		extent_add(&extent, fmin(below * step->cost.high, below * step->cost.value * 3));
	}
	axis_log(axis, extent, pixels, 7 * LETTER);
}

/* A notice above the whole figure that the CPU is emulated. */
static struct arm_label rung_name(const struct waterfall *w, const struct ladder_step *step)
{
	const struct record_arm *its = &w->picture->record->arms[step->arm];
	struct arm_label name;

	snprintf(name.text, sizeof(name.text), "%.80s%s", its->rung ? its->rung : its->label,
		 step->skipped ? say(w->picture->language, WORD_STEP_MERGED) : "");
	return name;
}

static const char *finding(const struct waterfall *w, const struct ladder_step *step)
{
	return step->finding == STEP_EMULATED ? ""
					      : say(w->canvas.language, ladder_word(step->finding));
}

static void draw_step(struct waterfall *w, const struct box *box, const struct axis *axis,
		      const struct ladder_step *step, double y)
{
	struct canvas *canvas = &w->canvas;
	struct text_lines name = text_wrap(rung_name(w, step).text, NAME_LETTERS);
	double below = cost_of(w->picture, step->workload, step->below);
	double cost = cost_of(w->picture, step->workload, step->arm);
	double right = box->x + box->width + VALUES;

	canvas_lines(canvas, box->x - 8, box->y + y, ANCHOR_RIGHT, COLOUR_INK, &name);
	if (!isfinite(cost) || !isfinite(below) || !isfinite(step->cost.value)) {
		canvas_text(canvas, right, box->y + y, ANCHOR_RIGHT, TEXT_SMALL, COLOUR_SOFT,
			    say(canvas->language, WORD_NO_VALUE));
		return;
	}
	canvas_text(canvas, right - 150, box->y + y, ANCHOR_RIGHT, TEXT_SMALL, COLOUR_INK,
		    number_percent(canvas->language, step->overhead.value).text);
	canvas_text(canvas, right - 70, box->y + y, ANCHOR_RIGHT, TEXT_SMALL, COLOUR_SOFT,
		    finding(w, step));
	canvas_text(canvas, right, box->y + y, ANCHOR_RIGHT, TEXT_SMALL, COLOUR_SOFT,
		    number_percent(canvas->language, (cost - 1) * 100).text);
	fprintf(canvas->dat, "%d %g %.9g %.9g %.9g %.9g ", step->arm, y, below, cost,
		fmax(below * step->cost.low, axis->low), fmin(below * step->cost.high, axis->high));
	put_gnuplot(canvas->dat, w->picture->record->arms[step->arm].environment);
	fputc('\n', canvas->dat);
}

static void draw_words(struct waterfall *w, const struct box *box, int workload)
{
	struct canvas *canvas = &w->canvas;
	double right = box->x + box->width + VALUES, y = box->y - 12;
	char text[256];

	canvas_bold(canvas, MARGIN, box->y - 30, ANCHOR_LEFT, TEXT_SIZE + 1, COLOUR_INK,
		    text_cut(w->picture->record->workloads[workload].name, 60).line[0]);
	canvas_text(canvas, right - 150, y, ANCHOR_RIGHT, TEXT_SMALL, COLOUR_SOFT,
		    say(canvas->language, WORD_STEP));
	canvas_text(canvas, right, y, ANCHOR_RIGHT, TEXT_SMALL, COLOUR_SOFT,
		    say(canvas->language, WORD_IN_ALL));
	snprintf(text, sizeof(text), say(canvas->language, WORD_FOREST_AXIS),
		 text_cut(arm_label(w->picture, 0).text, 30).line[0]);
	canvas_text(canvas, right, box->y + box->height + 29, ANCHOR_RIGHT, TEXT_SMALL, COLOUR_SOFT,
		    text);
}

/* The baseline against a second instance of itself: differences within this band mean nothing. */
static void draw_null(struct waterfall *w, int workload, const struct axis *axis, double height)
{
	int arm = arm_that_is(w->picture->record, condition_is_null);
	const struct summary_row *row =
		arm < 0 ? NULL : summary_headline(w->picture->summary, workload, arm);

	if (row && row->relative.low > 0 && isfinite(row->relative.high))
		canvas_band(&w->canvas, fmax(1 / row->relative.high, axis->low),
			    fmin(1 / row->relative.low, axis->high), 0, height, COLOUR_BAND, 0.3);
}

static void draw_panel(struct waterfall *w, int workload, double top)
{
	struct canvas *canvas = &w->canvas;
	struct box box = {.x = MARGIN + w->names,
			  .y = top + HEAD,
			  .width = CANVAS_WIDTH - 2 * MARGIN - w->names - VALUES,
			  .height = rungs(w->picture->record) * w->row};
	int block = canvas_block(canvas, "arm y below cost low high environment"), line = 0;
	struct axis axis;

	choose_axis(w, workload, &axis, box.width);
	draw_words(w, &box, workload);
	for (int i = 0; i < w->ladder->count; i++)
		if (w->ladder->steps[i].workload == workload)
			draw_step(w, &box, &axis, &w->ladder->steps[i], (line++ + 0.5) * w->row);
	canvas_panel(canvas, box, &axis);
	canvas_tics(canvas, &axis, number_overhead);
	draw_null(w, workload, &axis, box.height);
	canvas_grid(canvas, &axis, 0, box.height, 1);
	canvas_series(canvas, block, -1, "(sqrt($3*$4))", "2:3:4:($2-6):($2+6)",
		      "boxxyerror fillstyle transparent solid 0.3 noborder", 0, "#0072b2");
	canvas_series(canvas, block, -1, "4", "2:5:6", "xerrorbars pointsize 0.7 linewidth 1.5", 7,
		      "#0072b2");
	canvas_panel_end(canvas);
}

static bool all_comparable(const struct picture *picture)
{
	json_t *environments = json_object_get(picture->record->run, "environments"), *environment;
	const char *name;

	json_object_foreach (environments, name, environment)
		if (json_is_false(json_object_get(environment, "comparable")))
			return false;
	return true;
}

static void measure_names(struct waterfall *w)
{
	size_t widest = 8;
	int lines = 1;

	for (int step = 0; step < w->ladder->count; step++) {
		struct text_lines name =
			text_wrap(rung_name(w, &w->ladder->steps[step]).text, NAME_LETTERS);

		lines = name.count > lines ? name.count : lines;
		for (int i = 0; i < name.count; i++)
			widest = fmax(widest, text_width(name.line[i]));
	}
	w->row = lines > 1 ? 30 : 21;
	w->names = (double)widest * LETTER + 8;
}

static int draw_panels(struct waterfall *w, struct error *err)
{
	const struct picture *picture = w->picture;
	bool comparable = all_comparable(picture);
	double note = comparable ? 0 : 24, panel = HEAD + rungs(picture->record) * w->row + AXIS;
	int code = canvas_open(&w->canvas, picture->sheet, "waterfall", CANVAS_WIDTH,
			       note + picture->record->workload_count * panel + MARGIN,
			       picture->language, err);

	if (code)
		return code;
	if (!comparable)
		canvas_bold(&w->canvas, MARGIN, 16, ANCHOR_LEFT, TEXT_SIZE, COLOUR_INK,
			    say(picture->language, WORD_WATERFALL_EMULATED));
	for (int i = 0; i < picture->record->workload_count; i++)
		draw_panel(w, i, note + i * panel);
	return canvas_close(&w->canvas, err);
}

static int write_waterfall(const struct picture *picture, struct error *err)
{
	struct waterfall w = {.picture = picture};
	int code = ladder_create(picture->summary, &w.ladder, err);

	if (code)
		return code;
	measure_names(&w);
	code = draw_panels(&w, err);
	ladder_destroy(w.ladder);
	return code;
}

static bool wanted_waterfall(const struct picture *picture)
{
	return ladder_wanted(picture->record) && picture->record->workload_count > 0 &&
	       rungs(picture->record) > 0;
}

const struct figure figure_waterfall = {
	.name = "waterfall",
	.title = {"Where the overhead comes from, rung by rung",
		  "De onde vem a sobrecarga, degrau por degrau"},
	.caption = {"Waterfall: each rung adds one technique to the one above it. A bar reaches "
		    "from the cost of the rung above to this one's; whiskers are the 95 % interval "
		    "of that step, measured in the same blocks. The grey band is the baseline "
		    "against a second instance of itself.",
		    "Cascata: cada degrau acrescenta uma técnica ao anterior. A barra vai do custo "
		    "do degrau anterior ao deste; as hastes são o intervalo de 95 % desse passo, "
		    "medido nos mesmos blocos. A faixa cinza é a referência contra uma segunda "
		    "instância de si mesma."},
	.wanted = wanted_waterfall,
	.write = write_waterfall,
};
