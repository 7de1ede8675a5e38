/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The question, the answer (the largest and the typical cost of each environment, and what is
 * unknown), and one sentence for each panel, all from the summary. */
#include <errno.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <string.h>

#include "base/cleanup.h"
#include "plots/plots.h"
#include "plots/report.h"

enum word verdict_word(enum verdict verdict)
{
	static const enum word words[] = {
		[VERDICT_UNAVAILABLE] = WORD_VERDICT_UNAVAILABLE,
		[VERDICT_UNRESOLVED] = WORD_VERDICT_UNRESOLVED,
		[VERDICT_NEGLIGIBLE] = WORD_VERDICT_NEGLIGIBLE,
		[VERDICT_OVERHEAD] = WORD_VERDICT_OVERHEAD,
		[VERDICT_SPEEDUP] = WORD_VERDICT_SPEEDUP,
		[VERDICT_NONE] = WORD_VERDICT_NONE,
	};

	return words[verdict];
}

static void put_verdict(FILE *out, enum language language, const char *baseline,
			const struct summary_row *row)
{
	struct phrase label = phrase_in(language, row->arm->label);
	struct number relative = number_ratio(language, row->relative.value);
	struct number overhead = number_percent(language, row->overhead.value);
	struct number low = number_percent(language, row->overhead.low);
	struct number high = number_percent(language, row->overhead.high);

	switch (row->verdict) {
	case VERDICT_OVERHEAD:
		fprintf(out, say(language, WORD_SAYS_OVERHEAD), label.text, relative.text, baseline,
			overhead.text, low.text, high.text);
		break;
	case VERDICT_SPEEDUP:
		fprintf(out, say(language, WORD_SAYS_SPEEDUP), label.text, relative.text, baseline,
			overhead.text, low.text, high.text);
		break;
	case VERDICT_NEGLIGIBLE:
		fprintf(out, say(language, WORD_SAYS_NEGLIGIBLE), label.text, overhead.text,
			low.text, high.text);
		break;
	case VERDICT_UNRESOLVED:
		fprintf(out, say(language, WORD_SAYS_UNRESOLVED), label.text, overhead.text,
			low.text, high.text);
		if (row->remedy.kind)
			fprintf(out, say(language, WORD_ANSWER_DECIDES),
				remedy_phrase(language, &row->remedy).text);
		break;
	default:
		fprintf(out, say(language, WORD_SAYS_UNAVAILABLE), label.text);
	}
}

static const char *title_of(enum language language, const char *panel)
{
	const struct picture picture = {.language = language};

	return panel_title(&picture, panel);
}

/* The cost of an arm over the workloads that have a value, decided or not. */
struct cost {
	const struct summary_row *smallest, *largest;
	const struct summary_row *any; /* also one without a value */
	double typical;                /* median, percent */
	int count;
};

/* In one panel's workloads; NULL: in all. */
static struct cost cost_of(const struct summary *summary, int arm, const char *panel)
{
	const struct record *record = summary->record;
	cleanup_free double *values = calloc((size_t)record->workload_count + 1, sizeof(*values));
	struct cost cost = {.typical = NAN};

	for (int w = 0; values && w < record->workload_count; w++) {
		const struct summary_row *row = summary_headline(summary, w, arm);

		if (!row || (panel && strcmp(record->workloads[w].panel, panel)))
			continue;
		cost.any = row;
		if (!isfinite(row->overhead.value))
			continue;
		values[cost.count++] = row->overhead.value;
		if (!cost.smallest || row->overhead.value < cost.smallest->overhead.value)
			cost.smallest = row;
		if (!cost.largest || row->overhead.value > cost.largest->overhead.value)
			cost.largest = row;
	}
	if (cost.count)
		cost.typical = gsl_stats_median(values, 1, (size_t)cost.count);
	return cost;
}

/* "at least +14 %", "unresolved, -2 % to +9 %". */
static void put_evidence(FILE *out, enum language language, const struct summary_row *row)
{
	if (row->verdict == VERDICT_OVERHEAD) {
		fprintf(out, say(language, WORD_ANSWER_AT_LEAST),
			number_percent(language, row->bound).text);
		return;
	}
	fprintf(out, "%s, ", say(language, verdict_word(row->verdict)));
	fprintf(out, say(language, WORD_TO), number_percent(language, row->overhead.low).text,
		number_percent(language, row->overhead.high).text);
}

