/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/border.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static size_t stated_length(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first < 0xc0 || first > 0xf4)
		return 0;
	return first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
}

size_t border_character(const char *text, uint32_t *code)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char first = (unsigned char)*text;
	size_t length = stated_length(first);

	if (length == 0)
		return 0;
	*code = length == 1 ? first : first & (0xffu >> (length + 1));
	for (size_t i = 1; i < length; i++) {
		if (((unsigned char)text[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | ((unsigned char)text[i] & 0x3f);
	}
	if (*code < least[length] || *code > 0x10ffff || (*code >= 0xd800 && *code < 0xe000))
		return 0;
	return length;
}

bool border_is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0xfffe || code == 0xffff ||
	       code == 0x2028 || code == 0x2029 || (code >= 0x202a && code <= 0x202e) ||
	       (code >= 0x2066 && code <= 0x2069);
}

void border_clean(char *text)
{
	char *to;

	while (*text >= 0x20 && *text < 0x7f) /* nearly all text, to its end */
		text++;
	to = text;
	while (*text) {
		uint32_t code;
		size_t length = border_character(text, &code);

		if (length && !border_is_control(code)) {
			memmove(to, text, length);
			to += length;
		} else {
			*to++ = '?';
		}
		text += length ? length : 1;
	}
	*to = '\0';
}

char *border_cleaned(const char *text)
{
	char *copy = strdup(text);

	if (copy)
		border_clean(copy);
	return copy;
}

void border_cut(char *text)
{
	size_t length = strlen(text), first = length;
	uint32_t code;

	while (first > 0 && length - first < 4 && ((unsigned char)text[first - 1] & 0xc0) == 0x80)
		first--;
	if (first > 0 && (unsigned char)text[first - 1] >= 0xc0 &&
	    !border_character(text + first - 1, &code))
		text[first - 1] = '\0';
}

void border_copy(char *to, size_t size, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(to, size, format, arguments);
	va_end(arguments);
	border_cut(to);
	border_clean(to);
}

void border_csv(FILE *out, const char *text)
{
	bool quoted = text[strcspn(text, ",\"\r\n")] != '\0';

	if (quoted)
		fputc('"', out);
	while (*text) {
		uint32_t code;
		size_t length = border_character(text, &code);

		if (*text == '"')
			fputs("\"\"", out);
		else if (length && !border_is_control(code))
			fwrite(text, 1, length, out);
		else
			fputc('?', out);
		text += length ? length : 1;
	}
	if (quoted)
		fputc('"', out);
}

bool border_json_within(const char *text, size_t length, size_t most)
{
	size_t values = 0;

	for (size_t i = 0; i < length; i++)
		values += text[i] == ',' || text[i] == '[' || text[i] == '{';
	return values <= most;
}
