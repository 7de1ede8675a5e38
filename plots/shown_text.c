/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plots/shown_text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/border.h"

#define REPLACEMENT "\xef\xbf\xbd"
#define APOSTROPHE "\xe2\x80\x99"
#define ELLIPSIS "\xe2\x80\xa6"

/* One character of `text` with its length in bytes, replaced if it is unsafe; NULL at the end. */
static const char *next_character(const char *text, size_t *taken, size_t *length)
{
	uint32_t code;

	if (!*text)
		return NULL;
	*taken = *length = border_character(text, &code);
	if (*length && !border_is_control(code))
		return text;
	*taken = *taken ? *taken : 1;
	if (*text == '\n' || *text == '\t') {
		*length = 1;
		return " ";
	}
	*length = strlen(REPLACEMENT);
	return REPLACEMENT;
}

static const char *html_entity(char c)
{
	switch (c) {
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '&':
		return "&amp;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	}
	return NULL;
}

void put_html(FILE *out, const char *text)
{
	const char *character, *entity;
	size_t taken, length;

	for (; (character = next_character(text, &taken, &length)); text += taken) {
		entity = length == 1 ? html_entity(*character) : NULL;
		if (entity)
			fputs(entity, out);
		else
			fwrite(character, 1, length, out);
	}
}

void put_html_arguments(FILE *out, const char *format, va_list arguments)
{
	char *text;

	if (vasprintf(&text, format, arguments) < 0)
		return;
	put_html(out, text);
	free(text);
}

void put_html_format(FILE *out, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	put_html_arguments(out, format, arguments);
	va_end(arguments);
}

void put_gnuplot(FILE *out, const char *text)
{
	const char *character;
	size_t taken, length;

	fputc('\'', out);
	if (*text == '\'') { /* gnuplot takes ''' for an empty string and more */
		fputs(APOSTROPHE, out);
		text++;
	}
	for (; (character = next_character(text, &taken, &length)); text += taken) {
		if (length == 1 && *character == '\'')
			fputc('\'', out);
		fwrite(character, 1, length, out);
	}
	fputc('\'', out);
}

/* East Asian wide letters and pictures; approximate, to leave room. */
static size_t character_width(const char *character)
{
	uint32_t code = 0;

	border_character(character, &code);
	return (code >= 0x1100 && code < 0x1160) || (code >= 0x2e80 && code < 0xd7a4) ||
			       (code >= 0xf900 && code < 0xfb00) ||
			       (code >= 0xfe30 && code < 0xff61) || code >= 0x1f000
		       ? 2
		       : 1;
}

size_t text_width(const char *text)
{
	size_t taken, length, width = 0;
	const char *character;

	for (; (character = next_character(text, &taken, &length)); text += taken)
		width += character_width(character);
	return width;
}

/* The longest part of `text` that fits; `at_words`: cut after a space, comma or the like. */
static size_t fitting_bytes(const char *text, size_t width, int at_words)
{
	size_t taken, length, used = 0, bytes = 0, good = 0;
	const char *character;

	for (; (character = next_character(text + bytes, &taken, &length)); bytes += taken) {
		used += character_width(character);
		if (used > width)
			return at_words && good ? good : bytes;
		if (length == 1 && strchr(" ,:=-/", *character))
			good = bytes + taken;
	}
	return bytes;
}

static void take_line(char line[160], const char *text, size_t bytes, int cut)
{
	if (bytes > 150) {
		bytes = 150;
		while (((unsigned char)text[bytes] & 0xc0) == 0x80) /* between two characters */
			bytes--;
	}
	while (bytes && text[bytes - 1] == ' ')
		bytes--;
	memcpy(line, text, bytes);
	snprintf(line + bytes, 160 - bytes, "%s", cut ? ELLIPSIS : "");
}

static struct text_lines wrap(const char *text, size_t width, int most)
{
	struct text_lines lines = {.count = 0};

	while (lines.count < most) {
		int last = lines.count + 1 == most;
		size_t bytes = fitting_bytes(text, width, !last);
		int cut = last && text[bytes];

		if (cut)
			bytes = fitting_bytes(text, width - 1, 0);
		take_line(lines.line[lines.count++], text, bytes, cut);
		text += bytes + strspn(text + bytes, " ");
		if (!*text)
			break;
	}
	return lines;
}

struct text_lines text_wrap(const char *text, size_t width)
{
	return wrap(text, width, TEXT_LINES);
}

struct text_lines text_cut(const char *text, size_t width)
{
	return wrap(text, width, 1);
}
