/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/predict.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

#define SYNTAX "give ENVIRONMENT WHERE CHANGE, as in 'vm disk -50%'"

/* "-50%" or "x0.5" to 0.5; NaN for anything else. */
static double parse_change(const char *text)
{
	bool factor = *text == 'x';
	char *end;
	double value = strtod(text + factor, &end), relative;

	if (end == text + factor || strcmp(end, factor ? "" : "%"))
		return NAN;
	relative = factor ? value : 1 + value / 100;
	return relative > 0 && relative < INFINITY ? relative : NAN;
}

static bool is_driver_of(const char *name, const struct record_arm *arm)
{
	size_t length = strlen(name);

	return !strncmp(arm->id, name, length) && arm->id[length] == ':';
}

/* The subject called `name`, NULL for none or more than one. */
static const struct record_arm *find_subject(const struct record *record, const char *name)
{
	const struct record_arm *found = NULL;
	int count = 0;

	for (int i = 0; i < record->arm_count; i++) {
		const struct record_arm *arm = &record->arms[i];

		if (!record_arm_is(record, i, condition_is_subject))
			continue;
		if (!strcmp(arm->id, name))
			return arm;
		if (is_driver_of(name, arm)) {
			found = arm;
			count++;
		}
	}
	return count == 1 ? found : NULL;
}

static bool is_about(const char *where, const struct record_workload *workload)
{
	return !strcmp(where, workload->panel) || !strcmp(where, workload->name);
}

static bool is_anywhere(const struct record *record, const char *where)
{
	for (int i = 0; i < record->workload_count; i++)
		if (is_about(where, &record->workloads[i]))
			return true;
	return false;
}

static int refuse_environment(const struct record *record, const char *name, struct error *err)
{
	char list[512] = "";

	for (int i = 0; i < record->arm_count; i++) {
		size_t used = strlen(list);

		if (record_arm_is(record, i, condition_is_subject))
			snprintf(list + used, sizeof(list) - used, " %s", record->arms[i].id);
	}
	return error_set(err, -EINVAL, "'%s' is not an environment of this run, which has:%s", name,
			 list);
}

static int refuse_where(const struct record *record, const char *where, struct error *err)
{
	char list[512] = "";

	for (int i = 0; i < record->workload_count; i++) {
		size_t used = strlen(list);

		snprintf(list + used, sizeof(list) - used, " %s", record->workloads[i].name);
	}
	return error_set(err, -EINVAL,
			 "'%s' is neither a panel nor a workload of this run, which has:%s", where,
			 list);
}

int prediction_parse(const char *text, const struct record *record, json_t **prediction,
		     struct error *err)
{
	cleanup_free char *copy = strdup(text);
	const struct record_arm *arm;
	char *save = NULL, *environment, *where, *change;

	*prediction = NULL;
	if (!copy)
		return error_errno(err, -ENOMEM, "predicting");
	environment = strtok_r(copy, " \t", &save);
	where = strtok_r(NULL, " \t", &save);
	change = strtok_r(NULL, " \t", &save);
	if (!change || strtok_r(NULL, " \t", &save))
		return error_set(err, -EINVAL, "prediction '%s': %s", text, SYNTAX);
	if (isnan(parse_change(change)))
		return error_set(err, -EINVAL,
				 "'%s': give a change above -100%%, as in -50%%, 10%% or x0.5",
				 text);
	arm = find_subject(record, environment);
	if (!arm)
		return refuse_environment(record, environment, err);
	if (!is_anywhere(record, where))
		return refuse_where(record, where, err);
	*prediction = json_pack("{s:s, s:s, s:s, s:f}", "text", text, "environment", arm->id,
				"where", where, "relative", parse_change(change));
	return *prediction ? 0 : error_set(err, -EINVAL, "the prediction is not UTF-8; %s", SYNTAX);
}

static const char *outcome_of(double predicted, const struct summary_row *row)
{
	const struct interval *r = &row->relative;
	double wide =
		exp(fmax(log1p(verdict_margin(row->metric)), PREDICT_SHARE * fabs(log(predicted))));

	if (isnan(r->value))
		return "unavailable";
	if (r->low > predicted * wide)
		return "too low";
	if (r->high < predicted / wide)
		return "too high";
	return r->low >= predicted / wide && r->high <= predicted * wide ? "right" : "cannot tell";
}

static json_t *score(json_t *prediction, const struct summary_row *row)
{
	double predicted = json_number_value(json_object_get(prediction, "relative"));
	const struct interval *r = &row->relative;
	bool known = !isnan(r->value);

	return json_pack("{s:O?, s:s, s:s, s:f, s:o, s:s, s:o}", "text",
			 json_object_get(prediction, "text"), "workload", row->workload->name,
			 "environment", row->arm->id, "predicted", predicted, "relative",
			 known ? json_pack("{s:f, s:f, s:f}", "value", r->value, "low", r->low,
					   "high", r->high)
			       : json_null(),
			 "outcome", outcome_of(predicted, row), "factor",
			 known ? json_real(r->value / predicted) : json_null());
}

json_t *predictions_score(const struct summary *summary)
{
	json_t *predictions = json_object_get(summary->record->run, "predictions"), *prediction;
	json_t *scores = json_array();
	size_t i;

	json_array_foreach (predictions, i, prediction) {
		const char *id = json_string_value(json_object_get(prediction, "environment"));
		const char *where = json_string_value(json_object_get(prediction, "where"));
		double relative = json_number_value(json_object_get(prediction, "relative"));

		for (int row = 0; id && where && relative > 0 && row < summary->row_count; row++) {
			const struct summary_row *r = &summary->rows[row];

			if (r->headline && !strcmp(r->arm->id, id) && is_about(where, r->workload))
				json_array_append_new(scores, score(prediction, r));
		}
	}
	return scores;
}
