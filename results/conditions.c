/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/conditions.h"

#include <errno.h>
#include <string.h>

#include "base/json.h"
#include "results/store.h"

static struct record_condition *place(const struct record *record, int workload, int arm)
{
	return &record->conditions[workload * record->arm_count + arm];
}

/* Schema 1: every workload in every arm, compared by the arms' roles; the baseline is the first.
 * Schema 2: all `absent`, each against itself; the plan's conditions then overwrite theirs. */
static void conditions_of_arms(struct record *record, bool absent)
{
	for (int w = 0; w < record->workload_count; w++)
		for (int arm = 0; arm < record->arm_count; arm++)
			*place(record, w, arm) = (struct record_condition){
				.absent = absent,
				.arm = arm,
				.against = absent ? arm : 0,
				.null = !absent && record->arms[arm].again ? 0 : -1};
}

static struct record_condition *condition_at(const struct record *record, const json_t *entry,
					     int *workload)
{
	int arm = record_find_arm(record, json_text(entry, "column"));

	*workload = record_find_workload(record, json_text(entry, "comparison"));
	return *workload < 0 || arm < 0 ? NULL : place(record, *workload, arm);
}

static int read_id(const struct record *record, const json_t *entry, struct error *err)
{
	const char *id = json_text(entry, "id");
	int workload;
	struct record_condition *condition = condition_at(record, entry, &workload);

	if (!condition || !*id)
		return error_set(err, -EINVAL,
				 "run.json: condition '%s' lacks its id, or its comparison or "
				 "column is not in the plan",
				 id);
	condition->id = id;
	condition->absent = false;
	return 0;
}

/* The arm of the workload's condition with that id; -1: none. */
static int arm_of(const struct record *record, int workload, const char *id)
{
	for (int arm = 0; arm < record->arm_count; arm++) {
		const char *its = place(record, workload, arm)->id;

		if (its && !strcmp(its, id))
			return arm;
	}
	return -1;
}

static int read_relations(const struct record *record, const json_t *entry, struct error *err)
{
	int workload;
	struct record_condition *condition = condition_at(record, entry, &workload);

	if (!condition)
		return -EINVAL; /* read_id() has set the error */
	condition->against = arm_of(record, workload, json_text(entry, "against"));
	condition->null = arm_of(record, workload, json_text(entry, "null"));
	if (condition->against >= 0)
		return 0;
	return error_set(err, -EINVAL,
			 "run.json: condition %s is compared with '%s', which is not in its "
			 "comparison",
			 condition->id, json_text(entry, "against"));
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
	conditions_of_arms(record, json_array_size(list) > 0);
	if (list && json_array_size(list) > count)
		return error_set(err, -EINVAL, "run.json: plan.conditions has more than %zu",
				 count);
	json_array_foreach (list, i, entry)
		rc = rc ?: read_id(record, entry, err);
	json_array_foreach (list, i, entry)
		rc = rc ?: read_relations(record, entry, err);
	return rc;
}

const struct record_condition *record_condition(const struct record *record, int workload, int arm)
{
	return &record->conditions[workload * record->arm_count + arm];
}

bool record_shares_instance(const struct record *record, const struct record_condition *condition)
{
	return strcmp(record->arms[condition->arm].instance,
		      record->arms[condition->against].instance) == 0;
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
		if (!record_condition(record, w, arm)->absent &&
		    what(record_condition(record, w, arm)))
			return true;
	return false;
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
