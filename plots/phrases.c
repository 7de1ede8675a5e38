/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Translates the English of results and drivers to Portuguese: reasons, labels, flags. Each part of
 * a text is replaced by the first phrase of the table that matches; the rest stays as it is: a
 * name, a number or another program's message. */
#include <stdio.h>
#include <string.h>

#include "plots/language.h"
#include "results/reason.h"
#include "results/summary.h"
#include "results/verdict.h"

static const char *const phrases[][2] = {
	/* reasons that drivers give, advice */
	{"it forks, and nothing in this environment can fork",
	 "ela cria processos, o que nada neste ambiente pode fazer"},
	{ADVICE_STARTS, "mais partidas o estreitariam, mais blocos não"},
	{ADVICE_LONGER, "uma execução mais longa o estreitaria, ensaios mais longos não"},
	{ADVICE_BLOCKS, "mais blocos o estreitariam"},
	/* labels, and why an environment is not comparable */
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
	{" again", " de novo"},
	{", idle neighbour", ", vizinho ocioso"},
	{", competing neighbour", ", vizinho concorrente"},
	{" neighbour", " como vizinho"},
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
	{"cannot tell", "não dá para dizer"},
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
	struct phrase phrase = {""};
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

struct phrase reason_phrase(enum language language, const struct reason *reason)
{
	struct reason said = *reason;
	struct phrase phrase = {""};

	if (reason->kind == REASON_SAID)
		snprintf(said.text, sizeof(said.text), "%s",
			 phrase_in(language, reason->text).text);
	reason_text(&said, language, phrase.text, sizeof(phrase.text));
	return phrase;
}

struct phrase remedy_phrase(enum language language, const struct remedy *remedy)
{
	struct phrase phrase = {""};

	remedy_text(remedy, language, phrase.text, sizeof(phrase.text));
	return phrase;
}
