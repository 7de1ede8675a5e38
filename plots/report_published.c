/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compares the run with what its study published. */
#include <math.h>
#include <string.h>

#include "plots/report.h"

static enum word reproduced_word(enum reproduced verdict)
{
	static const enum word words[] = {
		[REPRODUCED] = WORD_REPRODUCED,
		[REPRODUCE_DIFFERS] = WORD_REPRODUCE_DIFFERS,
		[REPRODUCE_CANNOT_TELL] = WORD_REPRODUCE_CANNOT_TELL,
		[REPRODUCE_NOT_MEASURED] = WORD_REPRODUCE_NOT_MEASURED,
	};

	return words[verdict];
}

static const char *verdict_element(enum reproduced verdict)
{
	return verdict == REPRODUCED          ? "span class=\"negligible\""
	       : verdict == REPRODUCE_DIFFERS ? "span class=\"overhead\""
					      : "span class=\"unresolved\"";
}

static const char *relation_sign(enum relation relation)
{
	static const char *const signs[] = {
		[RELATION_EQUAL] = "",
		[RELATION_ABOUT] = "\u2248\u00a0",
		[RELATION_AT_LEAST] = "\u2265\u00a0",
		[RELATION_AT_MOST] = "\u2264\u00a0",
		[RELATION_AMBIGUOUS] = "?\u00a0",
		[RELATION_NONE] = "",
	};

	return signs[relation];
}

static void put_theirs(struct report *report, const struct published_point *point)
{
	fputs("<td class=\"number\">", report->out);
	if (isfinite(point->relative))
		put_html_format(report->out, "%s%s", relation_sign(point->relation),
				number_ratio(report->picture->language, point->relative).text);
	else
		put_html(report->out, "\u2013");
	if (!point->verified)
		page_say(report, "span class=\"interval\"", WORD_UNVERIFIED);
	fputs("</td>\n", report->out);
}

static void put_row(struct report *report, const struct reproduce_row *row)
{
	enum language language = report->picture->language;
	const struct published_point *point = row->point;

	page_row(report, point->figure);
	fputs("<td>", report->out);
	put_html(report->out, point->what);
	page_element(report, "span class=\"detail\"", "%s", point->metric);
	fputs("</td>\n", report->out);
	page_cell(report, NAN, say(language, WORD_AGAINST),
		  row->ours ? row->ours->workload->name : point->workload, point->environment,
		  point->baseline);
	put_theirs(report, point);
	page_interval(report, &row->relative, number_ratio, "");
	fputs("<td>", report->out);
	page_element(report, verdict_element(row->verdict), "%s",
		     say(language, reproduced_word(row->verdict)));
	if (row->reason.kind)
		page_element(report, "span class=\"detail\"", "%s",
			     reason_phrase(report->picture->language, &row->reason).text);
	fputs("</td>\n", report->out);
	page_element(report, "td class=\"long\"", "%s", point->differs);
	fputs("</tr>\n", report->out);
}

void report_published(struct report *report)
{
	const struct reproduction *all = report->picture->reproduction;
	int uncovered = 0;

	if (!all)
		return;
	page_section(report, "published", WORD_BESIDE);
	page_table_begin(report, WORD_BESIDE_CAPTION, "sortable");
	page_table_heads(report, WORD_HEAD_PUBLISHED, WORD_HEAD_WHAT, WORD_HEAD_OURS_IS,
			 HEAD_NUMBER(WORD_HEAD_THEIRS), HEAD_NUMBER(WORD_HEAD_OURS),
			 WORD_HEAD_VERDICT, WORD_HEAD_DIFFERS, -1);
	for (int i = 0; i < all->count; i++) {
		if (*all->rows[i].point->workload)
			put_row(report, &all->rows[i]);
		else
			uncovered++;
	}
	page_table_end(report);
	if (uncovered)
		page_element(report, "p class=\"soft\"",
			     say(report->picture->language, WORD_BESIDE_UNCOVERED), uncovered);
	fputs("</section>\n", report->out);
}
