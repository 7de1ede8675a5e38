/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/conditions.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "results/store.h"

/* The product of arms and workloads, by the arms' roles: the baseline is the first arm. */
static void conditions_of_arms(struct record *record)
{
	for (int w = 0; w < record->workload_count; w++)
		for (int arm = 0; arm < record->arm_count; arm++)
			record->conditions[w * record->arm_count + arm] = (struct record_condition){
				.arm = arm, .null = record->arms[arm].role == ARM_NULL ? 0 : -1};
}

static struct record_condition *place(const struct record *record, const json_t *entry)
{
	int workload = record_find_workload(record, json_text(entry, "comparison"));
	int arm = record_find_arm(record, json_text(entry, "column"));

	if (workload < 0 || arm < 0)
		return NULL;
	return &record->conditions[workload * record->arm_count + arm];
}

/* The arm of the condition of the same comparison whose id is `entry`'s `key`; -1: none. */
static int find_arm(const json_t *list, const json_t *entry, const char *key,
		    const struct record *record)
{
	const char *id = json_text(entry, key);
	json_t *other;
	size_t i;

	json_array_foreach (list, i, other)
		if (!strcmp(json_text(other, "id"), id) &&
		    !strcmp(json_text(other, "comparison"), json_text(entry, "comparison")))
			return record_find_arm(record, json_text(other, "column"));
	return -1;
}

static int read_one(struct record *record, const json_t *list, const json_t *entry,
		    struct error *err)
{
	struct record_condition *condition = place(record, entry);
	const char *id = json_text(entry, "id");

	if (!condition || !*id)
		return error_set(err, -EINVAL,
				 "run.json: condition '%s' lacks its id, or its comparison or "
				 "column is not in the plan",
				 id);
	condition->against = find_arm(list, entry, "against", record);
	condition->null = find_arm(list, entry, "null", record);
	if (condition->against < 0)
		return error_set(err, -EINVAL,
				 "run.json: condition %s is compared with '%s', which is not in "
				 "its comparison",
				 id, json_text(entry, "against"));
	return 0;
}

int conditions_read(struct record *record, struct error *err)
{
	json_t *list = json_object_get(json_object_get(record->run, "plan"), "conditions"), *entry;
	size_t i, count = (size_t)record->workload_count * (size_t)record->arm_count;
	int rc = 0;

	/* one row more: a plan may have no workload */
	record->conditions = store_alloc(record->store, (count + (size_t)record->arm_count) *
								sizeof(*record->conditions));
	if (!record->conditions)
		return error_errno(err, -ENOMEM, "reading run.json");
	conditions_of_arms(record);
	if (list && json_array_size(list) > count)
		return error_set(err, -EINVAL, "run.json: plan.conditions has more than %zu",
				 count);
	json_array_foreach (list, i, entry) {
		rc = rc ?: read_one(record, list, entry, err);
	}
	return rc;
}

const struct record_condition *record_condition(const struct record *record, int workload, int arm)
{
	return &record->conditions[workload * record->arm_count + arm];
}

int record_null_of(const struct record *record, int workload, int arm)
{
	int against = record_condition(record, workload, arm)->against;

	for (int other = 0; other < record->arm_count; other++)
		if (record_condition(record, workload, other)->null == against)
			return other;
	return -1;
}

bool record_arm_is(const struct record *record, int arm,
		   bool (*what)(const struct record_condition *condition))
{
	for (int w = 0; w < record->workload_count; w++)
		if (what(record_condition(record, w, arm)))
			return true;
	return false;
}

int record_arm_repeats(const struct record *record, int arm)
{
	int repeated = -1;

	for (int w = 0; w < record->workload_count && repeated < 0; w++)
		repeated = record_condition(record, w, arm)->null;
	return repeated;
}

int record_find_workload(const struct record *record, const char *name)
{
	for (int i = 0; i < record->workload_count; i++)
		if (!strcmp(record->workloads[i].name, name))
			return i;
	return -1;
}

int record_find_arm(const struct record *record, const char *id)
{
	for (int i = 0; i < record->arm_count; i++)
		if (!strcmp(record->arms[i].id, id))
			return i;
	return -1;
}
