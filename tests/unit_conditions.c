/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit.h"

#include <errno.h>
#include <math.h>

#include "results/measurement.h"
#include "results/summary.h"
#include "tests/sample_run.h"

enum { BARE, AGAIN, VM, NOISY };

#define WHERE "\"comparison\":\"cpu.work\","
#define NOISY_AGAINST(id)                                                                          \
	"{\"id\":\"d\"," WHERE "\"column\":\"vm+noise\",\"against\":\"" id "\",\"null\":null}"

/* The sample with a fourth column, which is compared with the VM. */
static int create(const char *noisy, struct record **record, struct error *err)
{
	json_t *run = json_loads(SAMPLE_PLAN, 0, NULL), *plan = json_object_get(run, "plan");
	json_t *conditions = json_pack("[]");
	const char *const list[] = {
		"{\"id\":\"a\"," WHERE "\"column\":\"bare\",\"against\":\"a\"}",
		"{\"id\":\"b\"," WHERE "\"column\":\"bare#null\",\"against\":\"a\",\"null\":\"a\"}",
		"{\"id\":\"c\"," WHERE "\"column\":\"vm\",\"against\":\"a\",\"null\":null}", noisy};
	int rc;

	for (int i = 0; i < 4; i++)
		json_array_append_new(conditions, json_loads(list[i], 0, NULL));
	json_array_append_new(json_object_get(plan, "arms"),
			      json_pack("{s:s, s:s, s:s}", "id", "vm+noise", "environment", "vm",
					"role", "subject"));
	json_object_set_new(plan, "conditions", conditions);
	rc = record_create(run, record, err);
	json_decref(run);
	return rc;
}

static struct record *record_with_noise(void)
{
	struct record *record;
	struct error err;

	ck_assert_msg(!create(NOISY_AGAINST("c"), &record, &err), "%s", err.message);
	return record;
}

/* Each call takes `nanoseconds`, and some as much again. */
static void add(struct record *record, const char *arm, int block, double value, int nanoseconds)
{
	json_t *trial = sample_trial(arm, 0, block, value);
	struct histogram *h = histogram_create();

	for (int i = 0; i < 2000; i++)
		histogram_record(h, (uint64_t)(nanoseconds + (i % 50 ? 0 : nanoseconds)));
	sample_histogram(trial, h);
	histogram_destroy(h);
	ck_assert_int_eq(sample_add(record, trial), 0);
}

static void add_block(struct record *record, int block)
{
	add(record, "bare", block, 100 + block % 3, 1000);
	add(record, "bare#null", block, 100 + (block + 1) % 3, 1000);
	add(record, "vm", block, 50 + block % 2, 2000);
	add(record, "vm+noise", block, 0.8 * (50 + block % 2), 8000);
}

static const struct summary_row *row_of(const struct summary *s, const char *metric, int arm)
{
	for (int i = 0; i < s->row_count; i++)
		if (!strcmp(s->rows[i].metric->name, metric) &&
		    s->rows[i].arm == &s->record->arms[arm])
			return &s->rows[i];
	return NULL;
}

START_TEST(an_older_run_compares_every_arm_with_its_baseline)
{
	struct record *record = sample_record();

	ck_assert(condition_is_baseline(record_condition(record, 0, BARE)));
	ck_assert(condition_is_null(record_condition(record, 0, AGAIN)));
	ck_assert(condition_is_subject(record_condition(record, 0, VM)));
	ck_assert_int_eq(record_condition(record, 0, VM)->against, BARE);
	ck_assert_int_eq(record_null_of(record, 0, VM), AGAIN);
	record_destroy(record);
}
END_TEST

