/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plots/language.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define WORD_TEXTS(name, en, pt) [WORD_##name] = {en, pt},
static const char *const texts[WORD_COUNT][LANGUAGE_COUNT] = {WORDS(WORD_TEXTS)};
static const char *const tags[LANGUAGE_COUNT] = {"en", "pt-BR"};

#define NO_BREAK_SPACE "\u00a0"
#define MINUS "\u2212"

int language_parse(const char *tag, enum language *language, struct error *err)
{
	*language = LANGUAGE_EN;
	for (int i = 0; tag && i < LANGUAGE_COUNT; i++) {
		if (strcmp(tag, tags[i]))
			continue;
		*language = (enum language)i;
		return 0;
	}
	if (!tag)
		return 0;
	return error_set(err, -EINVAL, "unknown language %s; valid languages: en pt-BR", tag);
}

const char *language_tag(enum language language)
{
	return tags[language];
}

const char *say(enum language language, enum word word)
{
	return texts[word][language];
}

/* printf's number with the language's decimal mark and a true minus. */
static struct number localized(enum language language, const char *text)
{
	struct number number = {""};
	size_t used = 0;

	for (; *text && used + sizeof(MINUS) < sizeof(number.text); text++) {
		if (*text == '-') {
			memcpy(number.text + used, MINUS, strlen(MINUS));
			used += strlen(MINUS);
			continue;
		}
		number.text[used++] = *text == '.' && language == LANGUAGE_PT_BR ? ',' : *text;
	}
	number.text[used] = '\0';
	return number;
}

/* The number of decimals that shows `digits` significant digits, at most `most`. */
static int decimals(double value, int digits, int most)
{
	double magnitude = fabs(value);
	int places;

	if (magnitude == 0)
		return 0;
	places = digits - 1 - (int)floor(log10(magnitude) + 1e-9);
	return places < 0 ? 0 : places > most ? most : places;
}

struct number number_ratio(enum language language, double ratio)
{
	char text[40];

	if (!isfinite(ratio))
		return localized(language, "n/a");
	if (fabs(ratio) >= 1e6 || (ratio != 0 && fabs(ratio) < 1e-4))
		snprintf(text, sizeof(text), "%.1e", ratio);
	else
		snprintf(text, sizeof(text), "%.*f",
			 decimals(ratio, fabs(ratio) < 0.1 ? 2 : 3, fabs(ratio) < 0.1 ? 6 : 2),
			 ratio);
	return localized(language, text);
}

struct number number_percent(enum language language, double percent)
{
	char text[40];

	if (!isfinite(percent))
		return localized(language, "n/a");
	if (fabs(percent) >= 1e6)
		snprintf(text, sizeof(text), "%+.1e" NO_BREAK_SPACE "%%", percent);
	else if (fabs(percent) < 0.05)
		snprintf(text, sizeof(text), "0" NO_BREAK_SPACE "%%");
	else
		snprintf(text, sizeof(text), "%+.*f" NO_BREAK_SPACE "%%", fabs(percent) < 9.95,
			 percent);
	return localized(language, text);
}

struct number number_overhead(enum language language, double cost)
{
	return number_percent(language, (cost - 1) * 100);
}

/* Puts a no-break space between groups of three digits if there are five or more. */
static void group_digits(char *text, size_t size)
{
	size_t whole = strspn(text, "0123456789"), length = strlen(text);

	for (size_t at = whole; whole > 4 && at > 3;) {
		at -= 3;
		if (length + strlen(NO_BREAK_SPACE) >= size)
			return;
		memmove(text + at + strlen(NO_BREAK_SPACE), text + at, length - at + 1);
		memcpy(text + at, NO_BREAK_SPACE, strlen(NO_BREAK_SPACE));
		length += strlen(NO_BREAK_SPACE);
	}
}

struct number number_value(enum language language, double value)
{
	char text[40];

	if (!isfinite(value))
		return localized(language, "n/a");
	if (fabs(value) >= 1e12 || (value != 0 && fabs(value) < 1e-6))
		snprintf(text, sizeof(text), "%.2e", value);
	else
		snprintf(text, sizeof(text), "%.*f", decimals(value, 3, 9), value);
	group_digits(text, sizeof(text));
	return localized(language, text);
}

struct number number_plain(enum language language, double value)
{
	char text[40];

	snprintf(text, sizeof(text),
		 fabs(value) >= 1e6 || (value != 0 && fabs(value) < 1e-4) ? "%.3g" : "%.6g", value);
	return localized(language, text);
}

struct number number_seconds(enum language language, double seconds)
{
	static const struct {
		double scale;
		const char *unit;
	} units[] = {{1, "s"}, {1e-3, "ms"}, {1e-6, "\u00b5s"}, {1e-9, "ns"}};
	size_t unit = 0;
	char text[40];

	if (!isfinite(seconds))
		return localized(language, "n/a");
	while (unit + 1 < sizeof(units) / sizeof(*units) && fabs(seconds) < units[unit].scale)
		unit++;
	seconds /= units[unit].scale;
	snprintf(text, sizeof(text), "%.*f" NO_BREAK_SPACE "%s", decimals(seconds, 3, 2), seconds,
		 units[unit].unit);
	return localized(language, text);
}
