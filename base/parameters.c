/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/parameters.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"

#define WHOLE_MAX 0x1p53 /* larger integers are not exact in a double */

/* Appends to a fixed-size buffer, truncating. */
static void append(char *text, size_t size, const char *more)
{
	size_t used = strlen(text);

	snprintf(text + used, size - used, "%s", more);
}

void parameter_print(char *text, size_t size, const json_t *row, double value)
{
	static const char suffix[] = "kmgt";
	bool bytes = !strcmp(json_text(row, "kind"), "size");
	int power = -1;

	while (bytes && power < 3 && value >= 1024 && fmod(value, 1024) == 0) {
		value /= 1024;
		power++;
	}
	if (power >= 0)
		snprintf(text, size, "%.15g%c", value, suffix[power]);
	else
		snprintf(text, size, "%.15g", value);
}

/* A number; a size may have the suffix k, m, g or t, a real %. NaN if it is invalid. */
static double parse_number(const char *kind, const char *text)
{
	static const char suffixes[] = "kmgt";
	const char *suffix;
	char *end;
	double value = strtod(text, &end);

	if (end == text)
		return NAN;
	if (!strcmp(kind, "real") && !strcmp(end, "%"))
		return value / 100;
	if (!strcmp(kind, "size") && *end) {
		suffix = strchr(suffixes, *end | 0x20);
		if (!suffix)
			return NAN;
		value = ldexp(value, 10 * (int)(suffix - suffixes + 1));
		end++;
		if (!strcasecmp(end, "ib"))
			end += 2;
	}
	return *end ? NAN : value;
}

static int resolve_number(const char *workload, const json_t *row, const json_t *given,
			  json_t **value, struct error *err)
{
	const char *kind = json_text(row, "kind"), *text = json_string_value(given);
	double number = text ? parse_number(kind, text) : json_number_value(given);
	double low = json_number_value(json_object_get(row, "low"));
	double high = json_number_value(json_object_get(row, "high"));
	bool whole = strcmp(kind, "real"), bytes = !strcmp(kind, "size");
	char said[64], from[32], to[32];

	if (!text && !json_is_number(given))
		number = NAN;
	if (number >= low && number <= high &&
	    (!whole || (number == floor(number) && fabs(number) <= WHOLE_MAX))) {
		*value = whole ? json_integer((json_int_t)number) : json_real(number);
		return *value ? 0 : error_set(err, -ENOMEM, "no memory for a parameter");
	}
	parameter_print(from, sizeof(from), row, low);
	parameter_print(to, sizeof(to), row, high);
	if (text)
		snprintf(said, sizeof(said), "%s", text);
	else
		parameter_print(said, sizeof(said), row, number);
	return error_set(err, -EINVAL, "invalid value %s.%s=%s: give %s from %s to %s", workload,
			 json_text(row, "name"), said,
			 bytes   ? "a size"
			 : whole ? "a whole number"
				 : "a number",
			 from, to);
}

static int resolve_choice(const char *workload, const json_t *row, const json_t *given,
			  json_t **value, struct error *err)
{
	const json_t *choices = json_object_get(row, "choices"), *choice;
	const char *text = json_string_value(given);
	char all[512] = "";
	size_t i;

	json_array_foreach (choices, i, choice) {
		if (text && json_is_string(choice) && !strcmp(text, json_string_value(choice))) {
			*value = json_string(text);
			return *value ? 0 : error_set(err, -ENOMEM, "no memory for a parameter");
		}
		append(all, sizeof(all), i ? ", " : "");
		append(all, sizeof(all), json_is_string(choice) ? json_string_value(choice) : "?");
	}
	return error_set(err, -EINVAL, "invalid value %s.%s=%s: give one of %s", workload,
			 json_text(row, "name"), text ? text : "(no text)", all);
}

static int resolve_row(const json_t *entry, const json_t *row, const json_t *given, json_t **value,
		       struct error *err)
{
	const char *workload = json_text(entry, "name");

	if (!strcmp(json_text(row, "kind"), "choice")) {
		if (!given)
			given = json_array_get(json_object_get(row, "choices"), 0);
		return resolve_choice(workload, row, given, value, err);
	}
	if (!given)
		given = json_object_get(row, "default");
	return resolve_number(workload, row, given, value, err);
}

static const json_t *find_row(const json_t *entry, const char *name, struct error *err)
{
	const json_t *row;
	char all[512] = "";
	size_t i;

	json_array_foreach (json_object_get(entry, "parameters"), i, row) {
		if (!strcmp(json_text(row, "name"), name))
			return row;
		append(all, sizeof(all), i ? ", " : "");
		append(all, sizeof(all), json_text(row, "name"));
	}
	if (i)
		error_set(err, -EINVAL, "%s has no parameter '%s'; valid parameters: %s",
			  json_text(entry, "name"), name, all);
	else
		error_set(err, -EINVAL, "%s has no parameters, so '%s' cannot be set",
			  json_text(entry, "name"), name);
	return NULL;
}

int parameter_resolve(const json_t *entry, const char *name, const json_t *given, json_t **value,
		      struct error *err)
{
	const json_t *row = find_row(entry, name, err);

	*value = NULL;
	return row ? resolve_row(entry, row, given, value, err) : -EINVAL;
}

int parameters_resolve(const json_t *entry, const json_t *given, json_t **values, struct error *err)
{
	cleanup_json json_t *all = json_object();
	const json_t *row;
	const char *name;
	json_t *value;
	size_t i;
	int rc;

	*values = NULL;
	json_object_foreach ((json_t *)given, name, value) {
		if (!find_row(entry, name, err))
			return -EINVAL;
	}
	json_array_foreach (json_object_get(entry, "parameters"), i, row) {
		name = json_text(row, "name");
		if (!*name || json_object_get(all, name))
			return error_set(err, -EINVAL,
					 "%s: a parameter has no name, or the name of another",
					 json_text(entry, "name"));
		rc = resolve_row(entry, row, json_object_get(given, name), &value, err);
		if (rc)
			return rc;
		if (json_object_set_new(all, name, value))
			return error_set(err, -ENOMEM, "no memory for a parameter");
	}
	*values = json_incref(all);
	return 0;
}
