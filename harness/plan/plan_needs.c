/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compares what the members of a cast need with what they get. */
#include <math.h>
#include <stdio.h>

#include "harness/plan/placement.h"
#include "harness/plan/plan.h"

#define MIB (double)(1 << 20)

/* The catalogue's fixed part plus the value of the parameter that it names. */
static double memory_needed(const struct plan_workload *w, const json_t *needs)
{
	const char *parameter = json_string_value(json_object_get(needs, "memory_parameter"));

	return json_number_value(json_object_get(needs, "memory")) +
	       (parameter ? json_number_value(json_object_get(w->values, parameter)) : 0);
}

/* Bare metal sees the whole host, but may use only what the others get. */
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
		return false; /* unknown */
	has_memory = memory_there(hello, placement);
	if (cpus > has_cpus)
		snprintf(why, size, "it needs %d CPUs, but this environment has %d", cpus,
			 has_cpus);
	else if (memory > has_memory)
		snprintf(why, size,
			 "it needs %.0f MiB of memory, but this environment has %.0f MiB",
			 memory / MIB, has_memory / MIB);
	else if (json_is_true(json_object_get(needs, "kvm")) &&
		 json_is_false(json_object_get(hello, "kvm")))
		snprintf(why, size, "it needs /dev/kvm, which this environment cannot open");
	else
		return false;
	return true;
}

/* What the driver or the host rules out before anything is started. */
static const char *ruled_out(const struct plan_workload *workload,
			     const struct plan_instance *instance, bool network)
{
	if (workload->fork && instance->environment->driver->no_fork)
		return "it forks, and nothing in this environment can fork";
	if (workload->peer && instance->availability.no_network)
		return "it needs a network, but this environment has none";
	if (workload->peer && !network)
		return "it needs network namespaces, which need root; run it with sudo";
	return NULL;
}

static void check_member(const struct plan *plan, struct plan_condition *condition,
			 const struct plan_member *member, const struct placement *placement,
			 bool network, const json_t *environments)
{
	const struct plan_instance *instance = &plan->instances[member->instance];
	const struct plan_workload *workload = &plan->workloads[member->workload];
	const json_t *environment = json_object_get(environments, instance->name);
	const char *why;

	if (instance->environment->driver->simulate)
		return;
	why = ruled_out(workload, instance, network);
	if (why)
		snprintf(condition->obstacle, sizeof(condition->obstacle), "%s", why);
	else
		plan_lacks(workload, json_object_get(environment, "hello"), placement,
			   condition->obstacle, sizeof(condition->obstacle));
}

void plan_check_needs(struct plan *plan, const struct placement *placement, bool network,
		      const json_t *environments)
{
	for (int i = 0; i < plan->condition_count; i++) {
		struct plan_condition *condition = &plan->conditions[i];

		for (int m = 0; m < condition->cast_count && !condition->obstacle[0]; m++)
			if (condition->cast[m].instance >= 0 && condition->cast[m].workload >= 0)
				check_member(plan, condition, &condition->cast[m], placement,
					     network, environments);
	}
}
