/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plots/figure.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/command.h"
#include "plots/facets.h"
#include "plots/gnuplot.h"
#include "plots/plots.h"
#include "plots/svg.h"
#include "results/record_plan.h"

/* A new figure is a file of its own and a line here; a study that shows it lists its name. */
/* clang-format off */
#define FIGURES(X) \
	X(figure_overhead) \
	X(figure_events) \
	X(figure_forest) \
	X(figure_waterfall) \
	X(figure_curves) \
	X(figure_latency) \
	X(figure_cost) \
	X(figure_blocks)
/* clang-format on */

#define DECLARE(name) extern const struct figure name;
#define POINTER(name) &name,

FIGURES(DECLARE)
const struct figure *const figures[] = {FIGURES(POINTER) NULL};

#define FONTS_MS 5000
#define FIGURE_COUNT (sizeof(figures) / sizeof(*figures) - 1)

int picture_create(const struct summary *summary, enum language language, struct picture *picture,
		   struct error *err)
{
	json_t *study = json_object_get(summary->record->run, "study");
	const char *name = json_string_value(json_object_get(study, "name"));

	*picture = (struct picture){
		.summary = summary, .record = summary->record, .language = language};
	picture->styles = style_assign(summary->record);
	if (!picture->styles)
		return error_set(err, -ENOMEM, "no memory for the figures");
	for (int i = 0; name && published_studies[i]; i++)
		if (!strcmp(name, published_studies[i]) &&
		    reproduce_create(summary, name, &picture->reproduction, err)) {
			picture_destroy(picture);
			return err ? err->code : -ENOMEM;
		}
	return 0;
}

void picture_destroy(struct picture *picture)
{
	reproduce_destroy(picture->reproduction);
	free((void *)picture->styles);
}

const char *panel_title(const struct picture *picture, const char *panel)
{
	static const enum word titles[] = {WORD_PANEL_CPU, WORD_PANEL_MEMORY, WORD_PANEL_DISK,
					   WORD_PANEL_NETWORK};

	int i = vocabulary_find(panel_names, panel);

	return i < 0 ? panel : say(picture->language, titles[i]);
}

struct arm_label arm_label(const struct picture *picture, int arm)
{
	const char *label = picture->record->arms[arm].label;
	struct arm_label text;

	snprintf(text.text, sizeof(text.text), "%.159s", phrase_in(picture->language, label).text);
	return text;
}

struct arm_label baseline_label(const struct picture *picture)
{
	int first = arm_that_is(picture->record, condition_is_baseline);
	struct arm_label label = arm_label(picture, first < 0 ? 0 : first);

	for (int arm = first + 1; arm < picture->record->arm_count; arm++)
		if (record_arm_is(picture->record, arm, condition_is_baseline))
			snprintf(label.text, sizeof(label.text), "%s",
				 say(picture->language, WORD_EACH_ALONE));
	return label;
}

const char *unit_text(const char *unit)
{
	return strcmp(unit, "us") ? unit : "\u00b5s";
}

int arm_that_is(const struct record *record, bool (*what)(const struct record_condition *condition))
{
	for (int arm = 0; arm < record->arm_count; arm++)
		if (record_arm_is(record, arm, what))
			return arm;
	return -1;
}

int row_arm(const struct picture *picture, const struct summary_row *row)
{
	return (int)(row->arm - picture->record->arms);
}

bool figure_possible(const struct figure *figure, const struct picture *picture)
{
	if (figure->has)
		return facets_any(picture, figure->has);
	return !figure->wanted || figure->wanted(picture);
}

bool figure_shown(const struct figure *figure, const struct picture *picture)
{
	return record_has_figure(picture->record, figure->name) && figure_possible(figure, picture);
}

int figure_write(const struct figure *figure, const struct picture *picture, struct error *err)
{
	return figure->has ? facets_write(picture, figure, err) : figure->write(picture, err);
}

const struct figure *figure_lead(const struct picture *picture)
{
	const char *lead = record_lead_figure(picture->record);
	const struct figure *first = NULL;

	for (size_t i = 0; figures[i]; i++) {
		if (!figure_shown(figures[i], picture))
			continue;
		if (!strcmp(figures[i]->name, lead) ||
		    (figures[i] == &figure_events && !record_names_figures(picture->record)))
			return figures[i];
		first = first ? first : figures[i];
	}
	return first;
}

