/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to the report: its sections, in order. */
#pragma once

#include "base/directory.h"
#include "plots/figure.h"
#include "plots/shown_text.h"
#include "results/ladder.h"

struct report {
	FILE *out;
	const struct picture *picture;
	const struct directory *figures;
	int figure_number; /* of the last one written */
};

/* report_page.c: the markup of a page */
void page_begin(struct report *report, const char *title);
void page_end(struct report *report);
void page_heading(struct report *report, int level, enum word word);
/* <section id="id"> with its heading; ends with </section>. */
void page_section(struct report *report, const char *id, enum word heading);
/* <tag>words</tag>, all escaped. */
void page_element(struct report *report, const char *tag, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Likewise for one of our words. */
void page_say(struct report *report, const char *tag, enum word word);
void page_table_begin(struct report *report, enum word caption, const char *classes);
/* A row of column headings; ends at a negative word. HEAD_NUMBER: the heading of a column of
 * numbers. */
#define HEAD_NUMBER(word) ((int)(word) | 1 << 16)
void page_table_heads(struct report *report, ...);
/* Begins a row, with its head. */
void page_row(struct report *report, const char *head);
void page_table_end(struct report *report);
/* A cell sorted by `key` if it is finite, otherwise by its text. */
void page_cell(struct report *report, double key, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* "0.20" followed by a softer "0.19 to 0.21". */
void page_interval(struct report *report, const struct interval *interval,
		   struct number (*format)(enum language, double), const char *unit);

void report_answer(struct report *report);
/* One sentence for each panel, below Figure 1. */
void report_panels(struct report *report);
void report_verdicts(struct report *report);
void report_all_metrics(struct report *report);
/* For a ladder: the table of its steps, and one sentence for each workload. */
void report_ladder(struct report *report);
void report_ladder_sentences(struct report *report);
/* The scored predictions; nothing if there are none. */
void report_predictions(struct report *report);
/* What exits explain, if system calls are exits; otherwise nothing. */
void report_closure(struct report *report);
void report_published(struct report *report);
void report_trust(struct report *report);
void report_evidence(struct report *report);
void report_setup(struct report *report);
void report_again(struct report *report);
void report_figure(struct report *report, const struct figure *figure);

/* report_facts.c: any JSON as a table of dotted keys and values */
void report_facts(struct report *report, enum word caption, json_t *facts);

/* Translates English from results to the report's language. */
struct phrase report_phrase(const struct report *report, const char *english);

enum word verdict_word(enum verdict verdict);
enum word ladder_word(enum ladder_finding finding);
