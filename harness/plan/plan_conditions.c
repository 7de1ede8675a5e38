/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The conditions of a plan. Nothing else knows that a study is the product of workloads,
 * environments and scenes. */
#include "harness/plan/plan_conditions.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

const struct plan_condition *plan_first(const struct plan *plan, int comparison)
{
	return &plan->conditions[plan->comparisons[comparison].first];
}

const char *plan_key(const struct plan *plan, int comparison)
{
	return plan->workloads[plan->comparisons[comparison].workload].key;
}

const char *plan_member_key(const struct plan *plan, const struct plan_member *member)
{
	return member->workload < 0 ? NULL : plan->workloads[member->workload].key;
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

/* With its load generator, if it serves. */
static void add_worker(const struct plan *plan, struct plan_condition *condition,
		       enum cast_role role, int instance, int workload)
{
	add_member(condition, role, instance, workload);
	if (workload >= 0 && plan->workloads[workload].peer)
		add_member(condition, CAST_LOAD, -1, workload);
}

static int neighbour_of(const struct plan *plan, int instance)
{
	for (int i = 0; i < plan->instance_count; i++)
		if (plan->instances[i].beside == instance)
			return i;
	return -1;
}

/* What a scene's neighbour runs beside `own`; -1: nothing. */
static int neighbours_workload(const struct plan *plan, const json_t *scene, int own)
{
	const char *key = json_text(scene, "neighbour");

	if (strcmp(key, SCENE_SAME) == 0)
		return own;
	for (int i = 0; i < plan->workload_count; i++)
		if (strcmp(plan->workloads[i].key, key) == 0)
			return i;
	return -1;
}

/* Its own, where it has its metrics from a procedure. */
static const char *procedure_of(const struct plan_workload *workload)
{
	const char *own = json_text(workload->entry, "procedure");

	return *own ? own : workload->peer ? "serve" : "work";
}

static int name_condition(struct plan_condition *condition, const char *key, const char *instance,
			  struct error *err)
{
	const char *scene = condition->scene;

	if (asprintf(&condition->id, "%s/%s%s%s", key, instance, scene ? "+" : "",
		     scene ? scene : "") < 0) {
		condition->id = NULL;
		return error_errno(err, -ENOMEM, "the plan");
	}
	condition->column = condition->id + strlen(key) + 1;
	return 0;
}

/* `alone`: index of the same instance's condition, or -1 to add that one. */
static int add_condition(struct plan *plan, struct plan_comparison *c, int instance, int alone,
			 const json_t *scene, struct error *err)
{
	struct plan_condition *condition = &plan->conditions[plan->condition_count];
	int repeats = plan->instances[instance].repeats;
	bool company = json_array_size(plan->scenes) > 0;

	*condition = (struct plan_condition){
		.procedure = procedure_of(&plan->workloads[c->workload]),
		.scene = json_string_value(json_object_get(scene, "name")),
		.comparison = plan->comparison_count,
		.against = company ? plan->condition_count : c->first + plan->baseline,
		.null = repeats < 0 ? -1 : c->first + repeats,
		.every = 1,
	};
	add_worker(plan, condition, CAST_SUBJECT, instance, c->workload);
	if (scene) {
		int workload = neighbours_workload(plan, scene, c->workload);

		add_worker(plan, condition, CAST_NEIGHBOUR, neighbour_of(plan, instance), workload);
		condition->against = alone;
		condition->null = workload < 0 ? alone : -1;
	}
	plan->condition_count++;
	c->count++;
	return name_condition(condition, plan->workloads[c->workload].key,
			      plan->instances[instance].id, err);
}

static int add_comparison(struct plan *plan, int workload, struct error *err)
{
	struct plan_comparison *c = &plan->comparisons[plan->comparison_count];
	int rc = 0;

	*c = (struct plan_comparison){.workload = workload, .first = plan->condition_count};
	for (int i = 0; i < plan->instance_count && !rc; i++) {
		int alone = plan->condition_count;
		const json_t *scene;
		size_t k;

		if (plan->instances[i].beside >= 0)
			continue;
		rc = add_condition(plan, c, i, -1, NULL, err);
		json_array_foreach (plan->scenes, k, scene)
			rc = rc ?: add_condition(plan, c, i, alone, scene, err);
	}
	plan->comparison_count++;
	return rc;
}

/* In a plan that was read, instances and scenes may not match. */
static int check_conditions(const struct plan *plan, struct error *err)
{
	bool whole = plan->condition_count > 0;

	for (int i = 0; i < plan->condition_count && whole; i++) {
		const struct plan_condition *c = &plan->conditions[i];

		whole = c->against < plan->condition_count && c->null < plan->condition_count;
		for (int k = 0; k < c->cast_count; k++)
			whole = whole && (c->cast[k].instance >= 0 || c->cast[k].role == CAST_LOAD);
	}
	if (whole)
		return 0;
	return error_set(err, -EINVAL,
			 "the plan has no condition, or one that lacks its neighbour or what it is "
			 "compared with");
}

int plan_add_conditions(struct plan *plan, struct error *err)
{
	size_t workloads = (size_t)plan->workload_count, each = (size_t)plan->instance_count;
	int rc = 0;

	each *= 1 + json_array_size(plan->scenes);
	if (workloads * each > PLAN_CONDITIONS_MAX)
		return error_set(err, -EINVAL,
				 "%zu workloads in %zu conditions each are more than %d", workloads,
				 each, PLAN_CONDITIONS_MAX);
	plan->comparisons = calloc(workloads + 1, sizeof(*plan->comparisons));
	plan->conditions = calloc(workloads * each + 1, sizeof(*plan->conditions));
	if (!plan->comparisons || !plan->conditions)
		return error_errno(err, -ENOMEM, "the plan");
	for (int w = 0; w < plan->workload_count && !rc; w++)
		if (!plan->workloads[w].beside)
			rc = add_comparison(plan, w, err);
	return rc ? rc : check_conditions(plan, err);
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
