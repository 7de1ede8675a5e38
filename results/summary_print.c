/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/summary.h"

#include <errno.h>
#include <libsmartcols.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/predict.h"

enum column { WORKLOAD, ENVIRONMENT, VALUE, RELATIVE, OVERHEAD, CPU, VERDICT };

static const struct {
	const char *head;
	int flags;
} columns[] = {
	[WORKLOAD] = {"WORKLOAD", 0},
	[ENVIRONMENT] = {"ENVIRONMENT", 0},
	[VALUE] = {"VALUE", SCOLS_FL_RIGHT},
	[RELATIVE] = {"RELATIVE [95 %]", SCOLS_FL_RIGHT},
	[OVERHEAD] = {"OVERHEAD [95 %]", SCOLS_FL_RIGHT},
	[CPU] = {"CPU/OP", SCOLS_FL_RIGHT},
	[VERDICT] = {"VERDICT", SCOLS_FL_WRAP},
};

static void set(struct libscols_line *line, enum column column, const char *text)
{
	scols_line_set_data(line, column, text);
}

/* Three significant digits, and none behind the point of a large number. */
static void short_number(char *text, size_t size, double value)
{
	double magnitude = fabs(value);

	if (magnitude >= 100 || magnitude == 0)
		snprintf(text, size, "%.0f", value);
	else if (magnitude >= 0.001)
		snprintf(text, size, "%.3g", value);
	else
		snprintf(text, size, "%.2e", value);
}

static void short_time(char *text, size_t size, double seconds)
{
	static const char *const units[] = {"s", "ms", "us", "ns"};
	int i = 0;

	for (; i < 3 && seconds < 1; i++)
		seconds *= 1000;
	snprintf(text, size, "%.3g %s", seconds, units[i]);
}

static void set_value(struct libscols_line *line, const struct summary_row *row)
{
	char number[32], text[64];

	if (isnan(row->value.value))
		return;
	short_number(number, sizeof(number), row->value.value);
	snprintf(text, sizeof(text), "%s %s", number, row->metric->unit);
	set(line, VALUE, text);
}

/* Rounded as it is printed, so that no "-0.0" comes out. */
static double tenth(double value)
{
	return round(value * 10) / 10 + 0.0;
}

static void set_relative(struct libscols_line *line, const struct summary_row *row)
{
	const struct interval *r = &row->relative, *o = &row->overhead;
	char text[96];

	if (isnan(r->value) || row->arm->role == ARM_BASELINE)
		return;
	snprintf(text, sizeof(text), "%.3f [%.3f, %.3f]", r->value, r->low, r->high);
	set(line, RELATIVE, text);
	snprintf(text, sizeof(text), "%+.1f %% [%+.1f, %+.1f]", tenth(o->value), tenth(o->low),
		 tenth(o->high));
	set(line, OVERHEAD, text);
}

static const char *colour_of(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_OVERHEAD:
		return "red";
	case VERDICT_SPEEDUP:
	case VERDICT_NEGLIGIBLE:
		return "green";
	case VERDICT_UNRESOLVED:
	case VERDICT_UNAVAILABLE:
		return "brown";
	default:
		return NULL;
	}
}

static void set_verdict(struct libscols_line *line, const struct summary_row *row, bool colour)
{
	const char *name = row->arm->role == ARM_BASELINE && row->verdict == VERDICT_NONE
				   ? "(baseline)"
				   : verdict_name(row->verdict);
	char text[sizeof(row->reason) + 64];

	if (row->reason[0])
		snprintf(text, sizeof(text), "%s (%s)", name, row->reason);
	else
		snprintf(text, sizeof(text), "%s", name);
	set(line, VERDICT, text);
	if (colour && colour_of(row->verdict))
		scols_cell_set_color(scols_line_get_cell(line, VERDICT), colour_of(row->verdict));
}

static int add_line(struct libscols_table *table, const struct summary_row *row, bool colour)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);
	char text[96];

	if (!line)
		return -ENOMEM;
	set(line, WORKLOAD, row->arm->role == ARM_BASELINE ? row->workload->name : "");
	set(line, ENVIRONMENT, row->arm->label);
	set_value(line, row);
	set_relative(line, row);
	if (row->cpu_per_op.value > 0) {
		short_time(text, sizeof(text), row->cpu_per_op.value);
		set(line, CPU, text);
	}
	set_verdict(line, row, colour);
	return 0;
}

static void print_notes(const struct summary *summary, FILE *out)
{
	const struct record *record = summary->record;
	int starts = 0, flagged = 0, left_out = 0;

	for (int i = 0; i < summary->row_count; i++) {
		const struct summary_row *row = &summary->rows[i];

		starts = row->starts > starts ? row->starts : starts;
		flagged += row->headline ? row->flagged : 0;
		left_out += row->headline ? row->left_out : 0;
	}
	if (starts == 1)
		fprintf(out, "Within one start of each environment: another start may differ.\n");
	if (summary->verdict_count)
		fprintf(out,
			"Verdicts: %d; by chance up to %.2g of them would call equal things "
			"different.\n",
			summary->verdict_count, summary->expected_false);
	if (flagged)
		fprintf(out,
			"%d trials are flagged and kept; summary.json has the results without "
			"them.\n",
			flagged);
	if (left_out)
		fprintf(out, "%d trials are left out; summary.json says why.\n", left_out);
	if (record->dropped[0])
		fprintf(out, "Of the journal: %s.\n", record->dropped);
}

int summary_print(const struct summary *summary, FILE *out, bool utf8, bool colour)
{
	struct libscols_table *table = scols_new_table();
	int rc = table ? 0 : -ENOMEM;

	for (size_t i = 0; i < sizeof(columns) / sizeof(*columns) && !rc; i++)
		if (!scols_table_new_column(table, columns[i].head, 0, columns[i].flags))
			rc = -ENOMEM;
	if (!rc) {
		scols_table_set_stream(table, out);
		scols_table_enable_colors(table, colour);
		scols_table_enable_ascii(table, !utf8);
	}
	for (int i = 0; i < summary->row_count && !rc; i++)
		if (summary->rows[i].headline)
			rc = add_line(table, &summary->rows[i], colour);
	if (!rc)
		rc = scols_print_table(table);
	scols_unref_table(table);
	if (rc)
		return rc;
	print_notes(summary, out);
	predictions_print(summary, out);
	return 0;
}
