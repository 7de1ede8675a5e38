/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/border.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "tests/unit.h"

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

START_TEST(what_is_no_utf8_and_what_moves_a_terminal_is_shown_as_a_question_mark)
{
	static const struct {
		const char *text, *cleaned;
	} rows[] = {
		{"plain", "plain"},
		{"caf\xc3\xa9", "caf\xc3\xa9"},
		{"\x1b]0;owned\x07\x1b[2J", "?]0;owned??[2J"},
		{"a\nb\r\tc\x7f", "a?b??c?"},
		{"\xc2\x9b"
		 "31m",
		 "?31m"},                                 /* CSI as one C1 control */
		{"\xc0\xaf\xed\xa0\x80", "?????"},        /* overlong, a surrogate */
		{"\xf5\x80\x80\x80", "????"},             /* beyond U+10FFFF */
		{"\xe2\x80\xaegpj\xe2\x81\xa6", "?gpj?"}, /* direction */
		{"\xc3", "?"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		cleanup_free char *text = border_cleaned(rows[i].text);

		ck_assert_str_eq(text, rows[i].cleaned);
		ck_assert(is_clean(text));
	}
}
END_TEST

/* Each length of buffer, with characters of one to four bytes. */
START_TEST(text_is_cut_between_characters)
{
	static const char *const characters[] = {"a", "\xc3\xa9", "\xe2\x82\xac",
						 "\xf0\x9f\x98\x80"};
	char text[64], cut[64];

	for (size_t i = 0; i < 4; i++) {
		size_t bytes = strlen(characters[i]);

		text[0] = 0;
		for (int n = 0; n < 8; n++)
			strcat(text, characters[i]);
		for (size_t size = 1; size <= strlen(text) + 1; size++) {
			border_copy(cut, size, "%s", text);
			ck_assert(is_clean(cut));
			ck_assert_uint_eq(strlen(cut), (size - 1) / bytes * bytes);
		}
	}
}
END_TEST

START_TEST(messages_of_errors_are_cut_and_cleaned_too)
{
	char words[4096];
	struct error err;

	for (size_t shift = 0; shift < 4; shift++) {
		memset(words, 'x', shift);
		for (size_t i = shift; i + 4 < sizeof(words); i += 4)
			memcpy(words + i, "\xf0\x9f\x98\x80", 5);
		error_set(&err, -5, "%s", words);
		ck_assert(is_clean(err.message));
		error_prefix(&err, "\x1b[31m%.*s", (int)shift, "\xc3\xa9");
		ck_assert(is_clean(err.message));
		ck_assert_uint_ge(strlen(err.message), sizeof(err.message) - 5);
	}
}
END_TEST

START_TEST(a_field_of_csv_forges_no_row_and_no_column)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	border_csv(out, "a,\"b\"\r\nforged,row");
	fputc(',', out);
	border_csv(out, "plain");
	fclose(out);
	ck_assert_str_eq(text, "\"a,\"\"b\"\"??forged,row\",plain");
	free(text);
}
END_TEST

UNIT("border", what_is_no_utf8_and_what_moves_a_terminal_is_shown_as_a_question_mark,
     text_is_cut_between_characters, messages_of_errors_are_cut_and_cleaned_too,
     a_field_of_csv_forges_no_row_and_no_column)
