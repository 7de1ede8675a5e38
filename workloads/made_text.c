/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workloads/made_text.h"

#include <math.h>
#include <string.h>

#include "workloads/random.h"

#define WORDS 8192
#define WORD_MAX 12

struct word {
	char letters[WORD_MAX];
	unsigned char length;
};

static void make_words(struct word *words, struct random_state *random)
{
	static const char consonants[] = "tnshrdlcmwfgypbvk", vowels[] = "eaoiu";

	for (int i = 0; i < WORDS; i++) {
		struct word *w = &words[i];
		/* frequent words are short */
		int letters = 2 + (int)random_below(random, 3 + (uint64_t)(log2(i + 1) / 2));

		w->length = (unsigned char)(letters < WORD_MAX ? letters : WORD_MAX);
		for (int j = 0; j < w->length; j++)
			w->letters[j] =
				j % 2 ? vowels[random_below(random, sizeof(vowels) - 1)]
				      : consonants[random_below(random, sizeof(consonants) - 1)];
	}
}

void text_generate(char *text, size_t length, uint64_t seed)
{
	struct random_state random = random_seeded(seed);
	struct word words[WORDS];
	size_t at = 0;

	make_words(words, &random);
	while (at < length) {
		/* rank = WORDS^u has the density 1/rank: Zipf's law */
		const struct word *w = &words[(size_t)exp2(random_share(&random) * 13) - 1];
		size_t n = w->length < length - at ? w->length : length - at;
		uint64_t mark = random_below(&random, 60);

		memcpy(text + at, w->letters, n);
		at += n;
		if (mark < 6 && at < length)
			text[at++] = mark < 4 ? ',' : '.';
		if (at < length)
			text[at++] = mark == 59 ? '\n' : ' ';
	}
}