START_TEST(a_condition_is_compared_with_another_than_the_baseline)
{
	struct record *record = record_with_noise();
	struct summary *s;

	for (int i = 0; i < 12; i++)
		add_block(record, i);
	ck_assert_int_eq(summary_create(record, &s, NULL), 0);
	ck_assert_double_eq_tol(row_of(s, "throughput", VM)->relative.value, 0.5, 0.01);
	ck_assert_double_eq_tol(row_of(s, "throughput", NOISY)->relative.value, 0.8, 1e-9);
	ck_assert_double_eq_tol(row_of(s, "mean", NOISY)->relative.value, 0.25, 0.01);
	ck_assert_double_eq_tol(row_of(s, "p99", NOISY)->relative.value, 0.25, 0.01);
	ck_assert_double_eq_tol(row_of(s, "p99", VM)->relative.value, 0.5, 0.01);
	/* the null arm repeats the baseline, not the VM */
	ck_assert(isfinite(row_of(s, "throughput", VM)->null_value));
	ck_assert(isnan(row_of(s, "throughput", NOISY)->null_value));
	ck_assert(row_of(s, "throughput", VM)->log.both);
	ck_assert(!row_of(s, "throughput", NOISY)->log.both);
	summary_destroy(s);
	record_destroy(record);
}
END_TEST

START_TEST(a_trial_without_a_partner_is_left_out)
{
	struct record *record = record_with_noise();
	struct summary *s;
	json_t *json, *left_out;

	for (int i = 0; i < 12; i++)
		add_block(record, i);
	add(record, "bare", 12, 100, 1000);
	add(record, "vm+noise", 12, 1, 8000);
	ck_assert_int_eq(summary_create(record, &s, NULL), 0);
	ck_assert_int_eq(row_of(s, "throughput", NOISY)->blocks, 12);
	json = summary_json(s);
	left_out = json_object_get(json, "left_out");
	ck_assert_uint_eq(json_array_size(left_out), 1);
	ck_assert_str_eq(json_string_value(json_object_get(json_array_get(left_out, 0), "arm")),
			 "vm+noise");
	json_decref(json);
	summary_destroy(s);
	record_destroy(record);
}
END_TEST

START_TEST(a_condition_that_is_compared_with_nothing_is_refused)
{
	static const struct {
		const char *noisy, *words;
	} wrong[] = {
		{NOISY_AGAINST("z"), "condition d is compared with 'z'"},
		{"{\"id\":\"d\"," WHERE "\"column\":\"vm+noise\"}",
		 "condition d is compared with ''"},
		{"{\"id\":\"d\"," WHERE "\"column\":\"x\",\"against\":\"a\"}",
		 "condition 'd' lacks"},
		{"{}", "condition '' lacks"},
	};

	for (unsigned i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct record *record;
		struct error err;

		ck_assert_int_eq(create(wrong[i].noisy, &record, &err), -EINVAL);
		ck_assert_msg(strstr(err.message, wrong[i].words) != NULL, "%s", err.message);
	}
}
END_TEST

#define CAST(instance) "\"cast\":[{\"role\":\"subject\",\"instance\":\"" instance "\"}]"

/* The sample in schema 2: an environment alone and in two scenes, and one that is only alone. */
static int create_scenes(const char *instances, struct record **record, struct error *err)
{
	static const char *const list[] = {
		"{\"id\":\"cpu.work/vm\"," WHERE
		"\"column\":\"vm\",\"against\":\"cpu.work/vm\"," CAST("vm") "}",
		"{\"id\":\"cpu.work/vm+idle\"," WHERE
		"\"column\":\"vm+idle\",\"scene\":\"idle\",\"against\":\"cpu.work/vm\","
		"\"null\":\"cpu.work/vm\"," CAST("vm") "}",
		"{\"id\":\"cpu.work/vm+loud\"," WHERE
		"\"column\":\"vm+loud\",\"scene\":\"loud\",\"against\":\"cpu.work/vm\"," CAST(
			"vm") "}",
		"{\"id\":\"io/bare\",\"comparison\":\"io\",\"column\":\"bare\","
		"\"against\":\"io/bare\"," CAST("bare") "}"};
	json_t *run = json_loads(SAMPLE_PLAN, 0, NULL), *plan = json_object_get(run, "plan");
	json_t *workloads = json_object_get(plan, "workloads"), *conditions = json_array();
	json_t *io = json_deep_copy(json_array_get(workloads, 0));
	int rc;

	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++)
		json_array_append_new(conditions, json_loads(list[i], 0, NULL));
	json_object_set_new(io, "name", json_string("io"));
	json_array_append_new(workloads, io);
	json_object_del(plan, "arms");
	json_object_set_new(plan, "instances", json_loads(instances, 0, NULL));
	json_object_set_new(plan, "conditions", conditions);
	rc = record_create(run, record, err);
	json_decref(run);
	return rc;
}

