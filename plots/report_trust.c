/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Can I trust it? The null arm, the trials, parity, what was unavailable and why. */
#include <math.h>
#include <string.h>

#include "plots/report.h"

/* Why the blocks of a workload ended: the journal's last `decided`. */
static const char *ended_by(const struct record *record, const char *workload)
{
	const char *ended = "";
	json_t *event;
	size_t i;

	json_array_foreach (record->events, i, event) {
		const char *kind = json_string_value(json_object_get(event, "event"));
		const char *of = json_string_value(json_object_get(event, "workload"));
		const char *message = json_string_value(json_object_get(event, "message"));

		if (kind && of && message && !strcmp(kind, "decided") && !strcmp(of, workload))
			ended = message;
	}
	return ended;
}

static void put_null_row(struct report *report, const struct summary_row *row)
{
	enum language language = report->picture->language;
	double margin = verdict_margin(row->metric);
	bool within = verdict_within(&row->relative, margin);

	page_row(report, row->workload->name);
	page_interval(report, &row->relative, number_ratio, "");
	page_cell(report, margin, "\u00b1%s\u00a0%%", number_plain(language, margin * 100).text);
	fprintf(report->out, "<td class=\"%s\">", within ? "negligible" : "unresolved");
	put_html(report->out, say(language, within ? WORD_YES : WORD_NO));
	fputs("</td>\n", report->out);
	page_cell(report, row->blocks, "%d", row->blocks);
	page_cell(report, row->starts, "%d", row->starts);
	page_cell(
		report, NAN, "%s",
		report_phrase(report, ended_by(report->picture->record, row->workload->name)).text);
	fputs("</tr>\n", report->out);
}

static void put_null_arm(struct report *report)
{
	const struct picture *picture = report->picture;
	int arm = arm_that_is(picture->record, condition_is_null);

	page_element(report, "h3", say(picture->language, WORD_TRUST_NULL),
		     baseline_label(picture).text);
	if (arm < 0)
		return;
	page_table_begin(report, WORD_TRUST_NULL_CAPTION, "");
	page_table_heads(report, WORD_HEAD_WORKLOAD, HEAD_NUMBER(WORD_HEAD_RELATIVE),
			 HEAD_NUMBER(WORD_HEAD_MARGIN), WORD_HEAD_WITHIN,
			 HEAD_NUMBER(WORD_HEAD_BLOCKS), HEAD_NUMBER(WORD_HEAD_STARTS),
			 WORD_HEAD_ENDED, -1);
	for (int w = 0; w < picture->record->workload_count; w++) {
		const struct summary_row *row = summary_headline(picture->summary, w, arm);

		if (row)
			put_null_row(report, row);
	}
	page_table_end(report);
}

struct trial_counts {
	unsigned all, warmup, flagged, left_out;
	unsigned of_flag[RECORD_FLAGS];
};

static struct trial_counts count_trials(const struct record *record)
{
	struct trial_counts counts = {0};

	for (uint32_t i = 0; i < record->trial_count; i++) {
		const struct record_trial *trial = &record->trials[i];

		counts.all++;
		counts.warmup += trial->warmup;
		if (trial->warmup)
			continue;
		counts.flagged += trial->flags != 0;
		counts.left_out += !trial->valid;
		for (unsigned bit = 0; bit < RECORD_FLAGS; bit++)
			counts.of_flag[bit] += trial->flags >> bit & 1;
	}
	return counts;
}

static void put_flags(struct report *report, const struct trial_counts *counts)
{
	page_table_begin(report, WORD_FLAGS_CAPTION, "");
	page_table_heads(report, WORD_HEAD_FLAG, HEAD_NUMBER(WORD_HEAD_TRIALS), -1);
	for (unsigned bit = 0; bit < RECORD_FLAGS; bit++) {
		const char *name = record_flag_name(report->picture->record, bit);

		if (!counts->of_flag[bit] || !name)
			continue;
		page_row(report, report_phrase(report, name).text);
		page_cell(report, counts->of_flag[bit], "%u", counts->of_flag[bit]);
		fputs("</tr>\n", report->out);
	}
	page_table_end(report);
}

static bool is_left_out(const struct record_trial *trial)
{
	return !trial->warmup && !trial->valid;
}

/* Each reason once, in the order of the journal, with its count. */
static void put_left_out(struct report *report)
{
	const struct record *record = report->picture->record;

	page_table_begin(report, WORD_LEFT_OUT_CAPTION, "");
	page_table_heads(report, WORD_HEAD_WORKLOAD, WORD_HEAD_ENVIRONMENT, WORD_HEAD_REASON,
			 HEAD_NUMBER(WORD_HEAD_TRIALS), -1);
	for (uint32_t i = 0; i < record->trial_count; i++) {
		const struct record_trial *trial = &record->trials[i];
		unsigned same = 0, before = 0;

		for (uint32_t other = 0; is_left_out(trial) && other < record->trial_count;
		     other++) {
			const struct record_trial *t = &record->trials[other];

			if (!is_left_out(t) || t->workload != trial->workload ||
			    t->arm != trial->arm ||
			    strcmp(t->reason ? t->reason : "", trial->reason ? trial->reason : ""))
				continue;
			same++;
			before += other < i;
		}
		if (!same || before)
			continue;
		page_row(report, record->workloads[trial->workload].name);
		page_cell(report, NAN, "%s", arm_label(report->picture, trial->arm).text);
		page_cell(report, NAN, "%s", trial->reason ? trial->reason : "");
		page_cell(report, same, "%u", same);
		fputs("</tr>\n", report->out);
	}
	page_table_end(report);
}

