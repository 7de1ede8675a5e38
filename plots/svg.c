/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plots/svg.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/cleanup.h"
#include "plots/shown_text.h"

#define SVG_LIMIT (16u << 20)

struct finish {
	FILE *out;
	const char *name, *title, *description;
};

/* Each of these replaces something that gnuplot writes and returns the bytes it took, or 0. */
static size_t take_colour(const struct finish *finish, const char *at)
{
	int red, green, blue, taken = 0;
	char colour[32];

	if (strncmp(at, "rgb(", 4))
		return 0;
	/* a copy, as sscanf() first measures its whole string, and the rest of a drawing is long */
	snprintf(colour, sizeof(colour), "%.31s", at);
	if (sscanf(colour, "rgb( %d, %d, %d)%n", &red, &green, &blue, &taken) != 3)
		return 0;
	fprintf(finish->out, "#%02x%02x%02x", red & 255, green & 255, blue & 255);
	return (size_t)taken;
}

static size_t take_font(const struct finish *finish, const char *at)
{
	static const char start[] = "font-family=\"";
	size_t length = strlen(start), family, all;

	if (strncmp(at, start, length))
		return 0;
	all = strcspn(at + length, "\"");
	family = strcspn(at + length, ":\"");
	fprintf(finish->out, "%s%.*s, Verdana, Helvetica, sans-serif\"", start, (int)family,
		at + length);
	if (family < all)
		fputs(" font-weight=\"bold\"", finish->out);
	return length + all + 1;
}

/* Identifiers and the references to them: id='gpPt1', xlink:href='#gpPt1', url(#x). */
static size_t take_identifier(const struct finish *finish, const char *at)
{
	static const char *const starts[] = {" id='", " id=\"", "xlink:href='#"};

	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++) {
		size_t length = strlen(starts[i]);

		if (strncmp(at, starts[i], length))
			continue;
		fputs(i == 2 ? "href='#" : starts[i], finish->out);
		fprintf(finish->out, "%s-", finish->name);
		return length;
	}
	return 0;
}

/* gnuplot's own title and description, those of each plot (which would pop up), empty texts. */
static size_t take_words(const struct finish *finish, const char *at)
{
	static const char *const dropped[][2] = {{"<title>", "</title>"},
						 {"<desc>", "</desc>"},
						 {"<text></text>", ""},
						 {" xmlns:xlink=\"", "\""},
						 {"<filter ", "</filter>"}};

	(void)finish;
	for (size_t i = 0; i < sizeof(dropped) / sizeof(*dropped); i++) {
		size_t length = strlen(dropped[i][0]);
		const char *end;

		if (strncmp(at, dropped[i][0], length))
			continue;
		end = strstr(at + length, dropped[i][1]);
		return end ? (size_t)(end - at) + strlen(dropped[i][1]) : 0;
	}
	return 0;
}

/* Gives the first tag a role, followed by our own title and description. */
static size_t take_root(const struct finish *finish, const char *at)
{
	size_t length;

	if (strncmp(at, "<svg", 4) || !isspace((unsigned char)at[4]))
		return 0;
	length = strcspn(at, ">");
	fprintf(finish->out,
		"<svg role=\"img\" aria-labelledby=\"%s-title %s-desc\" "
		"xmlns=\"http://www.w3.org/2000/svg\"",
		finish->name, finish->name);
	for (size_t i = 4; i < length; i++) {
		static const char names[] = "xmlns";

		if (!strncmp(at + i, names, strlen(names)))
			i += strcspn(at + i, "\n>") - 1;
		else
			fputc(at[i], finish->out);
	}
	fprintf(finish->out, ">\n<title id=\"%s-title\">", finish->name);
	put_html(finish->out, finish->title);
	fprintf(finish->out, "</title>\n<desc id=\"%s-desc\">", finish->name);
	put_html(finish->out, finish->description);
	fputs("</desc>", finish->out);
	return length + 1;
}