#define BOTH                                                                                       \
	"[{\"id\":\"vm\",\"environment\":\"vm\"},"                                                 \
	"{\"id\":\"bare\",\"environment\":\"bare\"}]"

static json_t *scene_trial(const char *arm, const char *condition, int number, double cpu_seconds)
{
	json_t *trial = sample_trial(arm, 0, 0, 100);

	json_object_set_new(trial, "condition", json_string(condition));
	json_object_set_new(trial, "cast",
			    json_pack("[{s:s, s:s, s:i, s:f}, {s:s, s:i, s:f, s:f}]", "role",
				      "subject", "instance", "vm", "number", number, "cpu_seconds",
				      cpu_seconds, "role", "neighbour", "number", 9, "cpu_seconds",
				      77.0, "operations", 3.0));
	return trial;
}

START_TEST(columns_and_what_they_are_compared_with_follow_from_the_conditions)
{
	struct record *record;
	struct summary *s;
	struct error err;

	ck_assert_msg(!create_scenes(BOTH, &record, &err), "%s", err.message);
	ck_assert_int_eq(record->arm_count, 4);
	ck_assert_str_eq(record->arms[0].label, "VM (KVM)");
	ck_assert_str_eq(record->arms[1].label, "VM (KVM), idle neighbour");
	ck_assert_str_eq(record->arms[2].instance, "vm");
	ck_assert_str_eq(record->arms[3].environment, "bare");
	ck_assert(condition_is_baseline(record_condition(record, 0, 0)));
	ck_assert_int_eq(record_null_of(record, 0, 2), 1);
	ck_assert(condition_is_subject(record_condition(record, 0, 2)));
	ck_assert(record_condition(record, 0, 3)->absent);
	ck_assert(record_condition(record, 1, 0)->absent);
	ck_assert_int_eq(summary_create(record, &s, NULL), 0);
	ck_assert_int_eq(s->row_count, 4 * (3 + 1)); /* metrics, and no row of what is absent */
	summary_destroy(s);
	record_destroy(record);
}
END_TEST

START_TEST(a_trial_names_its_condition_and_the_start_and_cost_of_its_subject)
{
	struct record *record;

	ck_assert_int_eq(create_scenes(BOTH, &record, NULL), 0);
	ck_assert_int_eq(sample_add(record, scene_trial("vm+loud", "cpu.work/vm+loud", 4, 0.5)), 0);
	ck_assert_uint_eq(record->trials[0].instance, 4);
	ck_assert_double_eq(record->trials[0].instance_cpu_seconds, 0.5);
	/* another condition's, and one that the plan has not */
	ck_assert_int_eq(sample_add(record, scene_trial("vm+loud", "cpu.work/vm", 4, 0.5)),
			 -ENOENT);
	ck_assert_int_eq(sample_add(record, scene_trial("bare", "cpu.work/bare", 4, 0.5)), -ENOENT);
	record_destroy(record);
}
END_TEST

START_TEST(a_subject_that_is_no_instance_and_a_newer_schema_are_refused)
{
	json_t *run = json_loads(SAMPLE_PLAN, 0, NULL);
	struct record *record;
	struct error err;

	ck_assert_int_eq(create_scenes("[{\"id\":\"vm\",\"environment\":\"vm\"}]", &record, &err),
			 -EINVAL);
	ck_assert_ptr_nonnull(strstr(err.message, "no instance of the plan"));
	json_object_set_new(run, "schema", json_integer(RECORD_SCHEMA + 1));
	ck_assert_int_eq(record_create(run, &record, &err), -EINVAL);
	ck_assert_ptr_nonnull(strstr(err.message, "newer than this tare"));
	json_decref(run);
}
END_TEST

