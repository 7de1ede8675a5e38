/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reasons and remedies (results/reason.h) in the reader's language. */
#include <math.h>
#include <stdio.h>

#include "plots/language.h"
#include "results/estimate.h"
#include "results/reason.h"

static const char *const portuguese[] = {
	[REASON_NONE] = "",
	[REASON_FEW_SAMPLES] = "n/d (poucas amostras)",
	[REASON_FEW_IN_RUN] = "uma das execuções tem blocos de menos",
	[REASON_AMBIGUOUS] = "o que foi publicado admite duas leituras",
	[REASON_NO_NUMBER] = "publicado sem número",
	[REASON_UNVERIFIED] = "o valor publicado não foi verificado",
	[REASON_NO_INTERVAL] = "nosso valor não tem intervalo",
	[REASON_PARTLY] =
		"nosso intervalo está em parte dentro do valor publicado, em parte ao lado",
	[REASON_NOT_COMPARABLE] = "nosso ambiente não é comparável com o publicado",
	[REASON_NO_VALUE] = "sem valor válido",
	[REASON_NOT_COVERED] = "ainda não coberto",
};

static void put_portuguese(char *text, size_t size, const struct reason *r)
{
	const enum language language = LANGUAGE_PT_BR;

	switch (r->kind) {
	case REASON_SAID:
		snprintf(text, size, "%s%.370s", r->of_baseline ? "a referência: " : "",
			 phrase_in(language, r->text).text);
		break;
	case REASON_FEW_BLOCKS:
		snprintf(text, size, "%g blocos completos; são necessários ao menos %d", r->number,
			 ESTIMATE_MIN_BLOCKS);
		break;
	case REASON_ZEROS:
		snprintf(text, size, "%g valores são zero e deixam blocos de menos", r->number);
		break;
	case REASON_CLOCK:
		snprintf(text, size, "n/d (%srelógio anda %s %% %s)",
			 r->of_baseline ? "o da referência: o " : "seu ",
			 number_plain(language, round(fabs(r->number) * 10) / 10).text,
			 r->number > 0 ? "rápido" : "devagar");
		break;
	case REASON_WIDE:
		snprintf(text, size, "o intervalo contém 1 e ultrapassa a margem de %s %%",
			 number_plain(language, r->number).text);
		break;
	case REASON_NULL_OFF:
		snprintf(text, size,
			 "a referência difere de si mesma em %s, mais que a margem de %s %%",
			 number_percent(language, r->number).text,
			 number_plain(language, r->margin).text);
		break;
	case REASON_NO_METRIC:
		snprintf(text, size, "a execução não tem a métrica %s", r->text);
		break;
	case REASON_NO_ENVIRONMENT:
		snprintf(text, size, "a execução não tem o ambiente %s", r->text);
		break;
	case REASON_NO_WORKLOAD:
		snprintf(text, size, "a execução não tem a carga %s", r->text);
		break;
	case REASON_OTHER_BASELINE:
		snprintf(text, size, "a execução compara com %s, o estudo com %s", r->text,
			 r->other);
		break;
	default:
		snprintf(text, size, "%s", portuguese[r->kind]);
	}
}

struct phrase reason_phrase(enum language language, const struct reason *reason)
{
	struct phrase phrase;

	if (language == LANGUAGE_EN)
		reason_text(reason, phrase.text, sizeof(phrase.text));
	else
		put_portuguese(phrase.text, sizeof(phrase.text), reason);
	return phrase;
}

struct phrase remedy_phrase(enum language language, const struct remedy *r)
{
	struct phrase phrase = {""};

	if (language == LANGUAGE_EN)
		remedy_text(r, phrase.text, sizeof(phrase.text));
	else if (r->kind == REMEDY_STARTS)
		snprintf(phrase.text, sizeof(phrase.text), "%d partidas%s", r->starts,
			 r->starts <= 5   ? ": --preset standard"
			 : r->starts <= 8 ? ": --preset thorough"
					  : "");
	else if (r->kind == REMEDY_MINUTES && r->seconds < 60)
		snprintf(phrase.text, sizeof(phrase.text), "mais uns %.0f segundos",
			 ceil(r->seconds / 5) * 5);
	else if (r->kind == REMEDY_MINUTES)
		snprintf(phrase.text, sizeof(phrase.text), "mais uns %.0f minutos",
			 ceil(r->seconds / 60));
	return phrase;
}
