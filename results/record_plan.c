/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/record_plan.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "results/conditions.h"
#include "results/store.h"

/* Limits on a run made by somebody else; its summary has a row for each metric of each workload in
 * each arm. */
#define WORKLOADS_MOST 1024
#define METRICS_MOST 64
#define ARMS_MOST 256
#define ROWS_MOST 20000

static json_t *plan_of(const struct record *record)
{
	return json_object_get(record->run, "plan");
}

double record_plan_number(const struct record *record, const char *key, double fallback)
{
	json_t *value = json_object_get(plan_of(record), key);

	return json_is_number(value) ? json_number_value(value) : fallback;
}

json_t *record_environment(const struct record *record, int arm)
{
	return json_object_get(json_object_get(record->run, "environments"),
			       record->arms[arm].environment);
}

bool record_is_comparable(const struct record *record, int arm)
{
	return !json_is_false(json_object_get(record_environment(record, arm), "comparable"));
}

static const char *name_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static int read_metric(json_t *entry, struct record_metric *metric, const char *workload,
		       struct error *err)
{
	int better = vocabulary_find(better_names, name_of(entry, "better"));

	metric->name = name_of(entry, "name");
	metric->unit = name_of(entry, "unit");
	if (!metric->name || !metric->unit || better < 0)
		return error_set(err, -EINVAL,
				 "run.json: a metric of %s lacks its name, unit or better",
				 workload);
	metric->lower_is_better = better == BETTER_LOWER;
	metric->zero_valid = json_is_true(json_object_get(entry, "zero_valid"));
	metric->histogram = name_of(entry, "histogram");
	metric->percentile = json_number_value(json_object_get(entry, "percentile"));
	if (!(metric->percentile >= 0 && metric->percentile <= 1))
		return error_set(err, -EINVAL, "run.json: percentile %g of %s is not in 0..1",
				 metric->percentile, workload);
	return 0;
}

static int read_workload(struct record *record, json_t *entry, struct record_workload *workload,
			 struct error *err)
{
	json_t *metrics = json_object_get(entry, "metrics"), *metric;
	size_t i, count = json_array_size(metrics);
	int rc = 0;

	workload->entry = entry;
	workload->name = name_of(entry, "name");
	workload->panel = name_of(entry, "panel");
	if (!workload->name || !workload->panel || count == 0 || count > METRICS_MOST)
		return error_set(err, -EINVAL,
				 "run.json: a workload lacks its name, panel or metrics");
	workload->metrics = store_alloc(record->store, count * sizeof(*workload->metrics));
	if (!workload->metrics)
		return error_errno(err, -ENOMEM, "reading run.json");
	workload->metric_count = (int)count;
	json_array_foreach (metrics, i, metric) {
		rc = rc ?: read_metric(metric, &workload->metrics[i], workload->name, err);
	}
	return rc;
}

static int read_workloads(struct record *record, struct error *err)
{
	json_t *list = json_object_get(plan_of(record), "workloads"), *entry;
	size_t i, count = json_array_size(list);
	int rc = 0;

	if (!json_is_array(list) || count > WORKLOADS_MOST)
		return error_set(err, -EINVAL,
				 "run.json: plan.workloads is not a list of at most %d workloads",
				 WORKLOADS_MOST);
	record->workloads = store_alloc(record->store, (count + 1) * sizeof(*record->workloads));
	if (!record->workloads)
		return error_errno(err, -ENOMEM, "reading run.json");
	record->workload_count = (int)count;
	json_array_foreach (list, i, entry) {
		rc = rc ?: read_workload(record, entry, &record->workloads[i], err);
	}
	return rc;
}

/* A rung is labelled with what it adds; one that is not comparable, with its kind as well. */
static const char *rung_label(struct record *record, const char *rung, const char *label,
			      bool comparable)
{
	char text[160];

	if (comparable)
		return rung;
	snprintf(text, sizeof(text), "%.60s [%.*s)]", rung, (int)strcspn(label, ")"), label);
	return store_text(record->store, text);
}

static int label_arm(struct record *record, struct record_arm *arm, const char *scene,
		     struct error *err)
{
	json_t *environment =
		json_object_get(json_object_get(record->run, "environments"), arm->environment);
	const char *label = name_of(environment, "label");
	char text[200] = "";

	arm->label = label ? label : arm->environment;
	if (arm->rung)
		arm->label = rung_label(record, arm->rung, arm->label,
					!json_is_false(json_object_get(environment, "comparable")));
	if (arm->label && scene)
		snprintf(text, sizeof(text), "%.120s, %.60s neighbour", arm->label, scene);
	else if (arm->label && arm->again)
		snprintf(text, sizeof(text), "%.140s again", arm->label);
	if (text[0])
		arm->label = store_text(record->store, text);
	return arm->label ? 0 : error_errno(err, -ENOMEM, "reading run.json");
}

const json_t *record_instance(const struct record *record, const char *id)
{
	const json_t *entry;
	size_t i;

	json_array_foreach (json_object_get(plan_of(record), "instances"), i, entry)
		if (*id && !strcmp(json_text(entry, "id"), id))
			return entry;
	return NULL;
}