static json_t *measurement(const char *instance, const char *name, double value)
{
	return json_pack("{s:s, s:f, s:s, s:i, s:i, s:s, s:f, s:s}", "record", "measurement",
			 "time", 1.0, "instance", instance, "number", 0, "start", 0, "name", name,
			 "value", value, "unit", "s");
}

START_TEST(measurements_of_an_environment_have_students_interval_from_three_starts)
{
	struct record *record;
	struct measured m;

	ck_assert_int_eq(create_scenes(BOTH, &record, NULL), 0);
	ck_assert_int_eq(sample_add(record, measurement("vm", "start", 2)), 0);
	ck_assert_int_eq(sample_add(record, measurement("vm", "start", 3)), 0);
	m = measurement_estimate(record, "vm", QUANTITY_START);
	ck_assert_int_eq(m.starts, 2);
	ck_assert_double_eq(m.value.value, 2.5);
	ck_assert(isnan(m.value.low));
	ck_assert_int_eq(sample_add(record, measurement("vm", "start", 4)), 0);
	m = measurement_estimate(record, "vm", QUANTITY_START);
	ck_assert_double_eq(m.value.value, 3);
	/* t(0.975, 2) = 4.302653, s = 1 */
	ck_assert_double_eq_tol(m.value.high, 3 + 4.302653 / sqrt(3), 1e-6);
	ck_assert_int_eq(measurement_estimate(record, "bare", QUANTITY_START).starts, 0);
	ck_assert_int_eq(sample_add(record, measurement("moon", "start", 1)), -ENOENT);
	ck_assert_int_eq(sample_add(record, measurement("vm", "weight", 1)), -ENOENT);
	ck_assert_int_eq(sample_add(record, measurement("vm", "memory", -1)), -EBADMSG);
	ck_assert_uint_eq(record->trial_count, 0);
	record_destroy(record);
}
END_TEST

START_TEST(what_schema_1_has_in_its_environments_is_a_measurement)
{
	json_t *run = json_loads(SAMPLE_PLAN, 0, NULL);
	json_t *vm = json_object_get(json_object_get(run, "environments"), "vm");
	struct record *record;

	json_object_set_new(vm, "start_seconds", json_pack("[f, f]", 1.0, 2.0));
	json_object_set_new(vm, "idle_cpu", json_real(0.5));
	ck_assert_int_eq(record_create(run, &record, NULL), 0);
	ck_assert_int_eq(record->measurement_count, 3);
	ck_assert_double_eq(measurement_estimate(record, "vm", QUANTITY_START).value.value, 1.5);
	ck_assert_double_eq(measurement_estimate(record, "vm", QUANTITY_IDLE_CPU).value.value, 0.5);
	record_destroy(record);
	json_object_set_new(vm, "idle_cpu", json_string("much"));
	ck_assert_int_eq(record_create(run, &record, NULL), 0); /* as ever, it is not shown */
	record_destroy(record);
	json_decref(run);
}
END_TEST

UNIT("conditions", measurements_of_an_environment_have_students_interval_from_three_starts,
     what_schema_1_has_in_its_environments_is_a_measurement,
     columns_and_what_they_are_compared_with_follow_from_the_conditions,
     a_trial_names_its_condition_and_the_start_and_cost_of_its_subject,
     a_subject_that_is_no_instance_and_a_newer_schema_are_refused,
     an_older_run_compares_every_arm_with_its_baseline,
     a_condition_is_compared_with_another_than_the_baseline, a_trial_without_a_partner_is_left_out,
     a_condition_that_is_compared_with_nothing_is_refused)
