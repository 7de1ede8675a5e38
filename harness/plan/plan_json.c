/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plan as run.json holds it, and back. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "harness/plan/plan_arms.h"
#include "harness/plan/plan_workloads.h"

json_t *plan_study_json(const struct plan *plan)
{
	return json_pack("{s:s, s:s, s:O*}", "name", plan->study, "title", plan->title, "figures",
			 plan->figures);
}

json_t *plan_json(const struct plan *plan)
{
	json_t *workloads = json_array(), *arms = json_array(), *slow = json_object();

	for (int i = 0; i < plan->workload_count; i++)
		json_array_append(workloads, plan->workloads[i].entry);
	for (int i = 0; i < plan->arm_count; i++) {
		const struct plan_arm *arm = &plan->arms[i];

		json_array_append_new(arms, json_pack("{s:s, s:s, s:s, s:b, s:i, s:s*}", "id",
						      arm->id, "environment", arm->name, "role",
						      arm_role_names[arm->role], "optional",
						      (int)arm->optional, "every", arm->every,
						      "rung", arm->rung));
		if (arm->slow > 0)
			json_object_set_new(slow, arm->id, json_real(arm->slow));
	}
	return json_pack("{s:s, s:I, s:s, s:f, s:f, s:i, s:i, s:i, s:i, s:f, s:o, s:o, s:o, s:O}",
			 "preset", plan->preset, "seed", (json_int_t)plan->seed, "baseline",
			 plan->arms[0].name, "trial_seconds", plan->trial_seconds, "warmup_seconds",
			 plan->warmup_seconds, "min_blocks", plan->min_blocks, "max_blocks",
			 plan->max_blocks, "starts", plan->starts, "blocks_per_start",
			 plan->blocks_per_start, "budget_seconds", plan->budget_seconds, "slow",
			 slow, "workloads", workloads, "arms", arms, "left_out", plan->left_out);
}

static void read_text(const json_t *object, const char *key, char *text, size_t size)
{
	const char *value = json_string_value(json_object_get(object, key));

	snprintf(text, size, "%s", value ? value : "");
}

static int read_workloads(struct plan *plan, const json_t *list, struct error *err)
{
	json_t *entry;
	size_t i;

	plan->workloads = calloc(json_array_size(list) + 1, sizeof(*plan->workloads));
	if (!plan->workloads)
		return error_errno(err, -ENOMEM, "the plan");
	json_array_foreach (list, i, entry) {
		struct plan_workload *w = &plan->workloads[plan->workload_count++];

		w->entry = json_incref(entry);
		plan_workload_read(w);
		if (!w->name[0] || !json_is_object(w->values))
			return error_set(err, -EINVAL, "run.json: workload %zu is incomplete",
					 i + 1);
	}
	return 0;
}

static int read_arm(struct plan_arm *arm, const json_t *json, struct error *err)
{
	const char *name = json_string_value(json_object_get(json, "environment"));
	int role =
		vocabulary_find(arm_role_names, json_string_value(json_object_get(json, "role")));
	const char *id = json_string_value(json_object_get(json, "id"));
	const char *rung = json_string_value(json_object_get(json, "rung"));
	int rc;

	if (!name || role < 0 || !id)
		return error_set(err, -EINVAL, "run.json: an arm is incomplete");
	rc = plan_parse_arm(name, arm, err);
	if (rc)
		return rc;
	arm->role = (enum arm_role)role;
	arm->optional = json_is_true(json_object_get(json, "optional"));
	arm->every = (int)json_integer_value(json_object_get(json, "every"));
	arm->every = arm->every < 1 ? 1 : arm->every;
	free(arm->id);
	arm->id = strdup(id);
	arm->rung = rung ? strdup(rung) : NULL;
	return arm->id && (arm->rung || !rung) ? 0 : error_errno(err, -ENOMEM, "the plan");
}

static int read_arms(struct plan *plan, const json_t *list, const json_t *environments,
		     struct error *err)
{
	const json_t *json;
	size_t i;
	int rc;

	plan->arms = calloc(json_array_size(list) + 1, sizeof(*plan->arms));
	if (!plan->arms)
		return error_errno(err, -ENOMEM, "the plan");
	json_array_foreach (list, i, json) {
		struct plan_arm *arm = &plan->arms[plan->arm_count++];
		struct availability *a = &arm->availability;
		const json_t *was;

		rc = read_arm(arm, json, err);
		if (rc)
			return rc;
		was = json_object_get(environments, arm->name);
		a->usable = json_is_true(json_object_get(was, "available"));
		a->comparable = json_is_true(json_object_get(was, "comparable"));
		a->emulated = json_is_true(json_object_get(was, "emulated"));
		read_text(was, "label", a->label, sizeof(a->label));
		read_text(was, "reason", a->reason, sizeof(a->reason));
	}
	if (plan->arm_count < 2)
		return error_set(err, -EINVAL, "run.json: the plan has no baseline");
	return 0;
}

static int integer_at(const json_t *object, const char *key)
{
	return (int)json_integer_value(json_object_get(object, key));
}

int plan_from_run(const json_t *run, struct plan **plan, struct error *err)
{
	const json_t *json = json_object_get(run, "plan"), *study = json_object_get(run, "study");
	struct plan *p = calloc(1, sizeof(*p));
	int rc;

	*plan = NULL;
	if (!p)
		return error_errno(err, -ENOMEM, "the plan");
	read_text(study, "name", p->study, sizeof(p->study));
	read_text(study, "title", p->title, sizeof(p->title));
	p->figures = json_incref(json_object_get(study, "figures"));
	read_text(json, "preset", p->preset, sizeof(p->preset));
	p->seed = (uint64_t)json_integer_value(json_object_get(json, "seed"));
	p->trial_seconds = json_number_value(json_object_get(json, "trial_seconds"));
	p->warmup_seconds = json_number_value(json_object_get(json, "warmup_seconds"));
	p->budget_seconds = json_number_value(json_object_get(json, "budget_seconds"));
	p->min_blocks = integer_at(json, "min_blocks");
	p->max_blocks = integer_at(json, "max_blocks");
	p->starts = integer_at(json, "starts");
	p->blocks_per_start = integer_at(json, "blocks_per_start");
	p->left_out = json_incref(json_object_get(json, "left_out")) ?: json_array();
	if (p->trial_seconds <= 0 || p->starts < 1 || p->min_blocks < 1)
		rc = error_set(err, -EINVAL, "run.json has no plan that can be resumed");
	else
		rc = read_workloads(p, json_object_get(json, "workloads"), err);
	if (!rc)
		rc = read_arms(p, json_object_get(json, "arms"),
			       json_object_get(run, "environments"), err);
	if (rc)
		plan_destroy(p);
	else
		*plan = p;
	return rc;
}