static bool has_without_flagged(const struct summary_row *row)
{
	return row->headline && !condition_is_baseline(row->condition) &&
	       isfinite(row->without_flagged.value);
}

static void put_without_flagged(struct report *report)
{
	const struct summary *summary = report->picture->summary;
	int count = 0;

	for (int i = 0; i < summary->row_count; i++)
		count += has_without_flagged(&summary->rows[i]);
	if (!count) {
		page_say(report, "p", WORD_WITHOUT_NONE);
		return;
	}
	page_table_begin(report, WORD_WITHOUT_CAPTION, "");
	page_table_heads(report, WORD_HEAD_WORKLOAD, WORD_HEAD_ENVIRONMENT,
			 HEAD_NUMBER(WORD_HEAD_WITH), HEAD_NUMBER(WORD_HEAD_WITHOUT), -1);
	for (int i = 0; i < summary->row_count; i++) {
		const struct summary_row *row = &summary->rows[i];

		if (!has_without_flagged(row))
			continue;
		page_row(report, row->workload->name);
		page_cell(report, NAN, "%s",
			  arm_label(report->picture, row_arm(report->picture, row)).text);
		page_interval(report, &row->relative, number_ratio, "");
		page_interval(report, &row->without_flagged, number_ratio, "");
		fputs("</tr>\n", report->out);
	}
	page_table_end(report);
}

static void put_share(struct report *report, double share)
{
	page_cell(report, share, "%s%s", number_value(report->picture->language, share * 100).text,
		  isfinite(share) ? "\u00a0%" : "");
}

/* The variance budget of each headline's interval. */
static void put_variance(struct report *report)
{
	const struct summary *summary = report->picture->summary;

	page_table_begin(report, WORD_VARIANCE_CAPTION, "");
	page_table_heads(report, WORD_HEAD_WORKLOAD, WORD_HEAD_ENVIRONMENT,
			 HEAD_NUMBER(WORD_HEAD_SHARE_TRIAL), HEAD_NUMBER(WORD_HEAD_SHARE_BLOCK),
			 HEAD_NUMBER(WORD_HEAD_SHARE_START), WORD_HEAD_ADVICE, -1);
	for (int i = 0; i < summary->row_count; i++) {
		const struct summary_row *row = &summary->rows[i];

		if (!row->headline || !row->advice[0])
			continue;
		page_row(report, row->workload->name);
		page_cell(report, NAN, "%s",
			  arm_label(report->picture, row_arm(report->picture, row)).text);
		put_share(report, row->share_trial);
		put_share(report, row->share_block);
		put_share(report, row->share_start);
		page_cell(report, NAN, "%s", report_phrase(report, row->advice).text);
		fputs("</tr>\n", report->out);
	}
	page_table_end(report);
}

static int starts_most(const struct summary *summary)
{
	int most = 0;

	for (int i = 0; i < summary->row_count; i++)
		most = summary->rows[i].starts > most ? summary->rows[i].starts : most;
	return most;
}

static void put_trials(struct report *report)
{
	const struct record *record = report->picture->record;
	struct trial_counts counts = count_trials(record);
	enum language language = report->picture->language;

	page_heading(report, 3, WORD_TRUST_TRIALS);
	page_element(report, "p", say(language, WORD_TRIALS_COUNT), counts.all, counts.warmup,
		     counts.flagged, counts.left_out);
	if (starts_most(report->picture->summary) == 1)
		page_say(report, "p class=\"note\"", WORD_ONE_START);
	put_variance(report);
	if (record->dropped[0])
		page_element(report, "p class=\"note\"", say(language, WORD_DROPPED),
			     record->dropped);
	if (counts.flagged) {
		put_flags(report, &counts);
		put_without_flagged(report);
	}
	if (counts.left_out)
		put_left_out(report);
}

static void put_unavailable(struct report *report)
{
	const struct picture *picture = report->picture;
	int count = 0;

	page_heading(report, 3, WORD_TRUST_UNAVAILABLE);
	for (int i = 0; i < picture->summary->row_count; i++)
		count += picture->summary->rows[i].verdict == VERDICT_UNAVAILABLE;
	if (!count) {
		page_say(report, "p", WORD_ALL_AVAILABLE);
		return;
	}
	fputs("<ul>\n", report->out);
	for (int i = 0; i < picture->summary->row_count; i++) {
		const struct summary_row *row = &picture->summary->rows[i];

		if (row->headline && row->verdict == VERDICT_UNAVAILABLE)
			page_element(report, "li", "%s, %s: %s",
				     arm_label(picture, row_arm(picture, row)).text,
				     row->workload->name,
				     reason_phrase(picture->language, &row->reason).text);
	}
	fputs("</ul>\n", report->out);
}

void report_trust(struct report *report)
{
	page_section(report, "trust", WORD_TRUST);
	put_null_arm(report);
	put_trials(report);
	report_evidence(report);
	put_unavailable(report);
	fputs("</section>\n", report->out);
}
