/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plots/tables.h"

#include <errno.h>
#include <libsmartcols.h>
#include <math.h>
#include <stdio.h>

enum column { WORKLOAD, RUNG, STEP, FINDING, IN_ALL, CPU, OWN, OWN_FINDING, SWITCHES, EXITS };

static const struct {
	const char *head;
	int flags;
} columns[] = {
	[WORKLOAD] = {"WORKLOAD", 0},
	[RUNG] = {"RUNG", 0},
	[STEP] = {"THIS STEP [95 %]", SCOLS_FL_RIGHT},
	[IN_ALL] = {"IN TOTAL", SCOLS_FL_RIGHT},
	[CPU] = {"HOST CPU/OP", SCOLS_FL_RIGHT},
	[OWN] = {"OWN CPU [95 %]", SCOLS_FL_RIGHT},
	[OWN_FINDING] = {"FINDING", 0},
	[SWITCHES] = {"SWITCHES/OP", SCOLS_FL_RIGHT},
	[EXITS] = {"EXITS/OP", SCOLS_FL_RIGHT},
	[FINDING] = {"FINDING", 0},
};

static const char *finding_text(enum ladder_finding finding)
{
	static const char *const texts[] = {
		[STEP_NO_VALUE] = "no valid value", [STEP_EMULATED] = "emulated: not judged",
		[STEP_SMALL] = "negligible",        [STEP_NOISE] = "unresolved",
		[STEP_DIFFERS] = "measurable",
	};

	return texts[finding];
}

static void set_number(struct libscols_line *line, enum column column, const char *format,
		       double value)
{
	char text[64];

	if (!isfinite(value))
		return;
	snprintf(text, sizeof(text), format, value);
	scols_line_set_data(line, column, text);
}

static void set_step(struct libscols_line *line, enum column column, const struct interval *change,
		     enum ladder_finding finding)
{
	char text[96];

	scols_line_set_data(line, column + 1, finding_text(finding));
	if (finding == STEP_NO_VALUE)
		return;
	snprintf(text, sizeof(text), "%+.1f %% [%+.1f, %+.1f]", change->value, change->low,
		 change->high);
	scols_line_set_data(line, column, text);
}

static int add_line(struct libscols_table *table, const struct ladder *ladder, int i)
{
	const struct ladder_step *step = &ladder->steps[i];
	const struct record *record = ladder->summary->record;
	const struct summary_row *row =
		summary_headline(ladder->summary, step->workload, step->arm);
	struct libscols_line *line = scols_table_new_line(table, NULL);
	char name[200];

	if (!line)
		return -ENOMEM;
	if (i == 0 || ladder->steps[i - 1].workload != step->workload)
		scols_line_set_data(line, WORKLOAD, record->workloads[step->workload].name);
	snprintf(name, sizeof(name), "%s%s", record->arms[step->arm].label,
		 step->skipped ? " (with the rung above)" : "");
	scols_line_set_data(line, RUNG, name);
	set_step(line, STEP, &step->overhead, step->finding);
	set_step(line, OWN, &step->own, step->own_finding);
	set_number(line, IN_ALL, "%+.1f %%", step->in_all.value);
	if (row && row->cpu_per_op.value >= 1e-3)
		set_number(line, CPU, "%.3g ms", row->cpu_per_op.value * 1e3);
	else if (row && row->cpu_per_op.value > 0)
		set_number(line, CPU, "%.3g us", row->cpu_per_op.value * 1e6);
	set_number(line, SWITCHES, "%.2f", ladder_counter(ladder, step, "context-switches"));
	set_number(line, EXITS, "%.2f", ladder_counter(ladder, step, "kvm-exits"));
	return 0;
}

int ladder_print(const struct ladder *ladder, FILE *out, bool utf8)
{
	struct libscols_table *table = scols_new_table();
	int rc = table ? 0 : -ENOMEM;

	for (size_t i = 0; i < sizeof(columns) / sizeof(*columns) && !rc; i++)
		if (!scols_table_new_column(table, columns[i].head, 0, columns[i].flags))
			rc = -ENOMEM;
	if (!rc) {
		scols_table_set_stream(table, out);
		scols_table_enable_ascii(table, !utf8);
	}
	for (int i = 0; i < ladder->count && !rc; i++)
		rc = add_line(table, ladder, i);
	rc = rc ?: scols_print_table(table);
	scols_unref_table(table);
	return rc;
}
