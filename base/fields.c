/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/fields.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "base/border.h"

static double *number_at(const struct field *field, void *record)
{
	return (double *)(void *)((char *)record + field->offset);
}

void fields_set(const struct field *fields, void *record, const char *name, double value)
{
	/* called for each number of a large journal; most names differ in the first letter */
	for (; fields->name; fields++)
		if (fields->in & IN_RECORD && fields->name[0] == name[0] &&
		    !strcmp(fields->name, name))
			*number_at(fields, record) = value;
}

void fields_clear(const struct field *fields, void *record)
{
	for (; fields->name; fields++)
		if (fields->in & IN_RECORD)
			*number_at(fields, record) = NAN;
}

static const void *at(const struct field *field, const void *record)
{
	return (const char *)record + field->offset;
}

static const char *text_of(const struct field *field, const void *record, char *room)
{
	return field->text ? field->text(record, room) : *(const char *const *)at(field, record);
}

static double real_of(const struct field *field, const void *record)
{
	return field->real ? field->real(record) : *(const double *)at(field, record);
}

/* "overhead_pct": its ends are "overhead_low" and "overhead_high". */
static int stem(const char *name)
{
	size_t length = strlen(name);

	return (int)(length > 4 && !strcmp(name + length - 4, "_pct") ? length - 4 : length);
}

static bool has_ends(const struct field *field)
{
	return field->kind == FIELD_INTERVAL && !(field->in & ONE_COLUMN);
}

void fields_csv_head(const struct field *fields, FILE *out)
{
	const char *comma = "";

	for (; fields->name; fields++) {
		if (!(fields->in & IN_CSV))
			continue;
		fprintf(out, "%s%s", comma, fields->name);
		if (has_ends(fields))
			fprintf(out, ",%.*s_low,%.*s_high", stem(fields->name), fields->name,
				stem(fields->name), fields->name);
		comma = ",";
	}
}

static void csv_real(FILE *out, double value)
{
	if (isfinite(value))
		fprintf(out, "%.*g", FIELDS_DIGITS, value + 0.0); /* + 0.0: no "-0" */
}

static void csv_interval(FILE *out, const struct field *field, const struct interval *interval)
{
	csv_real(out, interval->value);
	if (!has_ends(field))
		return;
	fputc(',', out);
	csv_real(out, interval->low);
	fputc(',', out);
	csv_real(out, interval->high);
}

static void csv_value(FILE *out, const struct field *field, const void *record)
{
	char room[FIELDS_ROOM];

	switch (field->kind) {
	case FIELD_TEXT:
	case FIELD_OBJECT:
	case FIELD_LIST:
		border_csv(out, text_of(field, record, room));
		break;
	case FIELD_INTEGER:
		fprintf(out, "%d", *(const int *)at(field, record));
		break;
	case FIELD_REAL:
		csv_real(out, real_of(field, record));
		break;
	case FIELD_FLAG:
		fputs(*(const bool *)at(field, record) ? "true" : "false", out);
		break;
	case FIELD_INTERVAL:
		csv_interval(out, field, at(field, record));
		break;
	}
}

void fields_csv_row(const struct field *fields, const void *record, FILE *out)
{
	const char *comma = "";

	for (; fields->name; fields++) {
		if (!(fields->in & IN_CSV))
			continue;
		fputs(comma, out);
		csv_value(out, fields, record);
		comma = ",";
	}
}

json_t *fields_real(double value)
{
	return isfinite(value) ? json_real(value + 0.0) : json_null();
}

static json_t *interval_json(const struct interval *i)
{
	if (isnan(i->value))
		return json_null();
	return json_pack("{s:o, s:o, s:o}", "value", fields_real(i->value), "low",
			 fields_real(i->low), "high", fields_real(i->high));
}

static json_t *value_json(const struct field *field, const void *record)
{
	char room[FIELDS_ROOM];

	switch (field->kind) {
	case FIELD_TEXT:
		return json_string(text_of(field, record, room));
	case FIELD_INTEGER:
		return json_integer(*(const int *)at(field, record));
	case FIELD_REAL:
		return fields_real(real_of(field, record));
	case FIELD_FLAG:
		return json_boolean(*(const bool *)at(field, record));
	case FIELD_INTERVAL:
		return interval_json(at(field, record));
	case FIELD_OBJECT:
	case FIELD_LIST:
		return field->json(record);
	}
	return NULL;
}

json_t *fields_json(const struct field *fields, const void *record)
{
	json_t *object = json_object();

	for (; fields->name; fields++) {
		json_t *value = fields->in & IN_JSON ? value_json(fields, record) : NULL;

		if (value)
			json_object_set_new(object, fields->name, value);
	}
	return object;
}

const char *const field_kind_names[] = {
	[FIELD_TEXT] = "string",  [FIELD_INTEGER] = "integer",   [FIELD_REAL] = "number",
	[FIELD_FLAG] = "boolean", [FIELD_INTERVAL] = "interval", [FIELD_OBJECT] = "object",
	[FIELD_LIST] = "array"};

static bool is_of_type(const json_t *value, enum field_kind kind)
{
	switch (kind) {
	case FIELD_TEXT:
		return json_is_string(value);
	case FIELD_INTEGER:
		return json_is_integer(value);
	case FIELD_REAL:
		return json_is_number(value);
	case FIELD_FLAG:
		return json_is_boolean(value);
	case FIELD_LIST:
		return json_is_array(value);
	case FIELD_OBJECT:
	case FIELD_INTERVAL:
		break;
	}
	return json_is_object(value);
}

int fields_check(const struct field *fields, const json_t *object, struct error *err)
{
	for (; fields->name; fields++) {
		const json_t *value = json_object_get(object, fields->name);

		if (value && !json_is_null(value) && !is_of_type(value, fields->kind))
			return error_set(err, -EINVAL, "%s is not of type %s", fields->name,
					 field_kind_names[fields->kind]);
	}
	return 0;
}
