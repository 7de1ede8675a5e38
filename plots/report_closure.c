/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much of a microvm's overhead its exits explain (results/closure.h). */
#include "plots/report.h"

#include <math.h>

#include "base/cleanup.h"
#include "results/closure.h"

static void put_percent(struct report *report, double percent)
{
	if (isnan(percent))
		page_cell(report, NAN, "n/a");
	else
		page_cell(report, percent, "%.0f %%", percent);
}

static void put_row(struct report *report, const struct closure_row *row)
{
	enum language language = report->picture->language;

	page_row(report, row->workload);
	page_cell(report, NAN, "%s", row->label);
	page_cell(report, row->exits, "%s", number_ratio(language, row->exits).text);
	page_cell(report, row->by_exits, "%s", number_seconds(language, row->by_exits).text);
	page_cell(report, row->by_calls, "%s", number_seconds(language, row->by_calls).text);
	page_cell(report, row->predicted, "%s", number_seconds(language, row->predicted).text);
	page_interval(report, &row->added, number_seconds, "");
	put_percent(report, closure_percent(row, row->by_exits));
	put_percent(report, closure_percent(row, row->predicted));
	page_interval(report, &row->unexplained, number_seconds, "");
	fputs("</tr>\n", report->out);
}

void report_closure(struct report *report)
{
	int count;
	cleanup_free struct closure_row *rows = closure_rows(report->picture->record, &count);

	if (!rows)
		return;
	page_section(report, "closure", WORD_CLOSURE);
	page_element(report, "p", say(report->picture->language, WORD_CLOSURE_COST),
		     number_seconds(report->picture->language, rows->exit_cost).text);
	page_table_begin(report, WORD_CLOSURE_CAPTION, "");
	page_table_heads(report, WORD_HEAD_WORKLOAD, WORD_HEAD_ENVIRONMENT,
			 HEAD_NUMBER(WORD_HEAD_EXITS), HEAD_NUMBER(WORD_HEAD_BY_EXITS),
			 HEAD_NUMBER(WORD_HEAD_BY_CALLS), HEAD_NUMBER(WORD_HEAD_ADDED_PREDICTED),
			 HEAD_NUMBER(WORD_HEAD_ADDED), HEAD_NUMBER(WORD_HEAD_EXITS_EXPLAIN),
			 HEAD_NUMBER(WORD_HEAD_BOTH_EXPLAIN), HEAD_NUMBER(WORD_HEAD_UNEXPLAINED),
			 -1);
	for (int i = 0; i < count; i++)
		put_row(report, rows + i);
	page_table_end(report);
	fputs("</section>\n", report->out);
}
