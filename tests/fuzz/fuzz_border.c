/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text from outside: what leaves the border is UTF-8 without control characters, however it is cut,
 * one field of CSV stays one, and JSON that is within a budget has no more values than it.
 */
#include "tests/fuzz/fuzz.h"

#include <jansson.h>
#include <stdbool.h>
#include <string.h>

#include "base/border.h"

static bool is_clean(const char *text)
{
	uint32_t code;
	size_t length;

	for (; *text; text += length) {
		length = border_character(text, &code);
		if (!length || border_is_control(code))
			return false;
	}
	return true;
}

static void check_cuts(const char *text)
{
	char cut[40];

	for (size_t size = 1; size <= sizeof(cut); size++) {
		border_copy(cut, size, "%s", text);
		fuzz_require(strlen(cut) < size && is_clean(cut));
	}
}

/* Read back as RFC 4180 has it, it is what cleaning makes of the text. */
static void check_csv(const char *text, const char *cleaned)
{
	char *field = NULL, *at, *to;
	size_t size;
	FILE *out = open_memstream(&field, &size);

	fuzz_require(out != NULL);
	border_csv(out, text);
	fclose(out);
	at = to = field;
	if (*field == '"') {
		for (at++; *at != '"' || at[1] == '"'; at++) {
			fuzz_require(*at);
			at += *at == '"';
			*to++ = *at;
		}
		fuzz_require(!at[1]);
		*to = '\0';
	} else {
		fuzz_require(!strpbrk(field, ",\"\r\n"));
	}
	fuzz_require(!strcmp(field, cleaned));
	free(field);
}

static size_t values_of(json_t *json)
{
	size_t count = 1, i;
	const char *key;
	json_t *value;

	if (json_is_array(json))
		json_array_foreach (json, i, value)
			count += values_of(value);
	if (json_is_object(json))
		json_object_foreach (json, key, value)
			count += values_of(value);
	return count;
}

/* Before each value but the first stands a comma or an opening bracket of its own. */
static void check_budget(const char *text, size_t size)
{
	json_t *json = json_loadb(text, size, JSON_DECODE_ANY, NULL);

	if (json && values_of(json) >= 2)
		fuzz_require(!border_json_within(text, size, values_of(json) - 2));
	json_decref(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *cleaned = border_cleaned(text);

	fuzz_require(cleaned && is_clean(cleaned) && strlen(cleaned) <= strlen(text));
	check_cuts(text);
	check_csv(text, cleaned);
	check_budget(text, size);
	free(cleaned);
	free(text);
	return 0;
}
