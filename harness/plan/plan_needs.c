/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a workload needs, held against what an environment's agent found where it woke up. */
#include <math.h>
#include <stdio.h>

#include "harness/plan/placement.h"
#include "harness/plan/plan.h"

#define MIB (double)(1 << 20)

/* The catalogue's fixed part, and the parameter that says the rest. */
static double memory_needed(const struct plan_workload *w, const json_t *needs)
{
	const char *parameter = json_string_value(json_object_get(needs, "memory_parameter"));

	return json_number_value(json_object_get(needs, "memory")) +
	       (parameter ? json_number_value(json_object_get(w->values, parameter)) : 0);
}

/* Bare metal sees all of the host: what it may take is what the others get. */
static double memory_there(const json_t *hello, const struct placement *placement)
{
	return fmin(json_number_value(json_object_get(hello, "memory")),
		    (double)placement->memory_bytes);
}

bool plan_lacks(const struct plan_workload *workload, const json_t *hello,
		const struct placement *placement, char *why, size_t size)
{
	const json_t *needs = json_object_get(workload->entry, "needs");
	int cpus = (int)json_integer_value(json_object_get(needs, "cpus"));
	int has_cpus = (int)json_integer_value(json_object_get(hello, "cpus"));
	double memory = memory_needed(workload, needs), has_memory;

	if (!hello || !has_cpus)
		return false; /* it has not said */
	has_memory = memory_there(hello, placement);
	if (cpus > has_cpus)
		snprintf(why, size, "it needs %d CPUs, and this environment has %d", cpus,
			 has_cpus);
	else if (memory > has_memory)
		snprintf(why, size,
			 "it needs %.0f MiB of memory, and this environment has %.0f MiB",
			 memory / MIB, has_memory / MIB);
	else if (json_is_true(json_object_get(needs, "kvm")) &&
		 json_is_false(json_object_get(hello, "kvm")))
		snprintf(why, size, "it needs /dev/kvm, which this environment cannot open");
	else
		return false;
	return true;
}
