/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit.h"
#include "tests/fields_schema.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fields.h"

struct place {
	const char *name;
	int rooms;
	double height;
	bool open;
	struct interval rent;
};

static const char *first_letter(const void *record, char *room)
{
	room[0] = ((const struct place *)record)->name[0];
	room[1] = '\0';
	return room;
}

static json_t *rooms_list(const void *record)
{
	int rooms = ((const struct place *)record)->rooms;

	return rooms ? json_pack("[i]", rooms) : NULL;
}

#define AT(member) .offset = offsetof(struct place, member)

static const char *const letters[] = {"a", "b", NULL};

static const struct field fields[] = {
	{"name", FIELD_TEXT, IN_BOTH | REQUIRED, AT(name), "", "its name"},
	{"letter", FIELD_TEXT, IN_BOTH, .text = first_letter, .words = letters},
	{"rooms", FIELD_INTEGER, IN_BOTH, AT(rooms)},
	{"height", FIELD_REAL, IN_BOTH | NULLABLE, AT(height), "m"},
	{"open", FIELD_FLAG, IN_JSON, AT(open)},
	{"rent_pct", FIELD_INTERVAL, IN_BOTH | NULLABLE, AT(rent), "%"},
	{"list", FIELD_OBJECT, IN_JSON, .json = rooms_list, .shape = "list"},
	{0},
};

static char *csv_of(const struct field *table, const struct place *place)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	fields_csv_head(table, out);
	fputc('\n', out);
	fields_csv_row(table, place, out);
	fclose(out);
	return text;
}

START_TEST(a_csv_row_has_a_value_for_each_column_of_the_head)
{
	struct place place = {"b,x", 3, -0.0, true, {1.5, 1, NAN}};
	char *text = csv_of(fields, &place);

	ck_assert_str_eq(text, "name,letter,rooms,height,rent_pct,rent_low,rent_high\n"
			       "\"b,x\",b,3,0,1.5,1,");
	free(text);
}
END_TEST

START_TEST(what_is_unknown_is_null_and_what_there_is_none_of_is_absent)
{
	struct place place = {"a", 0, INFINITY, false, {NAN, NAN, NAN}};
	json_t *json = fields_json(fields, &place);
	json_t *wanted = json_pack("{s:s, s:s, s:i, s:n, s:b, s:n}", "name", "a", "letter", "a",
				   "rooms", 0, "height", "open", 0, "rent_pct");

	ck_assert(json_equal(json, wanted));
	json_decref(json);
	json_decref(wanted);
}
END_TEST

START_TEST(the_schema_has_types_words_shapes_and_what_is_required)
{
	json_t *schema = fields_schema(fields), *properties = json_object_get(schema, "properties");
	char *text;

	text = json_dumps(json_object_get(schema, "required"), JSON_COMPACT);
	ck_assert_str_eq(text, "[\"name\"]");
	free(text);
	ck_assert_uint_eq(json_object_size(properties), 7);
	text = json_dumps(json_object_get(properties, "letter"), JSON_COMPACT);
	ck_assert_ptr_nonnull(strstr(text, "\"enum\":[\"a\",\"b\"]"));
	free(text);
	text = json_dumps(json_object_get(properties, "height"), JSON_COMPACT);
	ck_assert_ptr_nonnull(strstr(text, "[\"number\",\"null\"]"));
	free(text);
	text = json_dumps(json_object_get(properties, "list"), JSON_COMPACT);
	ck_assert_ptr_nonnull(strstr(text, "#/$defs/list"));
	free(text);
	json_decref(schema);
}
END_TEST

START_TEST(a_number_is_read_into_its_place)
{
	static const struct field read[] = {
		{"height", FIELD_REAL, IN_JSON | IN_RECORD, AT(height)},
		{"name", FIELD_TEXT, IN_JSON, AT(name)},
		{0},
	};
	struct place place = {.name = "a", .height = 3};

	fields_clear(read, &place);
	ck_assert(isnan(place.height));
	fields_set(read, &place, "height", 2);
	fields_set(read, &place, "heights", 4);
	fields_set(read, &place, "name", 5);
	ck_assert_double_eq(place.height, 2);
	ck_assert_str_eq(place.name, "a");
}
END_TEST

START_TEST(a_member_of_another_type_is_refused_by_name)
{
	json_t *good = json_pack("{s:s, s:n, s:i}", "name", "a", "height", "other", 1);
	json_t *bad = json_pack("{s:s, s:s}", "name", "a", "rooms", "many");
	struct error err;

	ck_assert_int_eq(fields_check(fields, good, &err), 0);
	ck_assert_int_eq(fields_check(fields, bad, &err), -EINVAL);
	ck_assert_ptr_nonnull(strstr(err.message, "rooms is not of type integer"));
	json_decref(good);
	json_decref(bad);
}
END_TEST

/* The same record with one line more in its table. */
START_TEST(a_new_column_is_one_line)
{
	static const struct field more[] = {
		{"name", FIELD_TEXT, IN_BOTH, AT(name)},
		{"rooms", FIELD_INTEGER, IN_BOTH, AT(rooms)},
		{0},
	};
	struct place place = {.name = "a", .rooms = 2};
	json_t *json = fields_json(more, &place), *schema = fields_schema(more);
	char *text = csv_of(more, &place);

	ck_assert_str_eq(text, "name,rooms\na,2");
	ck_assert_int_eq(json_integer_value(json_object_get(json, "rooms")), 2);
	ck_assert_ptr_nonnull(json_object_get(json_object_get(schema, "properties"), "rooms"));
	free(text);
	json_decref(json);
	json_decref(schema);
}
END_TEST

UNIT("fields", a_csv_row_has_a_value_for_each_column_of_the_head,
     what_is_unknown_is_null_and_what_there_is_none_of_is_absent,
     the_schema_has_types_words_shapes_and_what_is_required, a_number_is_read_into_its_place,
     a_member_of_another_type_is_refused_by_name, a_new_column_is_one_line)
