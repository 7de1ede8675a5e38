/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What follows from a field table (base/fields.h): its JSON schema, and its table in docs/data.md.
 */
#pragma once

#include "base/fields.h"

static json_t *type_schema(const struct field *field)
{
	const char *shape = field->kind == FIELD_INTERVAL ? "interval" : field->shape;
	json_t *schema = json_object();

	if (shape)
		json_object_set_new(schema, "$ref", json_sprintf("#/$defs/%s", shape));
	else if (field->in & NULLABLE)
		json_object_set_new(schema, "type",
				    json_pack("[s, s]", field_kind_names[field->kind], "null"));
	else
		json_object_set_new(schema, "type", json_string(field_kind_names[field->kind]));
	if (field->kind == FIELD_INTEGER)
		json_object_set_new(schema, "minimum", json_integer(0));
	for (int i = 0; field->words && field->words[i]; i++) {
		if (i == 0)
			json_object_set_new(schema, "enum", json_array());
		json_array_append_new(json_object_get(schema, "enum"),
				      json_string(field->words[i]));
	}
	return schema;
}

static const char *or_none(const char *text)
{
	return text ? text : "";
}

/* Of an object that has these fields; a new reference. It needs $defs/interval and each `shape`. */
static json_t *fields_schema(const struct field *fields)
{
	json_t *properties = json_object(), *required = json_array();

	for (; fields->name; fields++) {
		json_t *schema;

		if (!(fields->in & IN_JSON))
			continue;
		schema = type_schema(fields);
		json_object_set_new(schema, "description", json_string(or_none(fields->meaning)));
		json_object_set_new(properties, fields->name, schema);
		if (fields->in & REQUIRED)
			json_array_append_new(required, json_string(fields->name));
	}
	return json_pack("{s:s, s:o, s:o}", "type", "object", "required", required, "properties",
			 properties);
}

/* The rows of a Markdown table. */
static inline void fields_table(const struct field *fields, FILE *out)
{
	static const char *const places[] = {"", "JSON", "CSV", "JSON, CSV"};

	fputs("| field | type | unit | in | meaning |\n|---|---|---|---|---|\n", out);
	for (; fields->name; fields++)
		if (fields->in & IN_BOTH)
			fprintf(out, "| `%s` | %s%s | %s | %s | %s |\n", fields->name,
				field_kind_names[fields->kind],
				fields->in & NULLABLE ? " or null" : "", or_none(fields->unit),
				places[fields->in & IN_BOTH], or_none(fields->meaning));
}