/* One workload with its verdict; for two both overheads, for more the typical and the largest. */
static void put_panel_cost(FILE *out, enum language language, const struct summary *summary,
			   int arm, const char *panel)
{
	struct cost cost = cost_of(summary, arm, panel);
	const struct summary_row *one = cost.largest ? cost.largest : cost.any;
	const char *baseline = summary->record->arms[one->condition->against].label;
	struct phrase label = phrase_in(language, one->arm->label);

	if (cost.count < 2 || !cost.largest) {
		fprintf(out, say(language, WORD_SAYS_IN), one->workload->name);
		fputc(' ', out);
		put_verdict(out, language, phrase_in(language, baseline).text, one);
		return;
	}
	fprintf(out, "%s: ", label.text);
	if (cost.count == 2)
		fprintf(out, say(language, WORD_SAYS_AMOUNT),
			number_percent(language, cost.smallest->overhead.value).text,
			cost.smallest->workload->name);
	else
		fprintf(out, say(language, WORD_SAYS_TYPICAL),
			number_percent(language, cost.typical).text);
	fputs(", ", out);
	fprintf(out, say(language, cost.count == 2 ? WORD_SAYS_AMOUNT : WORD_SAYS_LARGEST),
		number_percent(language, cost.largest->overhead.value).text,
		cost.largest->workload->name);
	fputs(" (", out);
	put_evidence(out, language, cost.largest);
	fputs(")", out);
}

static void put_sentence(FILE *out, enum language language, const struct summary *summary,
			 const char *panel)
{
	const struct record *record = summary->record;
	int count = 0;

	for (int arm = 0; arm < record->arm_count; arm++) {
		if (!record_arm_is(record, arm, condition_is_subject) ||
		    !cost_of(summary, arm, panel).any)
			continue;
		if (!count)
			fputs(title_of(language, panel), out);
		fputs(count++ ? "; " : ": ", out);
		put_panel_cost(out, language, summary, arm, panel);
	}
	fputs(count ? "." : "", out);
}

char *summary_sentence(const struct summary *summary, const char *panel, const char *language)
{
	enum language chosen;
	char *sentence = NULL;
	size_t size;
	FILE *out;

	if (language_parse(language, &chosen, NULL))
		return NULL;
	out = open_memstream(&sentence, &size);
	if (!out)
		return NULL;
	put_sentence(out, chosen, summary, panel);
	fclose(out);
	return sentence;
}

static bool is_available(const struct picture *picture, int arm)
{
	json_t *environment = json_object_get(json_object_get(picture->record->run, "environments"),
					      picture->record->arms[arm].environment);

	return !json_is_false(json_object_get(environment, "available"));
}

static void put_cost(FILE *out, const struct picture *picture, int arm)
{
	enum language language = picture->language;
	struct arm_label label = arm_label(picture, arm);
	struct cost cost = cost_of(picture->summary, arm, NULL);

	if (cost.count == 0) {
		put_html_format(out,
				say(language, is_available(picture, arm) ? WORD_ANSWER_NO_VALUE
									 : WORD_ANSWER_UNAVAILABLE),
				label.text);
		return;
	}
	put_html_format(out, say(language, WORD_ANSWER_LARGEST), label.text,
			number_percent(language, cost.largest->overhead.value).text,
			cost.largest->workload->name);
	fputs(" (", out);
	put_evidence(out, language, cost.largest);
	fputs(")", out);
	if (cost.count > 1)
		put_html_format(out, say(language, WORD_ANSWER_TYPICAL),
				number_percent(language, cost.typical).text, cost.count);
}

/* Each unresolved comparison with what would decide it. */
static void put_unknown(struct report *report)
{
	const struct picture *picture = report->picture;
	enum language language = picture->language;
	int count = 0;

	for (int i = 0; i < picture->summary->row_count; i++) {
		const struct summary_row *row = &picture->summary->rows[i];

		if (!row->headline || row->verdict != VERDICT_UNRESOLVED)
			continue;
		if (!count++)
			fprintf(report->out, "<p class=\"note\">%s ",
				say(language, WORD_ANSWER_UNKNOWN));
		else
			fputs("; ", report->out);
		put_html_format(report->out, say(language, WORD_ANSWER_UNKNOWN_IN),
				arm_label(picture, row_arm(picture, row)).text, row->workload->name,
				number_percent(language, row->overhead.low).text,
				number_percent(language, row->overhead.high).text);
		if (row->remedy.kind)
			put_html_format(report->out, say(language, WORD_ANSWER_DECIDES),
					remedy_phrase(language, &row->remedy).text);
	}
	if (count)
		fputs(".</p>\n", report->out);
}

