/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/reason.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "results/estimate.h"

#define IN(en, pt) (language == LANGUAGE_EN ? (en) : (pt))

bool reason_equal(const struct reason *a, const struct reason *b)
{
	return a->kind == b->kind && a->of_baseline == b->of_baseline && a->number == b->number &&
	       !strcmp(a->text, b->text) && !strcmp(a->other, b->other);
}

/* Formats for `text` and `other`. */
/* clang-format off */
static const char *const words[][LANGUAGE_COUNT] = {
	[REASON_NONE] = {"", ""},
	[REASON_SAID] = {"%s", "%s"},
	[REASON_FEW_SAMPLES] = {"n/a (too few samples)", "n/d (poucas amostras)"},
	[REASON_FEW_IN_RUN] = {"one of the runs has too few blocks", "uma das execuções tem blocos de menos"},
	[REASON_AMBIGUOUS] = {"the publication can be read in two ways", "o que foi publicado admite duas leituras"},
	[REASON_NO_NUMBER] = {"published without a number", "publicado sem número"},
	[REASON_UNVERIFIED] = {"the published value is unverified", "o valor publicado não foi verificado"},
	[REASON_NO_INTERVAL] = {"our value has no interval", "nosso valor não tem intervalo"},
	[REASON_PARTLY] = {"our interval lies only partly within the published range",
			   "nosso intervalo está só em parte dentro da faixa publicada"},
	[REASON_NOT_COMPARABLE] = {"our environment is not comparable with the published one",
				   "nosso ambiente não é comparável com o publicado"},
	[REASON_NO_METRIC] = {"the run has no metric %s", "a execução não tem a métrica %s"},
	[REASON_NO_VALUE] = {"no valid value", "sem valor válido"},
	[REASON_NO_ENVIRONMENT] = {"the run has no environment %s", "a execução não tem o ambiente %s"},
	[REASON_NO_WORKLOAD] = {"the run has no workload %s", "a execução não tem a carga %s"},
	[REASON_OTHER_BASELINE] = {"the run compares with %s, the study with %s", "a execução compara com %s, o estudo com %s"},
	[REASON_NOT_COVERED] = {"not covered yet", "ainda não coberto"},
};

static void put(const struct reason *r, enum language language, char *text, size_t size)
{
	switch (r->kind) {
	case REASON_FEW_BLOCKS:
		snprintf(text, size, IN("%g complete blocks; at least %d are needed",
					"%g blocos completos; são necessários ao menos %d"),
			 r->number, ESTIMATE_MIN_BLOCKS);
		break;
	case REASON_ZEROS:
		snprintf(text, size, IN("%g values are zero, which leaves too few blocks",
					"%g valores são zero e deixam blocos de menos"),
			 r->number);
		break;
	case REASON_CLOCK:
		snprintf(text, size, IN("n/a (%sclock runs %.1f %% %s)", "n/d (%srelógio anda %.1f %% %s)"),
			 r->of_baseline ? IN("the baseline's ", "o da referência: o ") : IN("its ", "seu "), fabs(r->number),
			 r->number > 0 ? IN("fast", "rápido") : IN("slow", "devagar"));
		break;
	case REASON_WIDE:
		snprintf(text, size, IN("the interval includes 1 and exceeds the margin of %g %%",
					"o intervalo contém 1 e ultrapassa a margem de %g %%"), r->number);
		break;
	case REASON_NULL_OFF:
		snprintf(text, size, IN("the baseline differs from itself by %+.1f %%, more than the margin of %g %%",
					"a referência difere de si mesma em %+.1f %%, mais que a margem de %g %%"),
			 r->number, r->margin);
		break;
	default:
		snprintf(text, size, words[r->kind][language], r->text, r->other);
	}
}
/* clang-format on */

/* Replaces the decimal points that printf wrote. */
static void use_commas(char *text)
{
	for (char *c = text; *c; c++)
		if (*c == '.' && c > text && c[-1] >= '0' && c[-1] <= '9')
			*c = ',';
}

const char *reason_text(const struct reason *r, enum language language, char *text, size_t size)
{
	const char *fault = r->kind == REASON_SAID && r->of_baseline
				    ? IN("the baseline: ", "a referência: ")
				    : "";
	size_t used = (size_t)snprintf(text, size, "%s", fault);

	put(r, language, text + used, size - used);
	if (language == LANGUAGE_PT_BR && r->kind != REASON_SAID)
		use_commas(text);
	return text;
}

const char *remedy_text(const struct remedy *r, enum language language, char *text, size_t size)
{
	double minutes = ceil(r->seconds / 60);

	*text = '\0';
	if (r->kind == REMEDY_STARTS && r->starts <= 8)
		snprintf(text, size, "%d %s (--preset %s)", r->starts <= 5 ? 5 : 8,
			 IN("starts", "partidas"), r->starts <= 5 ? "standard" : "thorough");
	else if (r->kind == REMEDY_STARTS)
		snprintf(text, size, IN("about %d starts", "umas %d partidas"), r->starts);
	else if (r->kind == REMEDY_MINUTES && r->seconds < 60)
		snprintf(text, size, IN("about %.0f more seconds", "mais uns %.0f segundos"),
			 ceil(r->seconds / 5) * 5);
	else if (r->kind == REMEDY_MINUTES)
		snprintf(text, size, IN("about %.0f more minute%s", "mais uns %.0f minuto%s"),
			 minutes, minutes > 1 ? "s" : "");
	return text;
}
