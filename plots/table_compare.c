/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plots/tables.h"

#include <errno.h>
#include <libsmartcols.h>
#include <math.h>
#include <string.h>

static json_t *interval_json(const struct interval *i)
{
	if (isnan(i->value))
		return json_null();
	return json_pack("{s:f, s:f, s:f}", "value", i->value, "low", i->low, "high", i->high);
}

json_t *compare_json(const struct comparison *c)
{
	json_t *rows = json_array();

	for (int i = 0; i < c->row_count; i++) {
		const struct comparison_row *row = &c->rows[i];
		char reason[512];

		json_array_append_new(
			rows,
			json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:b, s:s, s:s}",
				  "workload", row->workload->name, "metric",
				  row->workload->metrics->name, "unit",
				  row->workload->metrics->unit, "environment", row->environment,
				  "a", interval_json(&row->a), "b", interval_json(&row->b),
				  "performance", interval_json(&row->performance), "relative",
				  interval_json(&row->relative), "differs", row->differs, "verdict",
				  verdict_names[row->verdict], "reason",
				  reason_text(&row->reason, LANGUAGE_EN, reason, sizeof(reason))));
	}
	return json_pack("{s:i, s:O?, s:O?, s:O, s:i, s:O, s:o}", "schema", 1, "a",
			 json_object_get(c->a->run, "id"), "b", json_object_get(c->b->run, "id"),
			 "parity", c->parity, "alike", c->alike, "forced", c->forced, "rows", rows);
}

static struct libscols_table *new_table(const char *const *heads, int count, FILE *out, bool utf8)
{
	struct libscols_table *table = scols_new_table();

	if (!table)
		return NULL;
	scols_table_set_stream(table, out);
	scols_table_enable_ascii(table, !utf8);
	for (int i = 0; i < count; i++)
		scols_table_new_column(table, heads[i], 0, SCOLS_FL_WRAP);
	return table;
}

static int print_parity(const struct comparison *c, FILE *out, bool utf8)
{
	static const char *const heads[] = {"WHAT DIFFERS", "FIRST RUN", "SECOND RUN"};
	struct libscols_table *table = new_table(heads, 3, out, utf8);
	json_t *fact;
	size_t i;
	int rc;

	if (!table)
		return -ENOMEM;
	json_array_foreach (c->parity, i, fact) {
		struct libscols_line *line = scols_table_new_line(table, NULL);
		const char *a = json_string_value(json_object_get(fact, "a"));
		const char *b = json_string_value(json_object_get(fact, "b"));

		scols_line_set_data(line, 0, json_string_value(json_object_get(fact, "fact")));
		scols_line_set_data(line, 1, a ? a : "-");
		scols_line_set_data(line, 2, b ? b : "-");
	}
	rc = scols_print_table(table);
	scols_unref_table(table);
	fprintf(out, "%d facts are the same.\n\n", c->alike);
	return rc;
}

static void set_change(struct libscols_line *line, size_t column, const struct interval *i)
{
	char text[96];

	if (isnan(i->value))
		return;
	snprintf(text, sizeof(text), "%.3f [%.3f, %.3f]", i->value, i->low, i->high);
	scols_line_set_data(line, column, text);
}

static void set_value(struct libscols_line *line, size_t column, const struct interval *i,
		      const char *unit)
{
	char text[96];

	if (isnan(i->value))
		return;
	snprintf(text, sizeof(text), "%.4g %s", i->value, unit);
	scols_line_set_data(line, column, text);
}

static void add_line(struct libscols_table *table, const struct comparison_row *row, bool colour)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);
	const char *name = verdict_names[row->verdict];
	char text[640], reason[512];

	scols_line_set_data(line, 0, row->workload->name);
	scols_line_set_data(line, 1, row->label);
	set_value(line, 2, &row->a, row->workload->metrics->unit);
	set_value(line, 3, &row->b, row->workload->metrics->unit);
	set_change(line, 4, &row->performance);
	set_change(line, 5, &row->relative);
	snprintf(text, sizeof(text), row->reason.kind ? "%s (%s)" : "%s", name,
		 reason_text(&row->reason, LANGUAGE_EN, reason, sizeof(reason)));
	scols_line_set_data(line, 6, text);
	if (colour && row->verdict == VERDICT_OVERHEAD)
		scols_line_set_color(line, "red");
}

int compare_print(const struct comparison *c, FILE *out, bool utf8, bool colour)
{
	static const char *const heads[] = {"WORKLOAD", "ENVIRONMENT",           "FIRST",
					    "SECOND",   "SECOND / FIRST [95 %]", "OF RELATIVE",
					    "VERDICT"};
	struct libscols_table *table;
	int rc = print_parity(c, out, utf8);
	json_t *reason;
	size_t i;

	if (rc)
		return rc;
	json_array_foreach (c->forced, i, reason) {
		fprintf(out, "NOT THE SAME WORK, compared only because of --force: %s\n",
			json_string_value(reason));
	}
	table = new_table(heads, 7, out, utf8);
	if (!table)
		return -ENOMEM;
	scols_table_enable_colors(table, colour);
	for (int row = 0; row < c->row_count; row++)
		add_line(table, &c->rows[row], colour);
	rc = scols_print_table(table);
	scols_unref_table(table);
	fprintf(out, "Verdicts compare the relative performance: does the environment cost more in "
		     "one run?\nThe runs are unpaired: any difference between them, or between two "
		     "starts, may be the cause.\n");
	return rc;
}