/* The first condition of a column defines it. */
static int read_column(struct record *record, json_t *condition, struct error *err)
{
	const json_t *subject = json_array_get(json_object_get(condition, "cast"), 0);
	const json_t *instance = record_instance(record, json_text(subject, "instance"));
	struct record_arm arm = {
		.id = name_of(condition, "column"),
		.instance = name_of(instance, "id"),
		.environment = name_of(instance, "environment"),
		.rung = name_of(instance, "rung"),
		.again = json_is_string(json_object_get(condition, "null")) &&
			 !json_object_get(condition, "scene"),
	};

	if (!arm.id || !arm.environment)
		return error_set(err, -EINVAL,
				 "run.json: a condition lacks its column, or its subject is no "
				 "instance of the plan");
	if (record_find_arm(record, arm.id) >= 0)
		return 0;
	if (record->arm_count == ARMS_MOST)
		return error_set(err, -EINVAL, "run.json: the conditions have more than %d columns",
				 ARMS_MOST);
	record->arms[record->arm_count++] = arm;
	return label_arm(record, &record->arms[record->arm_count - 1], name_of(condition, "scene"),
			 err);
}

static int read_columns(struct record *record, json_t *instances, struct error *err)
{
	json_t *condition;
	size_t i;
	int rc = 0;

	if (json_array_size(instances) > ARMS_MOST)
		return error_set(err, -EINVAL, "run.json: plan.instances has more than %d",
				 ARMS_MOST);
	json_array_foreach (json_object_get(plan_of(record), "conditions"), i, condition)
		rc = rc ?: read_column(record, condition, err);
	if (!rc && !record->arm_count)
		rc = error_set(err, -EINVAL, "run.json: the plan has no condition");
	return rc;
}

/* In schema 1 an arm has the same role in all workloads. */
enum role { ROLE_BASELINE, ROLE_NULL, ROLE_SUBJECT };
static const char *const role_names[] = {"baseline", "null", "subject", NULL};

static int read_arm(struct record *record, json_t *entry, enum role role, struct error *err)
{
	struct record_arm *arm = &record->arms[record->arm_count];
	int its = vocabulary_find(role_names, name_of(entry, "role"));

	*arm = (struct record_arm){.id = name_of(entry, "id"),
				   .instance = name_of(entry, "id"),
				   .environment = name_of(entry, "environment"),
				   .rung = name_of(entry, "rung"),
				   .again = role == ROLE_NULL};
	if (!arm->id || !arm->environment || its < 0)
		return error_set(err, -EINVAL,
				 "run.json: an arm lacks its id, environment or role");
	if ((enum role)its != role)
		return 0;
	record->arm_count++;
	return label_arm(record, arm, NULL, err);
}

/* The baseline first, then the null arm; the subjects stay in the plan's order. */
static int read_arms(struct record *record, struct error *err)
{
	json_t *list = json_object_get(plan_of(record), "arms"), *entry;
	size_t i, count = json_array_size(list);
	int rc = 0;

	if (!json_is_array(list) || count == 0 || count > ARMS_MOST)
		return error_set(err, -EINVAL, "run.json: plan.arms is not a list of 1 to %d arms",
				 ARMS_MOST);
	for (enum role role = ROLE_BASELINE; role <= ROLE_SUBJECT && !rc; role++) {
		json_array_foreach (list, i, entry)
			rc = rc ?: read_arm(record, entry, role, err);
		if (!rc && role == ROLE_BASELINE && record->arm_count != 1)
			rc = error_set(err, -EINVAL, "run.json: plan.arms must have one baseline");
	}
	return rc;
}

static int read_arms_or_columns(struct record *record, struct error *err)
{
	json_t *instances = json_object_get(plan_of(record), "instances");

	record->arms = store_alloc(record->store, (ARMS_MOST + 1) * sizeof(*record->arms));
	if (!record->arms)
		return error_errno(err, -ENOMEM, "reading run.json");
	return instances ? read_columns(record, instances, err) : read_arms(record, err);
}

static int check_rows(const struct record *record, struct error *err)
{
	long metrics = 0;

	for (int i = 0; i < record->workload_count; i++)
		metrics += record->workloads[i].metric_count;
	if (metrics * record->arm_count > ROWS_MOST)
		return error_set(err, -EFBIG,
				 "run.json: %ld metrics in %d arms are more than %d rows", metrics,
				 record->arm_count, ROWS_MOST);
	return 0;
}

int record_read_plan(struct record *record, struct error *err)
{
	return read_workloads(record, err) ?: read_arms_or_columns(record, err)
	       ?: check_rows(record, err) ?: conditions_read(record, err);
}

static const json_t *figures_of(const struct record *record)
{
	return json_object_get(json_object_get(record->run, "study"), "figures");
}

bool record_names_figures(const struct record *record)
{
	return json_is_array(figures_of(record));
}

bool record_has_figure(const struct record *record, const char *name)
{
	const json_t *figure;
	size_t i;

	json_array_foreach (figures_of(record), i, figure)
		if (json_is_string(figure) && !strcmp(json_string_value(figure), name))
			return true;
	return !record_names_figures(record);
}

const char *record_lead_figure(const struct record *record)
{
	const char *first = json_string_value(json_array_get(figures_of(record), 0));

	return first ? first : json_text(json_object_get(record->run, "study"), "figure");
}
