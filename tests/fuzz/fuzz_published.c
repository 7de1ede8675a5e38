/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table of published figures. */
#include "tests/fuzz/fuzz.h"

#include "results/published.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	struct published *published = NULL;
	struct error err;

	if (!published_parse("fuzz", text, &published, &err))
		for (int i = 0; i < published->count; i++)
			fuzz_require(published->points[i].environment &&
				     published->points[i].figure);
	published_destroy(published);
	free(text);
	return 0;
}
