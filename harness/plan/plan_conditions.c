/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The conditions of a plan. Nothing else knows that today's studies are the product of workloads
 * and environments. */
#include "harness/plan/plan_conditions.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

const char *plan_key(const struct plan *plan, int comparison)
{
	return plan->workloads[plan->comparisons[comparison].workload].key;
}

struct plan_condition *plan_find(const struct plan *plan, int comparison, int instance)
{
	const struct plan_comparison *c = &plan->comparisons[comparison];

	for (int i = c->first; i < c->first + c->count; i++)
		if (plan->conditions[i].cast[0].instance == instance)
			return &plan->conditions[i];
	return NULL;
}

bool plan_is_baseline(const struct plan *plan, const struct plan_condition *condition)
{
	return &plan->conditions[condition->against] == condition;
}

static void add_member(struct plan_condition *condition, enum cast_role role, int instance,
		       int workload)
{
	condition->cast[condition->cast_count++] =
		(struct plan_member){.role = role, .instance = instance, .workload = workload};
}

static int add_condition(struct plan *plan, int comparison, int instance, struct error *err)
{
	struct plan_comparison *c = &plan->comparisons[comparison];
	int index = plan->condition_count, repeats = plan->instances[instance].repeats;
	struct plan_condition *condition = &plan->conditions[index];
	bool peer = plan->workloads[c->workload].peer;

	*condition = (struct plan_condition){
		.procedure = peer ? "serve" : "work",
		.comparison = comparison,
		.against = c->first + plan->baseline,
		.null = repeats < 0 ? -1 : c->first + repeats,
		.every = 1,
	};
	add_member(condition, CAST_SUBJECT, instance, c->workload);
	if (peer)
		add_member(condition, CAST_LOAD, -1, c->workload);
	if (asprintf(&condition->id, "%s/%s", plan_key(plan, comparison),
		     plan->instances[instance].id) < 0) {
		condition->id = NULL;
		return error_errno(err, -ENOMEM, "the plan");
	}
	plan->condition_count++;
	c->count++;
	return 0;
}

int plan_add_conditions(struct plan *plan, struct error *err)
{
	size_t workloads = (size_t)plan->workload_count, each = (size_t)plan->instance_count;
	int rc = 0;

	plan->comparisons = calloc(workloads + 1, sizeof(*plan->comparisons));
	plan->conditions = calloc(workloads * each + 1, sizeof(*plan->conditions));
	if (!plan->comparisons || !plan->conditions)
		return error_errno(err, -ENOMEM, "the plan");
	for (int w = 0; w < plan->workload_count; w++) {
		plan->comparisons[plan->comparison_count++] =
			(struct plan_comparison){.workload = w, .first = plan->condition_count};
		for (int i = 0; i < plan->instance_count && !rc; i++)
			rc = add_condition(plan, w, i, err);
	}
	return rc;
}

static const struct plan_instance *subject_of(const struct plan *plan,
					      const struct plan_condition *condition)
{
	return &plan->instances[condition->cast[0].instance];
}

static bool is_compared(const struct plan *plan, const struct plan_condition *condition)
{
	return !plan_is_baseline(plan, condition) && condition->null < 0;
}

void plan_set_turns(struct plan *plan)
{
	bool alone = true;

	for (int i = 0; i < plan->condition_count; i++) {
		const struct plan_condition *condition = &plan->conditions[i];
		const struct plan_instance *subject = subject_of(plan, condition);

		alone = alone && (!is_compared(plan, condition) || subject->availability.emulated ||
				  !plan_instance_usable(subject));
	}
	for (int i = 0; i < plan->condition_count; i++) {
		struct plan_condition *condition = &plan->conditions[i];
		bool emulated = subject_of(plan, condition)->availability.emulated;

		condition->every = is_compared(plan, condition) && emulated && !alone ? 2 : 1;
	}
}
