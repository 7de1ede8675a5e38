/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs a target on the files that are named, without libFuzzer: seeds and found cases as tests. */
#include "tests/fuzz/fuzz.h"

#define INPUT_MAX (1u << 20)

int main(int argc, char **argv)
{
	uint8_t *data = malloc(INPUT_MAX);

	for (int i = 1; data && i < argc; i++) {
		FILE *file = fopen(argv[i], "re");

		if (!file) {
			fprintf(stderr, "%s cannot be read\n", argv[i]);
			return 1;
		}
		LLVMFuzzerTestOneInput(data, fread(data, 1, INPUT_MAX, file));
		fclose(file);
	}
	free(data);
	fprintf(stderr, "%d inputs\n", argc - 1);
	return 0;
}
