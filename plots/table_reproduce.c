/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plots/tables.h"

#include <errno.h>
#include <libsmartcols.h>
#include <math.h>

enum column { FIGURE, WHAT, OURS_IS, THEIRS, OURS, VERDICT, WHY };

static const struct {
	const char *head;
	int flags;
} columns[] = {
	[FIGURE] = {"PUBLISHED IN", 0},
	[WHAT] = {"WHAT", SCOLS_FL_WRAP},
	[OURS_IS] = {"MEASURED BY", SCOLS_FL_WRAP},
	[THEIRS] = {"THEIRS", SCOLS_FL_RIGHT},
	[OURS] = {"OURS [95 %]", SCOLS_FL_RIGHT},
	[VERDICT] = {"VERDICT", 0},
	[WHY] = {"WHY; DIFFERENCES", SCOLS_FL_WRAP},
};

static const char *colour_of(enum reproduced verdict)
{
	return verdict == REPRODUCED ? "green" : verdict == REPRODUCE_DIFFERS ? "red" : "brown";
}

static void set_theirs(struct libscols_line *line, const struct published_point *point)
{
	char text[64];

	if (!isfinite(point->relative))
		return;
	snprintf(text, sizeof(text), "%s%.3f%s",
		 point->relation == RELATION_EQUAL ? "" : relation_name(point->relation),
		 point->relative, point->verified ? "" : " (unverified)");
	scols_line_set_data(line, THEIRS, text);
}

static int add_line(struct libscols_table *table, const struct reproduce_row *row, bool colour)
{
	const struct published_point *point = row->point;
	struct libscols_line *line = scols_table_new_line(table, NULL);
	char text[1024], reason[512];

	if (!line)
		return -ENOMEM;
	scols_line_set_data(line, FIGURE, point->figure);
	scols_line_set_data(line, WHAT, point->what);
	snprintf(text, sizeof(text), "%s %s against %s",
		 row->ours ? row->ours->workload->name : point->workload, point->environment,
		 point->baseline);
	scols_line_set_data(line, OURS_IS, text);
	set_theirs(line, point);
	if (isfinite(row->relative.value)) {
		snprintf(text, sizeof(text), "%.3f [%.3f, %.3f]", row->relative.value,
			 row->relative.low, row->relative.high);
		scols_line_set_data(line, OURS, text);
	}
	scols_line_set_data(line, VERDICT, reproduced_name(row->verdict));
	if (colour)
		scols_cell_set_color(scols_line_get_cell(line, VERDICT), colour_of(row->verdict));
	snprintf(text, sizeof(text), "%s%s%s",
		 reason_text(&row->reason, LANGUAGE_EN, reason, sizeof(reason)),
		 row->reason.kind && *point->differs ? "; " : "", point->differs);
	scols_line_set_data(line, WHY, text);
	return 0;
}

int reproduce_print(const struct reproduction *reproduction, FILE *out, bool utf8, bool colour)
{
	struct libscols_table *table = scols_new_table();
	int rc = table ? 0 : -ENOMEM, uncovered = 0;

	for (size_t i = 0; i < sizeof(columns) / sizeof(*columns) && !rc; i++)
		if (!scols_table_new_column(table, columns[i].head, 0, columns[i].flags))
			rc = -ENOMEM;
	if (!rc) {
		scols_table_set_stream(table, out);
		scols_table_enable_colors(table, colour);
		scols_table_enable_ascii(table, !utf8);
	}
	for (int i = 0; i < reproduction->count && !rc; i++) {
		if (!*reproduction->rows[i].point->workload)
			uncovered++;
		else
			rc = add_line(table, &reproduction->rows[i], colour);
	}
	rc = rc ?: scols_print_table(table);
	scols_unref_table(table);
	if (!rc && uncovered)
		fprintf(out, "%d more published points have no workload here yet.\n", uncovered);
	return rc;
}
