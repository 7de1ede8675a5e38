/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text BYTES TIMES FILE: writes the text of cpu.compress, TIMES over. */
#include <stdio.h>
#include <stdlib.h>

#include "workloads/made_text.h"

#define TEXT_SEED 1 /* as in workloads/cpu_compress.c */

int main(int argc, char **argv)
{
	size_t size = argc > 3 ? strtoull(argv[1], NULL, 10) : 0;
	int times = argc > 3 ? atoi(argv[2]) : 0;
	char *text = malloc(size ? size : 1);
	FILE *file = argc > 3 ? fopen(argv[3], "w") : NULL;

	if (!text || !file || !size)
		return 2;
	text_generate(text, size, TEXT_SEED);
	for (int i = 0; i < times; i++)
		if (fwrite(text, 1, size, file) != size)
			return 1;
	free(text);
	return fclose(file) ? 1 : 0;
}
