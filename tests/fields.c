/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints {RECORD: {schema, table}} of every field table, for tests/fields.py. */
#include <stdlib.h>

#include "results/measurement.h"
#include "results/run_fields.h"
#include "results/summary_fields.h"
#include "results/trial_fields.h"
#include "tests/fields_schema.h"

static const struct {
	const char *record;
	const struct field *fields;
} tables[] = {
	{"run", run_fields},
	{"trial", trial_fields},
	{"measurement", measurement_fields},
	{"summary", summary_fields},
	{"measured", measured_fields},
};

static json_t *table_text(const struct field *fields)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);
	json_t *string;

	if (!out)
		return NULL;
	fields_table(fields, out);
	fclose(out);
	string = json_string(text);
	free(text);
	return string;
}

int main(void)
{
	json_t *all = json_object();
	int rc;

	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		json_object_set_new(all, tables[i].record,
				    json_pack("{s:o, s:o}", "schema",
					      fields_schema(tables[i].fields), "table",
					      table_text(tables[i].fields)));
	rc = json_dumpf(all, stdout, JSON_INDENT(1));
	json_decref(all);
	return rc ? 1 : 0;
}
