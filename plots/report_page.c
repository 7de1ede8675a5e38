/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plots/report.h"

#include <math.h>
#include <nettle/base64.h>
#include <nettle/sha2.h>
#include <stdarg.h>
#include <string.h>

#include "plots/report_style.h"

#define SAY(report, word) say((report)->picture->language, WORD_##word)

/* The hash in the policy's script-src: a browser then runs no script but ours. */
static void put_script_hash(FILE *out)
{
	char text[BASE64_ENCODE_RAW_LENGTH(SHA256_DIGEST_SIZE)];
	uint8_t digest[SHA256_DIGEST_SIZE];
	struct sha256_ctx context;

	sha256_init(&context);
	sha256_update(&context, strlen(report_script), (const uint8_t *)report_script);
	sha256_digest(&context, sizeof(digest), digest);
	base64_encode_raw(text, sizeof(digest), digest);
	fwrite(text, 1, sizeof(text), out);
}

void page_begin(struct report *report, const char *title)
{
	FILE *out = report->out;

	fprintf(out,
		"<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		"img-src data:; "
		"style-src 'unsafe-inline'; script-src 'sha256-",
		language_tag(report->picture->language));
	put_script_hash(out);
	fputs("'\">\n<link rel=\"icon\" href=\"data:,\">\n<title>", out);
	put_html(out, title);
	fprintf(out,
		"</title>\n<style>%s</style>\n</head>\n<body>\n<header>\n<button id=\"theme\" "
		"type=\"button\" hidden>",
		report_style);
	put_html(out, SAY(report, THEME));
	fputs("</button>\n", out);
	page_element(report, "h1", "%s", title);
}

void page_end(struct report *report)
{
	fprintf(report->out, "<script>%s</script>\n</body>\n</html>\n", report_script);
}

void page_heading(struct report *report, int level, enum word word)
{
	char tag[8];

	snprintf(tag, sizeof(tag), "h%d", level);
	page_say(report, tag, word);
}

void page_element(struct report *report, const char *tag, const char *format, ...)
{
	va_list arguments;

	fprintf(report->out, "<%s>", tag);
	va_start(arguments, format);
	put_html_arguments(report->out, format, arguments);
	va_end(arguments);
	fprintf(report->out, "</%.*s>\n", (int)strcspn(tag, " "), tag);
}

void page_say(struct report *report, const char *tag, enum word word)
{
	page_element(report, tag, "%s", say(report->picture->language, word));
}

void page_section(struct report *report, const char *id, enum word heading)
{
	fprintf(report->out, "<section id=\"%s\">\n", id);
	page_heading(report, 2, heading);
}

void page_table_begin(struct report *report, enum word caption, const char *classes)
{
	/* A wide table scrolls in its own box, which the keyboard must reach. */
	fprintf(report->out, "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"");
	put_html(report->out, say(report->picture->language, caption));
	fprintf(report->out, "\">\n<table class=\"%s\">\n", classes);
	page_say(report, "caption", caption);
}

void page_table_heads(struct report *report, ...)
{
	va_list words;

	fputs("<thead><tr>\n", report->out);
	va_start(words, report);
	for (int word = va_arg(words, int); word >= 0; word = va_arg(words, int))
		page_element(report,
			     word >> 16 ? "th scope=\"col\" class=\"number\"" : "th scope=\"col\"",
			     "%s", say(report->picture->language, (enum word)(word & 0xffff)));
	va_end(words);
	fputs("</tr></thead>\n<tbody>\n", report->out);
}

void page_row(struct report *report, const char *head)
{
	fputs("<tr>\n", report->out);
	page_element(report, "th scope=\"row\"", "%s", head);
}

void page_table_end(struct report *report)
{
	fputs("</tbody>\n</table>\n</div>\n", report->out);
}

void page_cell(struct report *report, double key, const char *format, ...)
{
	va_list arguments;

	if (isfinite(key))
		fprintf(report->out, "<td class=\"number\" data-key=\"%.9g\">", key);
	else
		fputs("<td>", report->out);
	va_start(arguments, format);
	put_html_arguments(report->out, format, arguments);
	va_end(arguments);
	fputs("</td>\n", report->out);
}

void page_interval(struct report *report, const struct interval *interval,
		   struct number (*format)(enum language, double), const char *unit)
{
	enum language language = report->picture->language;

	if (!isfinite(interval->value)) {
		fputs("<td class=\"number soft\">\u2013</td>\n", report->out);
		return;
	}
	fprintf(report->out, "<td class=\"number\" data-key=\"%.9g\">", interval->value);
	put_html_format(report->out, "%s%s%s", format(language, interval->value).text,
			*unit ? "\u00a0" : "", unit);
	if (isfinite(interval->low) && isfinite(interval->high)) {
		fputs(" <span class=\"interval\">", report->out);
		put_html_format(report->out, say(language, WORD_TO),
				format(language, interval->low).text,
				format(language, interval->high).text);
		fputs("</span>", report->out);
	}
	fputs("</td>\n", report->out);
}

struct phrase report_phrase(const struct report *report, const char *english)
{
	return phrase_in(report->picture->language, english);
}
