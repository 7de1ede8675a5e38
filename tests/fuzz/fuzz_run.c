/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run.json of a run that is to be resumed: the plan in it; the catalogue that it is held against is
 * beside it, or made of its own workloads. */
#include "tests/fuzz/fuzz.h"

#include "harness/observe/parity.h"
#include "harness/plan/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *run = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, NULL);
	json_t *parity = parity_table(json_object_get(run, "environments"));
	struct placement placement = {.memory_bytes = 2ULL << 30, .scratch_bytes = 1ULL << 30};
	json_t *catalogue = json_object_get(run, "catalogue")
				    ?: json_object_get(json_object_get(run, "plan"), "workloads");
	struct plan *plan;
	struct error err;

	fuzz_require(json_is_array(parity));
	if (json_is_object(run) && !plan_from_run(run, catalogue, &placement, &plan, &err)) {
		json_t *written = plan_json(plan);

		fuzz_require(json_is_object(written));
		json_decref(written);
		plan_destroy(plan);
	}
	json_decref(parity);
	json_decref(run);
	return 0;
}
