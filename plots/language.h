/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of figures and reports in each language, side by side, and numbers in that language's
 * format. Words with a % are formats: both languages take the same arguments. */
#pragma once

#include <stddef.h>

#include "base/error.h"
#include "base/vocabulary.h"
#include "plots/words.h"

#define WORD_NAME(name, en, pt) WORD_##name,
enum word { WORDS(WORD_NAME) WORD_COUNT };
#undef WORD_NAME

/* "en" or "pt-BR"; -EINVAL for any other, with the valid ones. NULL is English. */
int language_parse(const char *tag, enum language *language, struct error *err);
const char *language_tag(enum language language);
const char *say(enum language language, enum word word);

/* Translates English from results and drivers (a reason, a label, a flag), as far as its phrases
 * are known (phrases.c). */
struct phrase {
	char text[400];
};
struct phrase phrase_in(enum language language, const char *english);
struct reason;
struct remedy;
struct phrase reason_phrase(enum language language, const struct reason *reason);
struct phrase remedy_phrase(enum language language, const struct remedy *remedy);

/* A number as text, with the language's decimal mark and a minus sign. */
struct number {
	char text[40];
};

/* A ratio with two or three digits: 0.98, 0.033, 31.4; "n/a" if it is not finite. */
struct number number_ratio(enum language language, double ratio);
/* With a sign and a percent sign: "+400 %", "−0.4 %". */
struct number number_percent(enum language language, double percent);
/* A cost relative to the baseline as an overhead in percent. */
struct number number_overhead(enum language language, double cost);
/* Three digits, with thousands separated: "18 400", "0.0412". */
struct number number_value(enum language language, double value);
/* The shortest exact form, for axes. */
struct number number_plain(enum language language, double value);
/* A time with its unit, from ns to s. */
struct number number_seconds(enum language language, double seconds);
