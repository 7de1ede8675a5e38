/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Converts the plan to run.json and back. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parameters.h"
#include "base/json.h"
#include "harness/plan/plan_conditions.h"
#include "harness/plan/plan_instances.h"
#include "harness/plan/plan_workloads.h"

json_t *plan_study_json(const struct plan *plan)
{
	return json_pack("{s:s, s:s, s:O*}", "name", plan->study, "title", plan->title, "figures",
			 plan->figures);
}

static const char *id_of(const struct plan *plan, int instance)
{
	return instance < 0 ? NULL : plan->instances[instance].id;
}

static json_t *allotment_json(const struct plan *plan, const struct plan_member *member)
{
	const struct allotment *a;

	if (member->instance < 0)
		return NULL;
	a = &plan->instances[member->instance].allotment;
	return json_pack("{s:i, s:I, s:I}", "cpus", a->cpus, "memory_bytes",
			 (json_int_t)a->memory_bytes, "scratch_bytes",
			 (json_int_t)a->scratch_bytes);
}

static json_t *instance_json(const struct plan *plan, const struct plan_instance *instance)
{
	return json_pack("{s:s, s:s, s:b, s:s*, s:s*, s:s*, s:o*}", "id", instance->id,
			 "environment", instance->name, "optional", (int)instance->optional,
			 "repeats", id_of(plan, instance->repeats), "beside",
			 id_of(plan, instance->beside), "rung", instance->rung, "slow",
			 instance->slow > 0 ? json_real(instance->slow) : NULL);
}

static json_t *member_json(const struct plan *plan, const struct plan_member *member)
{
	return json_pack("{s:s, s:s*, s:s*, s:o*}", "role", cast_role_names[member->role],
			 "instance", id_of(plan, member->instance), "workload",
			 plan_member_key(plan, member), "allotment", allotment_json(plan, member));
}

static json_t *condition_json(const struct plan *plan, const struct plan_condition *condition)
{
	const char *null = condition->null < 0 ? NULL : plan->conditions[condition->null].id;
	json_t *cast = json_array();

	for (int i = 0; i < condition->cast_count; i++)
		json_array_append_new(cast, member_json(plan, &condition->cast[i]));
	return json_pack("{s:s, s:s, s:s, s:s, s:s*, s:o, s:i, s:s, s:s*, s:s*}", "id",
			 condition->id, "procedure", condition->procedure, "comparison",
			 plan_key(plan, condition->comparison), "column", condition->column,
			 "scene", condition->scene, "cast", cast, "every", condition->every,
			 "against", plan->conditions[condition->against].id, "null", null,
			 "obstacle", condition->obstacle[0] ? condition->obstacle : NULL);
}

json_t *plan_json(const struct plan *plan)
{
	json_t *workloads = json_array(), *instances = json_array(), *conditions = json_array();

	for (int i = 0; i < plan->workload_count; i++)
		json_array_append(workloads, plan->workloads[i].entry);
	for (int i = 0; i < plan->instance_count; i++)
		json_array_append_new(instances, instance_json(plan, &plan->instances[i]));
	for (int i = 0; i < plan->condition_count; i++)
		json_array_append_new(conditions, condition_json(plan, &plan->conditions[i]));
	return json_pack(
		"{s:s, s:I, s:s, s:f, s:f, s:i, s:i, s:i, s:i, s:f, s:o, s:o, s:O, s:o, s:O}",
		"preset", plan->preset, "seed", (json_int_t)plan->seed, "baseline",
		plan->instances[plan->baseline].name, "trial_seconds", plan->trial_seconds,
		"warmup_seconds", plan->warmup_seconds, "min_blocks", plan->min_blocks,
		"max_blocks", plan->max_blocks, "starts", plan->starts, "blocks_per_start",
		plan->blocks_per_start, "budget_seconds", plan->budget_seconds, "workloads",
		workloads, "instances", instances, "scenes", plan->scenes, "conditions", conditions,
		"left_out", plan->left_out);
}

static void read_text(const json_t *object, const char *key, char *text, size_t size)
{
	const char *value = json_string_value(json_object_get(object, key));

	snprintf(text, size, "%s", value ? value : "");
}

/* As plan_create takes it from the catalogue: the agent runs as root, and anybody may have written
 * the request. */
static int check_workload(const struct plan_workload *w, const json_t *catalogue, struct error *err)
{
	const json_t *entry = plan_catalogued(catalogue, w->name, strlen(w->name)), *value;
	cleanup_json json_t *values = NULL;
	const char *key;
	int rc;

	if (!entry)
		return error_set(err, -EINVAL,
				 "run.json: this agent has no workload '%.64s' (`tare list')",
				 w->name);
	json_object_foreach ((json_t *)entry, key, value) {
		cleanup_free char *its = NULL;

		if (!strcmp(key, "name") || json_equal(value, json_object_get(w->entry, key)))
			continue;
		its = json_dumps(json_object_get(w->entry, key), JSON_ENCODE_ANY);
		return error_set(err, -EINVAL,
				 "run.json: %s has %s %.200s, but the agent's differs: start a new "
				 "run",
				 w->name, key, its ? its : "nothing");
	}
	if (json_object_get(w->entry, "procedure") && !json_object_get(entry, "procedure"))
		return error_set(err, -EINVAL,
				 "run.json: %s has a procedure, but the agent's has none", w->name);
	rc = parameters_resolve(entry, w->values, &values, err);
	if (!rc && !json_equal(values, w->values))
		rc = error_set(err, -EINVAL, "a value of %s is missing or has the wrong type",
			       w->name);
	return rc ? error_prefix(err, "run.json") : 0;
}

