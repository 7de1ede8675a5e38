/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A ladder in words and as a table: which rung makes the difference. */
#include <math.h>
#include <stdlib.h>

#include "plots/plots.h"
#include "plots/report.h"
#include "results/ladder.h"

enum word ladder_word(enum ladder_finding finding)
{
	static const enum word words[] = {
		[STEP_NO_VALUE] = WORD_NO_VALUE,        [STEP_EMULATED] = WORD_STEP_EMULATED,
		[STEP_SMALL] = WORD_VERDICT_NEGLIGIBLE, [STEP_NOISE] = WORD_VERDICT_UNRESOLVED,
		[STEP_DIFFERS] = WORD_STEP_DIFFERS,
	};

	return words[finding];
}

static void put_sentence(FILE *out, const struct ladder *ladder, int workload,
			 enum language language)
{
	const struct record *record = ladder->summary->record;
	const struct ladder_step *last = ladder_last(ladder, workload);
	const struct ladder_step *most = ladder_greatest(ladder, workload, false);
	const char *name = record->workloads[workload].name;
	struct number in_all = number_percent(language, last->in_all.value);

	if (last->finding == STEP_NO_VALUE)
		fprintf(out, "%s: %s", name, say(language, WORD_NO_VALUE));
	else if (last->finding == STEP_EMULATED)
		fprintf(out, say(language, WORD_LADDER_EMULATED), name);
	else if (!most)
		fprintf(out, say(language, WORD_LADDER_NO_STEP), name, in_all.text);
	else
		fprintf(out, say(language, WORD_LADDER_STEP), name, record->arms[most->arm].label,
			number_percent(language, most->overhead.value).text,
			number_percent(language, most->overhead.low).text,
			number_percent(language, most->overhead.high).text,
			number_percent(language, most->shrunk).text, in_all.text);
}

static void put_own(FILE *out, const struct ladder *ladder, int workload, enum language language)
{
	const struct ladder_step *most = ladder_greatest(ladder, workload, true);

	if (most)
		fprintf(out, say(language, WORD_LADDER_OWN),
			ladder->summary->record->arms[most->arm].label,
			number_percent(language, most->own.value).text,
			number_percent(language, most->own.low).text,
			number_percent(language, most->own.high).text);
}

char *ladder_sentence(const struct ladder *ladder, int workload, const char *language)
{
	enum language chosen;
	char *sentence = NULL;
	size_t size;
	FILE *out;

	if (!ladder_last(ladder, workload) || language_parse(language, &chosen, NULL))
		return NULL;
	out = open_memstream(&sentence, &size);
	if (!out)
		return NULL;
	put_sentence(out, ladder, workload, chosen);
	put_own(out, ladder, workload, chosen);
	fclose(out);
	return sentence;
}

static void put_count(struct report *report, double count)
{
	if (isfinite(count))
		page_cell(report, count, "%s",
			  number_plain(report->picture->language, round(count * 100) / 100).text);
	else
		page_cell(report, NAN, "n/a");
}

static void put_finding(struct report *report, enum ladder_finding finding)
{
	page_cell(report, NAN, "%s", say(report->picture->language, ladder_word(finding)));
}

static void put_step(struct report *report, const struct ladder *ladder,
		     const struct ladder_step *step)
{
	const struct summary_row *row =
		summary_headline(ladder->summary, step->workload, step->arm);
	const struct record_arm *arm = &ladder->summary->record->arms[step->arm];

	page_row(report, ladder->summary->record->workloads[step->workload].name);
	fputs("<td>", report->out);
	put_html(report->out, arm->label);
	if (step->skipped)
		put_html(report->out, say(report->picture->language, WORD_STEP_MERGED));
	if (arm->rung)
		page_element(report, "span class=\"detail\"", "%s", arm->environment);
	fputs("</td>\n", report->out);
	page_interval(report, &step->overhead, number_percent, "");
	put_finding(report, step->finding);
	page_interval(report, &step->in_all, number_percent, "");
	if (row && row->cpu_per_op.value > 0)
		page_interval(report, &row->cpu_per_op, number_seconds, "");
	else
		page_cell(report, NAN, "n/a");
	page_interval(report, &step->own, number_percent, "");
	put_finding(report, step->own_finding);
	put_count(report, ladder_counter(ladder, step, "context-switches"));
	put_count(report, ladder_counter(ladder, step, "kvm-exits"));
	fputs("</tr>\n", report->out);
}

static int steps_judged(const struct ladder *ladder)
{
	int count = 0;

	for (int i = 0; i < ladder->count; i++)
		count += (ladder->steps[i].finding >= STEP_SMALL) +
			 (ladder->steps[i].own_finding >= STEP_SMALL);
	return count;
}

void report_ladder(struct report *report)
{
	enum language language = report->picture->language;
	struct ladder *ladder;
	int judged;

	if (!ladder_wanted(report->picture->record) ||
	    ladder_create(report->picture->summary, &ladder, NULL))
		return;
	judged = steps_judged(ladder);
	page_section(report, "ladder", WORD_LADDER);
	page_table_begin(report, WORD_LADDER_CAPTION, "");
	page_table_heads(report, WORD_HEAD_WORKLOAD, WORD_HEAD_RUNG, HEAD_NUMBER(WORD_STEP),
			 WORD_HEAD_FINDING, HEAD_NUMBER(WORD_IN_ALL), HEAD_NUMBER(WORD_HEAD_CPU),
			 HEAD_NUMBER(WORD_HEAD_OWN), WORD_HEAD_FINDING,
			 HEAD_NUMBER(WORD_HEAD_SWITCHES), HEAD_NUMBER(WORD_HEAD_EXITS), -1);
	for (int i = 0; i < ladder->count; i++)
		put_step(report, ladder, &ladder->steps[i]);
	page_table_end(report);
	if (judged)
		page_element(report, "p class=\"soft\"", say(language, WORD_LADDER_CHANCE), judged);
	fputs("</section>\n", report->out);
	ladder_destroy(ladder);
}

/* Instead of one sentence for each environment: there are many rungs, but few workloads. */
void report_ladder_sentences(struct report *report)
{
	const struct record *record = report->picture->record;
	struct ladder *ladder;

	if (ladder_create(report->picture->summary, &ladder, NULL))
		return;
	fputs("<ul>\n", report->out);
	for (int w = 0; w < record->workload_count; w++) {
		char *sentence =
			ladder_sentence(ladder, w, language_tag(report->picture->language));

		if (sentence)
			page_element(report, "li", "%s", sentence);
		free(sentence);
	}
	fputs("</ul>\n", report->out);
	ladder_destroy(ladder);
}
