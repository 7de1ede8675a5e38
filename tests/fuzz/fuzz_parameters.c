/* SPDX-License-Identifier: GPL-3.0-or-later */
/* {"entry": a catalogue entry, "given": values}: what an agent's catalogue and `--set` may say. */
#include "tests/fuzz/fuzz.h"

#include "base/parameters.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *json = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, NULL);
	json_t *entry = json_object_get(json, "entry"), *values = NULL, *again = NULL;
	struct error err;

	if (json_is_object(entry) &&
	    !parameters_resolve(entry, json_object_get(json, "given"), &values, &err)) {
		fuzz_require(json_is_object(values));
		/* what was resolved is resolved: the agent checks what the plan has sent */
		fuzz_require(!parameters_resolve(entry, values, &again, &err));
		fuzz_require(json_equal(values, again));
	}
	json_decref(values);
	json_decref(again);
	json_decref(json);
	return 0;
}