static void rewrite(const struct finish *finish, const char *text)
{
	static size_t (*const takers[])(const struct finish *, const char *) = {
		take_root, take_words, take_colour, take_font, take_identifier};

	while (*text) {
		size_t taken = 0;

		for (size_t i = 0; i < sizeof(takers) / sizeof(*takers) && !taken; i++)
			if (strchr("< rfx", *text))
				taken = takers[i](finish, text);
		if (!taken)
			fputc(*text, finish->out);
		text += taken ? taken : 1;
	}
}

int svg_finish(const char *text, const char *name, const char *title, const char *description,
	       char **finished, size_t *size, struct error *err)
{
	struct finish finish = {.name = name, .title = title, .description = description};

	*finished = NULL;
	finish.out = open_memstream(finished, size);
	if (!finish.out)
		return error_errno(err, -errno, "%s.svg", name);
	rewrite(&finish, text);
	return fclose(finish.out) ? error_errno(err, -ENOMEM, "%s.svg", name) : 0;
}

static const char *const drawing_elements[] = {
	"svg",   "title",    "desc",    "defs",           "g",        "path", "circle",
	"rect",  "line",     "ellipse", "polygon",        "polyline", "use",  "text",
	"tspan", "clipPath", "pattern", "linearGradient", "stop",     NULL};

static bool is_drawing_element(const char *name, size_t length)
{
	for (size_t i = 0; drawing_elements[i]; i++)
		if (strlen(drawing_elements[i]) == length &&
		    !strncmp(drawing_elements[i], name, length))
			return true;
	return false;
}

static bool begins(const char *at, const char *end, const char *word)
{
	size_t length = strlen(word);

	return at + length <= end && !strncasecmp(at, word, length);
}

/* False for what could run or fetch something: on..., style, href and url() to anything but #... */
static bool is_drawing_attribute(const char *name, const char *value, const char *end)
{
	if (begins(name, end, "on") || begins(name, end, "style") || begins(name, end, "xlink:") ||
	    (begins(name, end, "href") && *value != '#'))
		return false;
	for (; value < end; value++)
		if (begins(value, end, "url") && !begins(value, end, "url(#"))
			return false;
	return true;
}

/* All attributes of a tag that ends at `end`, its first '>': NAME='VALUE', and nothing else. Then a
 * reader of HTML sees it end there, too, and no part of a value as an attribute. */
static bool is_drawing_attributes(const char *at, const char *end)
{
	static const char space[] = " \t\r\n", letters[] =
						       "abcdefghijklmnopqrstuvwxyz"
						       "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_:.";

	for (;;) {
		const char *name = at += strspn(at, space), *value;

		if (at == end || (*at == '/' && at + 1 == end))
			return true;
		at += strspn(at, letters);
		at += strspn(at, space);
		if (at == name || *at != '=')
			return false;
		at += 1 + strspn(at + 1, space);
		if (*at != '"' && *at != '\'')
			return false;
		value = at + 1;
		at = memchr(value, *at, (size_t)(end - value));
		if (!at || !is_drawing_attribute(name, value, at))
			return false;
		at++;
	}
}

static bool is_drawing(const char *text)
{
	for (const char *at = strchr(text, '<'); at; at = strchr(at + 1, '<')) {
		const char *name = at + 1 + (at[1] == '/');
		size_t length = strcspn(name, " \t\r\n/>");
		const char *end = strchr(name, '>');

		if (!end || !is_drawing_element(name, length) ||
		    !is_drawing_attributes(name + length, end))
			return false;
	}
	return true;
}

int svg_inline(const struct directory *directory, const char *name, FILE *out, struct error *err)
{
	cleanup_free char *text = NULL;
	const char *root;
	size_t length;
	int code;

	code = directory_read(directory, name, SVG_LIMIT, &text, &length, err);
	if (code)
		return code;
	root = strstr(text, "<svg");
	if (!root || strlen(text) != length || !is_drawing(root))
		return error_set(
			err, -EINVAL,
			"%s/%s contains more than a drawing and is left out of the report; tare "
			"report draws it again",
			directory->path, name);
	fputs(root, out);
	return 0;
}
