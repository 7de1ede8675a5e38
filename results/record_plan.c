/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/record_plan.h"

#include <errno.h>
#include <string.h>

#include "base/border.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "results/conditions.h"
#include "results/store.h"

/* Budgets for a run that somebody else made; what is shown of it has a row for each metric of each
 * workload in each arm. */
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

/* Cleaned in run.json itself: what is shown of it goes to terminals. */
static const char *name_of(json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);
	cleanup_free char *clean =
		json_is_string(value) ? border_cleaned(json_string_value(value)) : NULL;

	if (clean && strcmp(clean, json_string_value(value)))
		json_string_set(value, clean);
	return json_string_value(value);
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

/* A rung is called by what it adds. What is emulated is called so wherever it is named. */
static const char *rung_label(struct record *record, const char *rung, const char *label,
			      bool comparable)
{
	char text[160];

	if (comparable)
		return rung;
	snprintf(text, sizeof(text), "%.60s [%.*s)]", rung, (int)strcspn(label, ")"), label);
	return store_text(record->store, text);
}

static int read_arm(struct record *record, json_t *entry, struct record_arm *arm, struct error *err)
{
	json_t *environment;
	int role = vocabulary_find(arm_role_names, name_of(entry, "role"));
	const char *label;

	arm->id = name_of(entry, "id");
	arm->environment = name_of(entry, "environment");
	if (!arm->id || !arm->environment || role < 0)
		return error_set(err, -EINVAL,
				 "run.json: an arm lacks its id, environment or role");
	arm->role = (enum arm_role)role;
	environment =
		json_object_get(json_object_get(record->run, "environments"), arm->environment);
	label = name_of(environment, "label");
	arm->label = label ? label : arm->environment;
	arm->rung = name_of(entry, "rung");
	if (arm->rung)
		arm->label = rung_label(record, arm->rung, arm->label,
					!json_is_false(json_object_get(environment, "comparable")));
	if (arm->role == ARM_NULL) {
		char again[160];

		snprintf(again, sizeof(again), "%.140s again", arm->label);
		arm->label = store_text(record->store, again);
	}
	return arm->label ? 0 : error_errno(err, -ENOMEM, "reading run.json");
}

/* The baseline first, then the null arm; the subjects stay in the plan's order. */
static int read_arms(struct record *record, struct error *err)
{
	json_t *list = json_object_get(plan_of(record), "arms"), *entry;
	size_t i, count = json_array_size(list);
	struct record_arm *arms;

	if (!json_is_array(list) || count == 0 || count > ARMS_MOST)
		return error_set(err, -EINVAL, "run.json: plan.arms is not a list of 1 to %d arms",
				 ARMS_MOST);
	arms = store_alloc(record->store, 2 * count * sizeof(*arms));
	if (!arms)
		return error_errno(err, -ENOMEM, "reading run.json");
	record->arms = arms + count;
	json_array_foreach (list, i, entry) {
		int rc = read_arm(record, entry, &arms[i], err);

		if (rc)
			return rc;
	}
	for (enum arm_role role = ARM_BASELINE; role <= ARM_SUBJECT; role++)
		for (i = 0; i < count; i++)
			if (arms[i].role == role)
				record->arms[record->arm_count++] = arms[i];
	if (record->arms[0].role != ARM_BASELINE ||
	    (count > 1 && record->arms[1].role == ARM_BASELINE))
		return error_set(err, -EINVAL, "run.json: plan.arms must have one baseline");
	return 0;
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
	return read_workloads(record, err) ?: read_arms(record, err) ?: check_rows(record, err)
	       ?: conditions_read(record, err);
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
