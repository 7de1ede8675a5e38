/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plots/figure.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/command.h"
#include "plots/gnuplot.h"
#include "plots/plots.h"
#include "plots/svg.h"

const struct figure *const figures[] = {&figure_overhead,  &figure_events, &figure_forest,
					&figure_waterfall, &figure_curves, &figure_latency,
					&figure_cost,      &figure_blocks, NULL};

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
	const struct record_arm *arms = picture->record->arms;
	struct arm_label label;

	if (arms[arm].role == ARM_NULL)
		snprintf(label.text, sizeof(label.text), say(picture->language, WORD_AGAIN),
			 phrase_in(picture->language, arms[0].label).text);
	else
		snprintf(label.text, sizeof(label.text), "%.159s",
			 phrase_in(picture->language, arms[arm].label).text);
	return label;
}

const char *unit_text(const char *unit)
{
	return strcmp(unit, "us") ? unit : "\u00b5s";
}

int arm_with_role(const struct record *record, enum arm_role role)
{
	for (int arm = 0; arm < record->arm_count; arm++)
		if (record->arms[arm].role == role)
			return arm;
	return -1;
}

int row_arm(const struct picture *picture, const struct summary_row *row)
{
	return (int)(row->arm - picture->record->arms);
}

/* The scripts and data of all figures that the run's data allows. */
static int write_figures(const struct picture *picture, const struct figure **written, int *count,
			 struct error *err)
{
	int code;

	for (size_t i = 0; figures[i]; i++) {
		if (figures[i]->wanted && !figures[i]->wanted(picture))
			continue;
		code = figures[i]->write(picture, err);
		if (code)
			return code;
		written[(*count)++] = figures[i];
	}
	return 0;
}

/* An SVG holds words, a PNG or PDF their letters: without a font these would be without words. */
static bool has_fonts(void)
{
	const char *const arguments[] = {"fc-list", "--quiet", NULL};

	return command_run(arguments, NULL, FONTS_MS, NULL, NULL) != -EIO;
}

static int draw_figures(const struct picture *picture, const struct figure *const *written,
			int count, bool pdf, struct error *err)
{
	static const char *const formats[] = {"svg", "png", "pdf"};
	struct drawing drawings[FIGURE_COUNT * 3];
	char path[PATH_MAX];
	bool fonts = has_fonts();
	int drawn = 0, code, finished = 0, used = !fonts ? 1 : pdf ? 3 : 2;

	for (int i = 0; i < count; i++)
		for (int format = 0; format < used; format++)
			drawings[drawn++] = (struct drawing){.name = written[i]->name,
							     .format = formats[format]};
	code = gnuplot_draw(picture->directory, drawings, drawn, err);
	for (int i = 0; i < drawn; i++) {
		const struct figure *figure = written[i / used];

		if (drawings[i].code || strcmp(drawings[i].format, "svg"))
			continue;
		snprintf(path, sizeof(path), "%s/%s.svg", picture->directory, figure->name);
		finished = svg_finish(path, figure->name, say(picture->language, figure->title),
				      say(picture->language, figure->caption), code ? NULL : err);
		code = code ? code : finished;
	}
	if (!code && !fonts)
		code = error_set(err, -ENOENT,
				 "no font is installed: figures are drawn as SVG alone: apt-get "
				 "install fonts-dejavu-core");
	return code;
}

/* Of its own: a link to another place is not followed, for root may draw what a user has sent. */
static int make_directory(const char *path, struct error *err)
{
	struct stat st;

	if (mkdir(path, 0700) && errno != EEXIST)
		return error_errno(err, -errno, "%s: no figure is drawn", path);
	if (lstat(path, &st) || !S_ISDIR(st.st_mode))
		return error_set(err, -ENOTDIR, "%s is no directory: no figure is drawn", path);
	return 0;
}

int figures_draw(const struct summary *summary, const char *directory, bool pdf,
		 const char *language, struct error *err)
{
	const struct figure *written[FIGURE_COUNT];
	char figures_directory[PATH_MAX - 64];
	enum language chosen;
	struct picture picture;
	int count = 0, code;

	if (language_parse(language, &chosen))
		return error_set(err, -EINVAL, "%s: no such language: en or pt-BR", language);
	snprintf(figures_directory, sizeof(figures_directory), "%s/figures", directory);
	code = make_directory(figures_directory, err);
	if (code)
		return code;
	code = picture_create(summary, chosen, &picture, err);
	if (code)
		return code;
	picture.directory = figures_directory;
	code = write_figures(&picture, written, &count, err);
	if (!code)
		code = draw_figures(&picture, written, count, pdf, err);
	picture_destroy(&picture);
	return code;
}
