/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What results and drivers say in English, in Portuguese: reasons, labels, flags. A text is put
 * together from the phrases of the table, the first that fits; what none fits stays as it is, for
 * it is a name, a number or another program's message.
 */
#include <stdio.h>
#include <string.h>

#include "plots/language.h"
#include "results/summary.h"
#include "results/verdict.h"

static const char *const phrases[][2] = {
	/* reasons of verdicts */
	{"the baseline differs from itself by more than the margin of ",
	 "a referência difere de si mesma além da margem de "},
	{"the interval holds 1 and reaches beyond the margin of ",
	 "o intervalo contém 1 e ultrapassa a margem de "},
	{" whole blocks, at least ", " blocos completos; são necessários ao menos "},
	{" are needed", ""},
	{"n/a (too few samples)", "n/d (poucas amostras)"},
	{"n/a (the baseline's clock runs ", "n/d (o relógio da referência anda "},
	{"n/a (its clock runs ", "n/d (seu relógio anda "},
	{" % fast)", " % rápido)"},
	{" % slow)", " % devagar)"},
	{"the baseline: ", "a referência: "},
	{"it forks, and nothing in this environment can fork",
	 "ela cria processos, o que nada neste ambiente pode fazer"},
	{ADVICE_STARTS, "mais partidas o estreitariam, mais blocos não"},
	{ADVICE_LONGER, "uma execução mais longa o estreitaria, ensaios mais longos não"},
	{ADVICE_BLOCKS, "mais blocos o estreitariam"},
	/* of the comparison with what was published */
	{"what was published can be read in two ways", "o que foi publicado admite duas leituras"},
	{"published without a number", "publicado sem número"},
	{"the published value is unverified", "o valor publicado não foi verificado"},
	{"our value has no interval", "nosso valor não tem intervalo"},
	{"our interval is too wide", "nosso intervalo é largo demais"},
	{"no valid value", "sem valor válido"},
	{"not covered yet", "ainda não coberto"},
	{"our environment is not comparable with the published one",
	 "nosso ambiente não é comparável com o publicado"},
	{"the run has no environment ", "a execução não tem o ambiente "},
	{"the run has no workload ", "a execução não tem a carga "},
	{"the run compares with ", "a execução compara com "},
	{", the study with ", ", o estudo com "},
	{" has no metric ", " não tem a métrica "},
	/* labels, and why an environment stands beside nothing published */
	{"the CPU is emulated in software (TCG)", "a CPU é emulada em software (TCG)"},
	{"KVM without hardware virtualization", "KVM sem virtualização por hardware"},
	{" runs no Linux guest: guest kernel mode takes ",
	 " não executa um Linux convidado: o modo núcleo do convidado leva "},
	{" an instruction, so it is emulated; guest user mode is native",
	 " por instrução, logo é emulado; o modo usuário é nativo"},
	{". A host with hardware virtualization is needed (a bare machine, or nested "
	 "virtualization)",
	 ". É preciso um hospedeiro com virtualização por hardware (máquina física ou "
	 "virtualização aninhada)"},
	{", in a virtual machine", ", em máquina virtual"},
	{", on an emulated CPU", ", em CPU emulada"},
	{"the host is a virtual machine itself: KVM is nested",
	 "o próprio hospedeiro é uma máquina virtual: o KVM é aninhado"},
	{"the host's CPU is emulated in software (TCG)",
	 "a CPU do hospedeiro é emulada em software (TCG)"},
	{"shadow paging", "paginação sombra"},
	{"(emulated, TCG", "(emulada, TCG"},
	{"cached by the host", "com cache do hospedeiro"},
	{", untuned", ", sem ajustes"},
	{", tuned", ", ajustada"},
	{", slowed by ", ", retardado em "},
	{"container in ", "container em "},
	{"simulated", "simulado"},
};

/* Flags, ends and outcomes: whole words. */
static const char *const names[][2] = {
	{"steal", "CPU roubada (steal)"},
	{"preempted", "preterido (preempted)"},
	{"throttled", "limitado (throttled)"},
	{"pressure", "pressão (pressure)"},
	{"clock", "relógio (clock)"},
	{"swap", "troca com o disco (swap)"},
	{"frequency", "frequência (frequency)"},
	{"cache answered", "um cache respondeu (cache answered)"},
	{"precision", "precisão"},
	{"time", "tempo"},
	{"blocks", "blocos"},
	{"failed", "falha"},
	{"right", "certa"},
	{"too low", "baixa demais"},
	{"too high", "alta demais"},
	{"unavailable", "indisponível"},
};

static const char *const *phrase_at(const char *text)
{
	for (size_t i = 0; i < sizeof(phrases) / sizeof(*phrases); i++)
		if (!strncmp(text, phrases[i][0], strlen(phrases[i][0])))
			return phrases[i];
	return NULL;
}

struct phrase phrase_in(enum language language, const char *english)
{
	struct phrase phrase;
	size_t used = 0;

	if (language == LANGUAGE_EN) {
		snprintf(phrase.text, sizeof(phrase.text), "%s", english);
		return phrase;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(english, names[i][0])) {
			snprintf(phrase.text, sizeof(phrase.text), "%s", names[i][1]);
			return phrase;
		}
	phrase.text[0] = '\0';
	while (*english && used + 1 < sizeof(phrase.text)) {
		const char *const *found = phrase_at(english);
		size_t room = sizeof(phrase.text) - used, length = found ? strlen(found[1]) : 1;

		if (length >= room)
			break;
		memcpy(phrase.text + used, found ? found[1] : english, length);
		used += length;
		english += found ? strlen(found[0]) : 1;
	}
	phrase.text[used] = '\0';
	return phrase;
}