/* Writes the scripts and data of all figures that are shown. */
static int write_figures(struct picture *picture, struct sheet *sheets,
			 const struct directory *directory, struct error *err)
{
	char name[64];
	int code;

	for (size_t i = 0; figures[i]; i++) {
		struct sheet *sheet = &sheets[i];

		if (!figure_shown(figures[i], picture))
			continue;
		picture->sheet = sheet;
		code = figure_write(figures[i], picture, err);
		if (code)
			return code;
		snprintf(name, sizeof(name), "%s.gp", figures[i]->name);
		code = directory_replace(directory, name, sheet->script, sheet->script_size, err);
		snprintf(name, sizeof(name), "%s.dat", figures[i]->name);
		code = code
			       ?: directory_replace(directory, name, sheet->data, sheet->data_size,
						    err);
		if (code)
			return code;
	}
	return 0;
}

/* An SVG contains text, but a PNG or PDF its drawn letters, which need a font. */
static bool has_fonts(void)
{
	const char *const arguments[] = {"fc-list", "--quiet", NULL};

	return command_run(arguments, NULL, FONTS_MS, NULL, NULL) != -EIO;
}

/* Writes what was drawn to the directory; removes an older drawing of what was not. */
static int keep_drawing(const struct picture *picture, const struct figure *figure,
			struct drawing *drawing, const struct directory *directory,
			struct error *err)
{
	cleanup_free char *finished = NULL;
	char name[64];
	size_t size;
	int code;

	snprintf(name, sizeof(name), "%s.%s", drawing->name, drawing->format);
	if (drawing->code) {
		directory_remove(directory, name);
		return drawing->code;
	}
	if (strcmp(drawing->format, "svg"))
		return directory_replace(directory, name, drawing->bytes, drawing->size, err);
	code = svg_finish(drawing->bytes, figure->name, figure->title[picture->language],
			  figure->caption[picture->language], &finished, &size, err);
	return code ? code : directory_replace(directory, name, finished, size, err);
}

static int draw_figures(const struct picture *picture, const struct sheet *sheets,
			const struct directory *directory, bool pdf, struct error *err)
{
	static const char *const formats[] = {"svg", "png", "pdf"};
	const struct figure *drawn[FIGURE_COUNT * 3];
	struct drawing drawings[FIGURE_COUNT * 3];
	bool fonts = has_fonts();
	int count = 0, code, kept, used = !fonts ? 1 : pdf ? 3 : 2;

	for (size_t i = 0; figures[i]; i++)
		for (int format = 0; format < used && sheets[i].script; format++) {
			drawn[count] = figures[i];
			drawings[count++] = (struct drawing){.sheet = &sheets[i],
							     .name = figures[i]->name,
							     .format = formats[format]};
		}
	code = gnuplot_draw(drawings, count, err);
	for (int i = 0; i < count; i++) {
		kept = keep_drawing(picture, drawn[i], &drawings[i], directory, code ? NULL : err);
		code = code ? code : kept;
		free(drawings[i].bytes);
	}
	if (!code && !fonts)
		code = error_set(err, -ENOENT,
				 "no font is installed, so figures are drawn only as SVG: apt-get "
				 "install fonts-dejavu-core");
	return code;
}

int figures_draw(const struct summary *summary, const struct directory *directory, bool pdf,
		 const char *language, struct error *err)
{
	cleanup_directory struct directory below = DIRECTORY_CLOSED;
	struct sheet sheets[FIGURE_COUNT] = {0};
	enum language chosen;
	struct picture picture;
	int code;

	if (language_parse(language, &chosen, err))
		return -EINVAL;
	code = directory_below(directory, "figures", &below, err);
	if (code)
		return error_prefix(err, "no figure is drawn");
	code = picture_create(summary, chosen, &picture, err);
	if (code)
		return code;
	code = write_figures(&picture, sheets, &below, err);
	code = code ?: draw_figures(&picture, sheets, &below, pdf, err);
	for (size_t i = 0; i < FIGURE_COUNT; i++)
		sheet_finish(&sheets[i]);
	picture_destroy(&picture);
	return code;
}
