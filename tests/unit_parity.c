/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit.h"

#include <string.h>

#include "harness/observe/parity.h"

static json_t *table_of(const char *text)
{
	json_error_t why;
	json_t *environments = json_loads(text, 0, &why), *table;

	ck_assert_msg(environments != NULL, "%s", why.text);
	table = parity_table(environments);
	json_decref(environments);
	return table;
}

static const json_t *row_of(const json_t *table, const char *fact)
{
	const json_t *row;
	size_t i;

	json_array_foreach (table, i, row)
		if (!strcmp(json_string_value(json_object_get(row, "fact")), fact))
			return row;
	return NULL;
}

static int row_differs(const json_t *table, const char *fact)
{
	const json_t *row = row_of(table, fact);

	ck_assert_msg(row != NULL, "no row for %s", fact);
	return json_is_true(json_object_get(row, "differs"));
}

START_TEST(a_guest_kernel_differs_and_stands_first)
{
	json_t *table =
		table_of("{\"bare\":{\"hello\":{\"cpus\":1,\"kernel\":\"6.18\",\"hash\":\"x\"}},"
			 "\"vm\":{\"hello\":{\"cpus\":1,\"kernel\":\"6.1\",\"hash\":\"x\"}}}");
	const json_t *first = json_array_get(table, 0);

	ck_assert_str_eq(json_string_value(json_object_get(first, "fact")), "kernel");
	ck_assert(row_differs(table, "kernel"));
	ck_assert(!row_differs(table, "cpus"));
	ck_assert_ptr_null(row_of(table, "hash"));
	json_decref(table);
}
END_TEST

START_TEST(what_the_guest_kernel_keeps_of_its_memory_is_no_difference)
{
	json_t *table = table_of("{\"container\":{\"hello\":{\"memory\":2147483648}},"
				 "\"vm\":{\"hello\":{\"memory\":2067283968}}}");

	ck_assert(!row_differs(table, "memory"));
	json_decref(table);
	table = table_of("{\"bare\":{\"hello\":{\"memory\":25000000000}},"
			 "\"vm\":{\"hello\":{\"memory\":2067283968}}}");
	ck_assert(row_differs(table, "memory"));
	json_decref(table);
}
END_TEST

START_TEST(facts_of_agent_and_driver_stand_side_by_side)
{
	json_t *table =
		table_of("{\"bare\":{\"hello\":{\"facts\":{\"thp\":\"madvise\"}}},"
			 "\"vm\":{\"hello\":{\"facts\":{\"thp\":\"always\"}},"
			 "\"describe\":{\"parity\":{\"cache\":\"none\"},\"xml\":\"<domain/>\"}}}");
	const json_t *cache = row_of(table, "cache");

	ck_assert(row_differs(table, "thp"));
	ck_assert(!row_differs(table, "cache")); /* only one environment knows it */
	ck_assert_int_eq((int)json_object_size(json_object_get(cache, "values")), 1);
	ck_assert_ptr_null(row_of(table, "xml"));
	json_decref(table);
}
END_TEST

START_TEST(an_environment_that_never_started_leaves_no_mark)
{
	json_t *table = table_of("{\"bare\":{\"hello\":{\"kernel\":\"6.18\"}},"
				 "\"vm\":{\"available\":false,\"hello\":null}}");

	ck_assert_int_eq((int)json_array_size(table), 1);
	ck_assert(!row_differs(table, "kernel"));
	json_decref(table);
}
END_TEST

UNIT("parity", a_guest_kernel_differs_and_stands_first,
     what_the_guest_kernel_keeps_of_its_memory_is_no_difference,
     facts_of_agent_and_driver_stand_side_by_side, an_environment_that_never_started_leaves_no_mark)