static void put_counts(FILE *out, const struct picture *picture)
{
	static const struct {
		enum verdict verdict;
		enum word word;
	} counted[] = {
		{VERDICT_OVERHEAD, WORD_COUNT_OVERHEAD},
		{VERDICT_NEGLIGIBLE, WORD_COUNT_NEGLIGIBLE},
		{VERDICT_SPEEDUP, WORD_COUNT_SPEEDUP},
		{VERDICT_UNRESOLVED, WORD_COUNT_UNRESOLVED},
		{VERDICT_UNAVAILABLE, WORD_COUNT_UNAVAILABLE},
	};
	int counts[VERDICT_NONE + 1] = {0}, all = 0;
	bool first = true;

	for (int i = 0; i < picture->summary->row_count; i++) {
		const struct summary_row *row = &picture->summary->rows[i];

		if (!row->headline || !condition_is_subject(row->condition))
			continue;
		counts[row->verdict]++;
		all++;
	}
	if (!all) {
		put_html(out, say(picture->language, WORD_NOTHING_COMPARED));
		return;
	}
	put_html_format(out, say(picture->language, WORD_ANSWER_COUNTS), all);
	for (size_t i = 0; i < sizeof(counted) / sizeof(*counted); i++) {
		int count = counts[counted[i].verdict];

		if (!count)
			continue;
		fputs(first ? "" : ", ", out);
		put_html_format(out, say(picture->language, counted[i].word), count);
		first = false;
	}
	fputc('.', out);
}

void report_panels(struct report *report)
{
	fputs("<ul>\n", report->out);
	for (int panel = 0; panel_names[panel]; panel++) {
		cleanup_free char *sentence =
			summary_sentence(report->picture->summary, panel_names[panel],
					 language_tag(report->picture->language));

		if (sentence && *sentence)
			page_element(report, "li", "%s", sentence);
	}
	fputs("</ul>\n", report->out);
}

static void put_notes(struct report *report)
{
	const struct record *record = report->picture->record;
	json_t *environments = json_object_get(record->run, "environments");

	for (int arm = 0; arm < record->arm_count; arm++) {
		json_t *environment = json_object_get(environments, record->arms[arm].environment);
		const char *reason = json_string_value(json_object_get(environment, "reason"));

		if (!record_arm_is(record, arm, condition_is_subject) ||
		    !is_available(report->picture, arm) ||
		    !json_is_false(json_object_get(environment, "comparable")))
			continue;
		page_element(report, "p class=\"note\"",
			     say(report->picture->language, WORD_NOT_COMPARABLE),
			     arm_label(report->picture, arm).text, reason && *reason ? ": " : "",
			     report_phrase(report, reason ? reason : "").text);
	}
}

void report_answer(struct report *report)
{
	const struct picture *picture = report->picture;
	bool first = true;

	fputs("<section id=\"answer\">\n", report->out);
	page_element(report, "p class=\"question\"", say(picture->language, WORD_QUESTION),
		     baseline_label(picture).text);
	page_heading(report, 2, WORD_ANSWER);
	if (ladder_wanted(picture->record)) {
		report_ladder_sentences(report);
		put_notes(report);
		fputs("</section>\n", report->out);
		return;
	}
	fputs("<p class=\"answer\">", report->out);
	for (int arm = 0; arm < picture->record->arm_count; arm++) {
		if (!record_arm_is(picture->record, arm, condition_is_subject))
			continue;
		fputs(first ? "" : ". ", report->out);
		put_cost(report->out, picture, arm);
		first = false;
	}
	fputs(first ? "" : ". ", report->out);
	put_counts(report->out, picture);
	fputs("</p>\n", report->out);
	put_unknown(report);
	put_notes(report);
	fputs("</section>\n", report->out);
}
