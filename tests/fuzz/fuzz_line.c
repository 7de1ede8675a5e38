/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line of a journal: the parser without a tree, which is held against the one with a tree. */
#include "tests/fuzz/fuzz.h"

#include <jansson.h>

#include "results/trial_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct line line; /* reused from line to line, as it is made for */
	static int made;
	struct error err;

	if (!made)
		line_init(&line);
	made = 1;
	if (!line_parse(&line, (const char *)data, size, &err)) {
		json_t *json = json_loadb((const char *)data, size, 0, NULL);

		/* what is taken for an object is one; jansson is stricter (NUL, huge numbers) */
		fuzz_require(!json || json_is_object(json));
		fuzz_require(line.value_count <= LINE_VALUES && line.counter_count <= LINE_VALUES);
		fuzz_require(line.histogram_count <= LINE_HISTOGRAMS);
		json_decref(json);
	}
	return 0;
}