static int read_workloads(struct plan *plan, const json_t *list, const json_t *catalogue,
			  struct error *err)
{
	json_t *entry;
	size_t i;
	int rc;

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
		rc = check_workload(w, catalogue, err);
		if (rc)
			return rc;
	}
	return 0;
}

static int read_instance(struct plan_instance *instance, const json_t *json, struct error *err)
{
	const char *name = json_string_value(json_object_get(json, "environment"));
	const char *id = json_string_value(json_object_get(json, "id"));
	const char *rung = json_string_value(json_object_get(json, "rung"));
	double slow = json_number_value(json_object_get(json, "slow"));
	int rc;

	if (!name || !id)
		return error_set(err, -EINVAL, "run.json: an instance is incomplete");
	rc = plan_parse_instance(name, instance, err);
	if (rc)
		return rc;
	instance->optional = json_is_true(json_object_get(json, "optional"));
	if (slow >= 0 && slow <= SLOW_MAX)
		instance->slow = slow;
	free(instance->id);
	instance->id = strdup(id);
	instance->rung = rung ? strdup(rung) : NULL;
	return instance->id && (instance->rung || !rung) ? 0
							 : error_errno(err, -ENOMEM, "the plan");
}

/* The index of the instance named by `key`, among those read before. */
static int read_relation(const struct plan *plan, const json_t *json, const char *key, int *index,
			 struct error *err)
{
	const char *id = json_string_value(json_object_get(json, key));

	*index = -1;
	for (int i = 0; id && i < plan->instance_count - 1; i++)
		if (strcmp(plan->instances[i].id, id) == 0)
			*index = i;
	if (!id || *index >= 0)
		return 0;
	return error_set(err, -EINVAL,
			 "run.json: instance %.64s %s '%.64s', which is not before it",
			 json_text(json, "id"), key, id);
}

static void read_availability(struct availability *a, const json_t *was)
{
	a->usable = json_is_true(json_object_get(was, "available"));
	a->comparable = json_is_true(json_object_get(was, "comparable"));
	a->emulated = json_is_true(json_object_get(was, "emulated"));
	read_text(was, "label", a->label, sizeof(a->label));
	read_text(was, "reason", a->reason, sizeof(a->reason));
}

static int read_instances(struct plan *plan, const json_t *list, const json_t *environments,
			  struct error *err)
{
	const json_t *json;
	size_t i;
	int rc;

	plan->instances = calloc(json_array_size(list) + 1, sizeof(*plan->instances));
	if (!plan->instances)
		return error_errno(err, -ENOMEM, "the plan");
	json_array_foreach (list, i, json) {
		struct plan_instance *instance = &plan->instances[plan->instance_count++];

		rc = read_instance(instance, json, err);
		rc = rc ?: read_relation(plan, json, "repeats", &instance->repeats, err);
		rc = rc ?: read_relation(plan, json, "beside", &instance->beside, err);
		if (rc)
			return rc;
		read_availability(&instance->availability,
				  json_object_get(environments, instance->name));
	}
	return plan->instance_count ? 0
				    : error_set(err, -EINVAL, "run.json: the plan has no instance");
}

/* What was decided about the conditions that follow from instances and workloads. */
static void read_conditions(struct plan *plan, const json_t *list)
{
	for (int i = 0; i < plan->condition_count; i++) {
		struct plan_condition *condition = &plan->conditions[i];
		const json_t *was = json_array_get(list, (size_t)i);
		int every = (int)json_integer_value(json_object_get(was, "every"));

		if (strcmp(json_text(was, "id"), condition->id) != 0)
			continue;
		condition->every = every < 1 ? 1 : every;
		read_text(was, "obstacle", condition->obstacle, sizeof(condition->obstacle));
	}
}

static int integer_at(const json_t *object, const char *key)
{
	return (int)json_integer_value(json_object_get(object, key));
}

/* Within what plan_create can produce. */
static int check_numbers(const json_t *plan, struct error *err)
{
	static const struct {
		const char *name;
		double least, most;
	} numbers[] = {
		{"trial_seconds", 0.001, PLAN_TRIAL_SECONDS_MAX},
		{"warmup_seconds", 0, PLAN_TRIAL_SECONDS_MAX},
		{"budget_seconds", 1, PLAN_SECONDS_MAX},
		{"min_blocks", 1, PLAN_BLOCKS_MAX},
		{"max_blocks", 1, PLAN_BLOCKS_MAX},
		{"starts", 1, PLAN_BLOCKS_MAX},
		{"blocks_per_start", 1, PLAN_BLOCKS_MAX},
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		double value = json_number_value(json_object_get(plan, numbers[i].name));

		if (!(value >= numbers[i].least && value <= numbers[i].most))
			return error_set(err, -EINVAL,
					 "run.json has no plan that can be resumed: %s is %g, but "
					 "must be from %g to %g",
					 numbers[i].name, value, numbers[i].least, numbers[i].most);
	}
	return 0;
}

int plan_from_run(const json_t *run, const json_t *catalogue, const struct placement *placement,
		  struct plan **plan, struct error *err)
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
	p->scenes = json_incref(json_object_get(json, "scenes")) ?: json_array();
	rc = check_numbers(json, err);
	rc = rc ?: read_workloads(p, json_object_get(json, "workloads"), catalogue, err);
	if (!rc)
		rc = read_instances(p, json_object_get(json, "instances"),
				    json_object_get(run, "environments"), err);
	rc = rc ?: plan_check_sizes(p, placement, err);
	rc = rc ?: plan_add_conditions(p, err);
	if (!rc)
		read_conditions(p, json_object_get(json, "conditions"));
	if (rc)
		plan_destroy(p);
	else
		*plan = p;
	return rc;
}
