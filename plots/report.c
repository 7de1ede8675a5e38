/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report.html: the question, the answer, Figure 1, the verdicts, and why to believe them. */
#include "plots/report.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "plots/plots.h"
#include "plots/svg.h"

void report_figure(struct report *report, const struct figure *figure)
{
	enum language language = report->picture->language;
	struct error err = {0};
	char name[64];
	int code;

	if (!figure_shown(figure, report->picture))
		return;
	snprintf(name, sizeof(name), "%s.svg", figure->name);
	fprintf(report->out,
		"<figure id=\"figure-%s\">\n<div class=\"wide\" tabindex=\"0\" "
		"role=\"region\" aria-label=\"",
		figure->name);
	put_html(report->out, figure->title[language]);
	fputs("\">\n", report->out);
	code = svg_inline(report->figures, name, report->out, &err);
	if (code)
		page_element(report, "p class=\"note\"", say(language, WORD_FIGURE_MISSING),
			     code == -ENOENT ? say(language, WORD_NOT_DRAWN) : err.message);
	fputs("</div>\n<figcaption><strong>", report->out);
	put_html_format(report->out, say(language, WORD_FIGURE), ++report->figure_number);
	fputs("</strong>", report->out);
	put_html(report->out, figure->caption[language]);
	fputs("</figcaption>\n</figure>\n", report->out);
}

static void put_top(struct report *report)
{
	json_t *run = report->picture->record->run, *host = json_object_get(run, "host");
	const char *status = json_text(run, "status"), *cpu = json_text(host, "cpu_model");

	page_begin(report, json_text(json_object_get(run, "study"), "title"));
	page_element(report, "p class=\"soft\"", "%s%s%s", json_text(run, "id"),
		     *cpu ? " \u00b7 " : "", cpu);
	fputs("</header>\n<main>\n", report->out);
	if (strcmp(status, "complete") != 0)
		page_element(report, "p class=\"note\"",
			     say(report->picture->language, WORD_STATUS_PARTIAL), status);
}

static void put_other_figures(struct report *report)
{
	const struct figure *lead = figure_lead(report->picture);

	page_section(report, "figures", WORD_OTHER_FIGURES);
	for (size_t i = 0; figures[i]; i++)
		if (figures[i] != lead)
			report_figure(report, figures[i]);
	report_all_metrics(report);
	fputs("</section>\n", report->out);
}

static void put_report(struct report *report)
{
	const struct figure *lead = figure_lead(report->picture);
	json_t *run = report->picture->record->run;

	put_top(report);
	report_answer(report);
	if (lead)
		report_figure(report, lead);
	if (!ladder_wanted(report->picture->record))
		report_panels(report);
	report_ladder(report);
	report_verdicts(report);
	report_predictions(report);
	report_closure(report);
	report_published(report);
	report_trust(report);
	put_other_figures(report);
	report_setup(report);
	report_again(report);
	fputs("</main>\n", report->out);
	page_element(report, "footer", say(report->picture->language, WORD_MADE_BY),
		     json_text(json_object_get(run, "tare"), "version"),
		     json_text(json_object_get(run, "agent"), "hash"));
	page_end(report);
}

int report_write(const struct summary *summary, const struct directory *directory,
		 const char *language, struct error *err)
{
	cleanup_directory struct directory below = DIRECTORY_CLOSED;
	struct report report = {.figures = &below};
	cleanup_free char *page = NULL;
	struct picture picture;
	enum language chosen;
	size_t size = 0;
	int code;

	if (language_parse(language, &chosen, err))
		return -EINVAL;
	code = directory_below(directory, "figures", &below, err);
	code = code ?: picture_create(summary, chosen, &picture, err);
	if (code)
		return code;
	report.picture = &picture;
	report.out = open_memstream(&page, &size);
	if (report.out) {
		put_report(&report);
		code = fclose(report.out) ? -ENOMEM : 0;
	} else {
		code = -ENOMEM;
	}
	picture_destroy(&picture);
	if (code)
		return error_errno(err, code, "cannot write the report %s", directory->path);
	return directory_replace(directory, "report.html", page, size, err);
}
