/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/observe/parity.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define MEMORY_TOLERANCE 0.05

/* From hello; its other members belong to the protocol or always differ. */
static const char *const said_by_agent[] = {"kernel", "clocksource", "cpus", "memory"};

static json_t *text_of(const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_STRING:
		return json_string(json_string_value(value));
	case JSON_INTEGER:
		return json_sprintf("%lld", (long long)json_integer_value(value));
	case JSON_REAL:
		return json_sprintf("%g", json_real_value(value));
	case JSON_TRUE:
		return json_string("yes");
	case JSON_FALSE:
		return json_string("no");
	default:
		return NULL;
	}
}

static void add_fact(json_t *facts, const char *fact, const char *environment, const json_t *value)
{
	json_t *text = value ? text_of(value) : NULL, *values;

	if (!text)
		return;
	values = json_object_get(facts, fact);
	if (!values) {
		values = json_object();
		json_object_set_new(facts, fact, values);
	}
	json_object_set_new(values, environment, text);
}

static void add_object(json_t *facts, const char *environment, json_t *object)
{
	const char *fact;
	json_t *value;

	json_object_foreach (object, fact, value)
		add_fact(facts, fact, environment, value);
}

static void add_environment(json_t *facts, const char *name, const json_t *environment)
{
	const json_t *hello = json_object_get(environment, "hello");
	const json_t *describe = json_object_get(environment, "describe");

	for (size_t i = 0; i < sizeof(said_by_agent) / sizeof(*said_by_agent); i++)
		add_fact(facts, said_by_agent[i], name, json_object_get(hello, said_by_agent[i]));
	add_object(facts, name, json_object_get(hello, "facts"));
	add_object(facts, name, json_object_get(describe, "parity"));
}

static bool same(const char *fact, const char *a, const char *b)
{
	double x, y;

	if (!strcmp(a, b))
		return true;
	if (strncmp(fact, "memory", strlen("memory")))
		return false;
	x = strtod(a, NULL);
	y = strtod(b, NULL);
	return x > 0 && y > 0 && fabs(x - y) <= MEMORY_TOLERANCE * fmax(x, y);
}

static bool differs(const char *fact, json_t *values)
{
	const char *environment, *first = NULL;
	json_t *value;

	json_object_foreach (values, environment, value) {
		if (!first)
			first = json_string_value(value);
		else if (!same(fact, first, json_string_value(value)))
			return true;
	}
	return false;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The facts' names in order; the caller frees the array, not the names. */
static const char **sorted_names(json_t *facts)
{
	const char **names = calloc(json_object_size(facts) + 1, sizeof(*names));
	const char *fact;
	json_t *values;
	size_t count = 0;

	if (!names)
		return NULL;
	json_object_foreach (facts, fact, values)
		names[count++] = fact;
	qsort(names, count, sizeof(*names), by_name);
	return names;
}

json_t *parity_table(const json_t *environments)
{
	json_t *facts = json_object(), *table = json_array(), *environment;
	const char **names, *name;

	json_object_foreach ((json_t *)environments, name, environment)
		add_environment(facts, name, environment);
	names = sorted_names(facts);
	for (int wanted = 1; names && wanted >= 0; wanted--)
		for (const char **fact = names; *fact; fact++) {
			json_t *values = json_object_get(facts, *fact);

			if (differs(*fact, values) == (wanted == 1))
				json_array_append_new(table, json_pack("{s:s, s:O, s:b}", "fact",
								       *fact, "values", values,
								       "differs", wanted));
		}
	free(names);
	json_decref(facts);
	return table;
}
