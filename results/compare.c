/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/compare.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "results/headline.h"
#include "results/record_plan.h"

/* Adds each fact under its dotted path in run.json. */
static void add_facts(json_t *facts, const char *prefix, json_t *value)
{
	const char *key;
	json_t *member;

	if (json_is_object(value)) {
		json_object_foreach (value, key, member) {
			cleanup_free char *path = NULL;

			if (asprintf(&path, "%s%s%s", prefix, *prefix ? "." : "", key) >= 0)
				add_facts(facts, path, member);
		}
	} else if (value) {
		cleanup_free char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

		if (json_is_string(value))
			json_object_set(facts, prefix, value);
		else if (text)
			json_object_set_new(facts, prefix, json_string(text));
	}
}

static json_t *facts_of(const struct record *record)
{
	static const char *const parts[] = {"host", "tare", "agent", "placement"};
	static const char *const rules[] = {"preset", "baseline", "trial_seconds", "starts"};
	json_t *facts = json_object(), *plan = json_object_get(record->run, "plan");

	for (unsigned i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		add_facts(facts, parts[i], json_object_get(record->run, parts[i]));
	for (unsigned i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		add_facts(facts, rules[i], json_object_get(plan, rules[i]));
	for (int i = 0; i < record->arm_count; i++) {
		json_t *hello = json_object_get(record_environment(record, i), "hello");
		cleanup_free char *path = NULL;

		if (asprintf(&path, "%s.kernel", record->arms[i].environment) >= 0)
			add_facts(facts, path, json_object_get(hello, "kernel"));
	}
	return facts;
}

static void add_difference(json_t *parity, const char *fact, json_t *a, json_t *b)
{
	json_array_append_new(parity, json_pack("{s:s, s:O?, s:O?}", "fact", fact, "a", a, "b", b));
}

static void find_differences(struct comparison *c)
{
	cleanup_json json_t *a = facts_of(c->a), *b = facts_of(c->b);
	const char *fact;
	json_t *value;

	json_object_foreach (a, fact, value) {
		json_t *other = json_object_get(b, fact);

		if (other && json_equal(value, other))
			c->alike++;
		else
			add_difference(c->parity, fact, value, other);
	}
	json_object_foreach (b, fact, value) {
		if (!json_object_get(a, fact))
			add_difference(c->parity, fact, NULL, value);
	}
}

static char *dump(json_t *value)
{
	return value ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS)
		     : strdup("nothing");
}

/* The reasons why two workloads of the same name are different work. */
static void check_same(struct comparison *c, const struct record_workload *a,
		       const struct record_workload *b)
{
	static const char *const parts[] = {"version", "values"};

	for (unsigned i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		json_t *left = json_object_get(a->entry, parts[i]);
		json_t *right = json_object_get(b->entry, parts[i]);
		cleanup_free char *was = dump(left), *is = dump(right);

		if (left == right || json_equal(left, right))
			continue;
		json_array_append_new(c->forced, json_sprintf("%s: %s %s and %s", a->name,
							      i ? "parameters" : "version",
							      was ? was : "", is ? is : ""));
	}
	if (strcmp(a->metrics->name, b->metrics->name) ||
	    strcmp(a->metrics->unit, b->metrics->unit))
		json_array_append_new(c->forced, json_sprintf("%s: %s in %s and %s in %s", a->name,
							      a->metrics->name, a->metrics->unit,
							      b->metrics->name, b->metrics->unit));
}

/* One run's estimates of a workload that both have. */
struct side {
	const struct record *record;
	const struct luck *luck;
	struct headline *arms;
	int workload;
};

/* The null arm of what `arm` is compared with; NULL: none. */
static const struct estimate *null_arm_of(const struct side *side, int arm)
{
	int null_arm = record_null_of(side->record, side->workload, arm);

	return null_arm >= 0 ? &side->arms[null_arm].relative : NULL;
}

static bool is_subject(const struct side *side, int arm)
{
	return condition_is_subject(record_condition(side->record, side->workload, arm));
}

/* The larger deviation of the two runs' null arms; NaN: neither has one. */
static double null_value(const struct estimate *a, const struct estimate *b)
{
	return fmax(a ? fabs(a->value) : NAN, b ? fabs(b->value) : NAN);
}

static void judge(struct comparison_row *row, const struct estimate *change, double null)
{
	double margin = verdict_margin(row->workload->metrics);

	row->verdict = verdict_of(change, null, margin);
	row->differs = verdict_differs(&row->relative);
	if (row->verdict == VERDICT_UNAVAILABLE)
		row->reason.kind = REASON_FEW_IN_RUN;
	else if (row->verdict == VERDICT_UNRESOLVED)
		row->reason = (struct reason){.kind = REASON_WIDE, .number = margin * 100};
}

/* An arm's relative in one run, including the luck of the start. */
static struct estimate relative_of(const struct side *side, int arm)
{
	struct estimate e = side->arms[arm].relative;

	luck_enter(side->luck, null_arm_of(side, arm), &e);
	return e;
}

static void add_row(struct comparison *c, const struct side *side_a, const struct side *side_b,
		    int arm_a, int arm_b)
{
	const struct headline *a = &side_a->arms[arm_a], *b = &side_b->arms[arm_b];
	struct comparison_row *row = &c->rows[c->row_count++];
	struct estimate performance = estimate_difference(&a->value, &b->value);
	struct estimate before = relative_of(side_a, arm_a);
	struct estimate after = relative_of(side_b, arm_b);
	struct estimate change = estimate_difference(&before, &after);

	*row = (struct comparison_row){
		.workload = &c->a->workloads[side_a->workload],
		.environment = c->a->arms[arm_a].id,
		.label = c->a->arms[arm_a].label,
		.a = estimate_interval(&a->value),
		.b = estimate_interval(&b->value),
		.relative = interval_none(),
		.verdict = VERDICT_NONE,
	};
	if (row->workload->metrics->lower_is_better)
		performance.value = -performance.value;
	row->performance = estimate_interval(&performance);
	if (!is_subject(side_a, arm_a) || !is_subject(side_b, arm_b))
		return;
	row->relative = estimate_interval(&change);
	judge(row, &change, null_value(null_arm_of(side_a, arm_a), null_arm_of(side_b, arm_b)));
}

static int estimate_side(struct side *side, struct error *err)
{
	struct blocks *blocks;
	int rc;

	side->arms = calloc((size_t)side->record->arm_count, sizeof(*side->arms));
	if (!side->arms)
		return error_errno(err, -ENOMEM, "comparing");
	rc = blocks_create(side->record, side->workload, &blocks, err);
	rc = rc ?: headline_estimate(blocks, side->arms, err);
	blocks_destroy(blocks);
	return rc;
}

static int add_workload(struct comparison *c, int workload, struct error *err)
{
	int other = record_find_workload(c->b, c->a->workloads[workload].name), rc;
	struct side a = {.record = c->a, .luck = &c->luck_a, .workload = workload};
	struct side b = {.record = c->b, .luck = &c->luck_b, .workload = other};

	if (other < 0)
		return 0;
	rc = estimate_side(&a, err) ?: estimate_side(&b, err);
	for (int arm = 0; arm < c->a->arm_count && !rc; arm++) {
		int arm_b = record_find_arm(c->b, c->a->arms[arm].id);

		if (!condition_is_null(record_condition(c->a, workload, arm)) && arm_b >= 0)
			add_row(c, &a, &b, arm, arm_b);
	}
	if (!rc)
		check_same(c, &c->a->workloads[workload], &c->b->workloads[other]);
	free(a.arms);
	free(b.arms);
	return rc;
}

static int refuse(const struct comparison *c, struct error *err)
{
	if (c->row_count == 0)
		return error_set(err, -EINVAL,
				 "the two runs have no workload and environment in common, so "
				 "there is nothing to compare");
	return error_set(err, -EINVAL,
			 "the two runs did not do the same work (%s), so their values are not "
			 "comparable; --force compares them anyway, with a note",
			 json_string_value(json_array_get(c->forced, 0)));
}

int compare_create(const struct record *a, const struct record *b, bool force,
		   struct comparison **comparison, struct error *err)
{
	struct comparison *c = calloc(1, sizeof(*c));
	int rc = 0;

	*comparison = NULL;
	if (!c)
		return error_errno(err, -ENOMEM, "comparing");
	c->a = a;
	c->b = b;
	c->parity = json_array();
	c->forced = json_array();
	c->rows = calloc((size_t)(a->workload_count * a->arm_count) + 1, sizeof(*c->rows));
	if (!c->rows || !c->parity || !c->forced)
		rc = error_errno(err, -ENOMEM, "comparing");
	rc = rc ?: luck_of_record(a, &c->luck_a, err);
	rc = rc ?: luck_of_record(b, &c->luck_b, err);
	for (int i = 0; i < a->workload_count && !rc; i++)
		rc = add_workload(c, i, err);
	if (!rc && (c->row_count == 0 || (json_array_size(c->forced) && !force)))
		rc = refuse(c, err);
	if (rc) {
		compare_destroy(c);
		return rc;
	}
	find_differences(c);
	*comparison = c;
	return 0;
}

void compare_destroy(struct comparison *comparison)
{
	if (!comparison)
		return;
	json_decref(comparison->parity);
	json_decref(comparison->forced);
	free(comparison->rows);
	free(comparison);
}
