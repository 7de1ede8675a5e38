/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of the results. */
#include <math.h>
#include <string.h>

#include "plots/report.h"

static const char *const verdict_classes[] = {
	[VERDICT_UNAVAILABLE] = "span class=\"unavailable\"",
	[VERDICT_UNRESOLVED] = "span class=\"unresolved\"",
	[VERDICT_NEGLIGIBLE] = "span class=\"negligible\"",
	[VERDICT_OVERHEAD] = "span class=\"overhead\"",
	[VERDICT_SPEEDUP] = "span class=\"speedup\"",
	[VERDICT_NONE] = "span",
};

static void put_cpu(struct report *report, const struct summary_row *row)
{
	if (isfinite(row->cpu_per_op.value) && row->cpu_per_op.value > 0)
		page_interval(report, &row->cpu_per_op, number_seconds, "");
	else
		page_element(report, "td class=\"number soft\"", "n/a");
}

/* Below the verdict: its bound, or the reason for it. */
static void put_reason(struct report *report, const struct summary_row *row)
{
	struct phrase remedy = remedy_phrase(report->picture->language, &row->remedy);

	if (row->verdict == VERDICT_OVERHEAD)
		page_element(report, "span class=\"detail\"",
			     say(report->picture->language, WORD_ANSWER_AT_LEAST),
			     number_percent(report->picture->language, row->bound).text);
	if (row->reason.kind)
		page_element(report, "span class=\"detail\"", "%s",
			     reason_phrase(report->picture->language, &row->reason).text);
	if (row->remedy.kind)
		page_element(report, "span class=\"detail\"",
			     say(report->picture->language, WORD_WOULD_DECIDE), remedy.text);
}

static void put_verdict_cell(struct report *report, const struct summary_row *row)
{
	const char *word = say(report->picture->language, verdict_word(row->verdict));

	if (condition_is_baseline(row->condition))
		word = say(report->picture->language, WORD_BASELINE);
	else if (condition_is_null(row->condition))
		word = say(report->picture->language, WORD_NULL_ARM);
	fputs("<td>", report->out);
	/* The verdict's name is also the CSS class that colours it. */
	if (*word)
		page_element(report,
			     condition_is_subject(row->condition) ? verdict_classes[row->verdict]
								  : "span class=\"soft\"",
			     "%s", word);
	put_reason(report, row);
	fputs("</td>\n", report->out);
}

/* The workload, and below it which metric the row has. */
static void put_workload(struct report *report, const struct summary_row *row)
{
	enum word better = row->metric->lower_is_better ? WORD_LOWER : WORD_HIGHER;

	fputs("<th scope=\"row\">", report->out);
	put_html(report->out, row->workload->name);
	page_element(report, "span class=\"detail\"", "%s, %s", row->metric->name,
		     say(report->picture->language, better));
	fputs("</th>\n", report->out);
}

static void put_row(struct report *report, const struct summary_row *row)
{
	static const struct interval none = {NAN, NAN, NAN};
	bool baseline = condition_is_baseline(row->condition);
	struct arm_label label = arm_label(report->picture, row_arm(report->picture, row));

	fputs("<tr>\n", report->out);
	put_workload(report, row);
	page_cell(report, NAN, "%s", label.text);
	put_verdict_cell(report, row);
	page_interval(report, baseline ? &none : &row->relative, number_ratio, "");
	page_interval(report, baseline ? &none : &row->overhead, number_percent, "");
	page_interval(report, &row->value, number_value, unit_text(row->metric->unit));
	put_cpu(report, row);
	fputs("</tr>\n", report->out);
}

static void put_table(struct report *report, bool headlines)
{
	const struct summary *summary = report->picture->summary;

	page_table_heads(report, WORD_HEAD_WORKLOAD, WORD_HEAD_ENVIRONMENT, WORD_HEAD_VERDICT,
			 HEAD_NUMBER(WORD_HEAD_RELATIVE), HEAD_NUMBER(WORD_HEAD_OVERHEAD),
			 HEAD_NUMBER(WORD_HEAD_VALUE), HEAD_NUMBER(WORD_HEAD_CPU), -1);
	for (int i = 0; i < summary->row_count; i++)
		if (!headlines || summary->rows[i].headline)
			put_row(report, &summary->rows[i]);
	page_table_end(report);
}

void report_verdicts(struct report *report)
{
	const struct summary *summary = report->picture->summary;
	enum language language = report->picture->language;

	page_section(report, "verdicts", WORD_VERDICTS);
	page_table_begin(report, WORD_VERDICTS_CAPTION, "sortable");
	put_table(report, true);
	if (summary->verdict_count)
		page_element(report, "p class=\"soft\"", say(language, WORD_CHANCE),
			     summary->verdict_count,
			     number_ratio(language, summary->expected_false).text);
	fputs("</section>\n", report->out);
}

void report_all_metrics(struct report *report)
{
	fputs("<details>\n", report->out);
	page_say(report, "summary", WORD_ALL_METRICS);
	page_table_begin(report, WORD_ALL_METRICS_CAPTION, "sortable");
	put_table(report, false);
	fputs("</details>\n", report->out);
}
