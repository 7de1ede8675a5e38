/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness/plan/plan.h"
#include "harness/run/run.h"

static const char catalogue_text[] =
	"[{'name':'cpu.spin','version':1,'panel':'cpu','summary':'','stands_for':'',"
	"  'metrics':[{'name':'throughput','unit':'1/s','better':'higher'}],'parameters':["
	"   {'name':'vector','kind':'choice','summary':'',"
	"    'choices':['auto','baseline','avx2','avx512'],"
	"    'resolve':'narrowest','fact':'vector'}],"
	"  'needs':{'cpus':1}},"
	" {'name':'disk.io','version':1,'panel':'disk','summary':'','stands_for':'',"
	"  'metrics':[{'name':'throughput','unit':'1/s','better':'higher'}],"
	"  'parameters':[{'name':'size','kind':'size','summary':'','default':1073741824,"
	"                 'low':4096,'high':1e13},"
	"                {'name':'engine','kind':'choice','summary':'',"
	"                 'choices':['io_uring','aio','sync'],'resolve':'common'}],"
	"  'needs':{'cpus':1,'scratch_parameter':'size'}}]";

static const struct study study = {
	.name = "test",
	.title = "A test",
	.figures = (const char *const[]){"overhead", NULL},
	.baseline = "sim",
	.environments = (const char *const[]){"sim:overhead=5%", "?nowhere", NULL},
	.workloads = (const char *const[]){"cpu.spin", "disk.io:engine=sync", "?no.such", NULL},
};

static json_t *make_catalogue(void)
{
	char text[sizeof(catalogue_text)];
	json_t *catalogue;

	strcpy(text, catalogue_text);
	for (char *c = text; *c; c++)
		if (*c == '\'')
			*c = '"';
	catalogue = json_loads(text, 0, NULL);
	ck_assert_ptr_nonnull(catalogue);
	return catalogue;
}

static struct plan_request make_request(void)
{
	return (struct plan_request){
		.study = &study, .preset = &run_presets[0], .seed_given = true, .seed = 42};
}

static int make_plan(const struct plan_request *request, struct plan **plan, struct error *err)
{
	struct placement placement = {.memory_bytes = 2ULL << 30, .scratch_bytes = 256 << 20};
	json_t *catalogue = make_catalogue();
	int rc = plan_create(request, catalogue, &placement, plan, err);

	json_decref(catalogue);
	return rc;
}

static struct plan *good_plan(const struct plan_request *request)
{
	struct error err = {0};
	struct plan *plan;

	ck_assert_msg(make_plan(request, &plan, &err) == 0, "%s", err.message);
	return plan;
}

static void assert_refused(const struct plan_request *request, const char *words)
{
	struct error err = {0};
	struct plan *plan;

	ck_assert_int_eq(make_plan(request, &plan, &err), -EINVAL);
	ck_assert_ptr_null(plan);
	ck_assert_msg(strstr(err.message, words) != NULL, "'%s' has no '%s'", err.message, words);
	ck_assert_ptr_null(strchr(err.message, '\n'));
}

START_TEST(every_plan_has_the_baseline_twice_and_leaves_out_what_is_optional_and_absent)
{
	struct plan_request request = make_request();
	struct plan *plan = good_plan(&request);

	ck_assert_int_eq(plan->instance_count, 3);
	ck_assert_str_eq(plan->instances[0].id, "sim");
	ck_assert_str_eq(plan->instances[1].id, "sim#null");
	ck_assert_str_eq(plan->instances[1].name, "sim");
	ck_assert_str_eq(plan->instances[2].id, "sim:overhead=5%");
	ck_assert_int_eq(plan->workload_count, 2);
	ck_assert_str_eq(plan->workloads[1].key, "disk.io:engine=sync");
	ck_assert_str_eq(plan->workloads[1].name, "disk.io");
	plan_destroy(plan);
}
END_TEST

START_TEST(each_workload_is_a_comparison_with_one_condition_for_each_instance)
{
	struct plan_request request = make_request();
	struct plan *plan = good_plan(&request);
	const struct plan_condition *baseline = plan_find(plan, 1, 0);
	const struct plan_condition *null = plan_find(plan, 1, 1), *other = plan_find(plan, 1, 2);

	ck_assert_int_eq(plan->comparison_count, 2);
	ck_assert_int_eq(plan->condition_count, 6);
	ck_assert_str_eq(plan_key(plan, 1), "disk.io:engine=sync");
	ck_assert_str_eq(other->id, "disk.io:engine=sync/sim:overhead=5%");
	ck_assert_str_eq(other->procedure, "work");
	ck_assert(plan_is_baseline(plan, baseline));
	ck_assert_ptr_eq(&plan->conditions[other->against], baseline);
	ck_assert_ptr_eq(&plan->conditions[null->null], baseline);
	ck_assert_int_eq(baseline->null, -1);
	ck_assert_int_eq(other->cast_count, 1);
	ck_assert_int_eq(other->cast[0].role, CAST_SUBJECT);
	ck_assert_int_eq(other->cast[0].workload, 1);
	plan_destroy(plan);
}
END_TEST

START_TEST(what_needs_a_peer_is_served_to_a_load_generator)
{
	struct plan_request request = make_request();
	json_t *catalogue = make_catalogue();
	struct placement placement = {.memory_bytes = 2ULL << 30, .scratch_bytes = 256 << 20};
	const struct plan_condition *condition;
	struct plan *plan;
	struct error err;

	json_object_set_new(json_object_get(json_array_get(catalogue, 0), "needs"), "peer",
			    json_true());
	ck_assert_int_eq(plan_create(&request, catalogue, &placement, &plan, &err), 0);
	condition = plan_find(plan, 0, 2);
	ck_assert_str_eq(condition->procedure, "serve");
	ck_assert_int_eq(condition->cast_count, 2);
	ck_assert_int_eq(condition->cast[1].role, CAST_LOAD);
	ck_assert_int_eq(condition->cast[1].instance, -1);
	ck_assert_str_eq(plan_find(plan, 1, 2)->procedure, "work");
	json_decref(catalogue);
	plan_destroy(plan);
}
END_TEST

START_TEST(in_scenes_each_instance_is_compared_with_itself_alone)
{
	static const struct scene scenes[] = {
		{"idle", NULL}, {"same", SCENE_SAME}, {"disk", "disk.io:engine=aio"}, {0}};
	struct study company = study;
	struct plan_request request = make_request();
	struct plan *plan;
	const struct plan_condition *c;
	int count[2] = {0};

	company.scenes = scenes;
	request.study = &company;
	plan = good_plan(&request);
	/* two environments, each with a neighbour, and none for a null arm; a workload more */
	ck_assert_int_eq(plan->instance_count, 4);
	ck_assert_str_eq(plan->instances[3].id, "sim:overhead=5%#neighbour");
	ck_assert_int_eq(plan->instances[3].beside, 1);
	ck_assert_int_eq(plan->workload_count, 3);
	ck_assert(plan->workloads[2].beside);
	ck_assert_int_eq(plan->comparison_count, 2);
	ck_assert_int_eq(plan->condition_count, 2 * 2 * (1 + 3));
	c = &plan->conditions[4]; /* the second environment's, in the first comparison */
	ck_assert(plan_is_baseline(plan, c));
	ck_assert_ptr_null(c->scene);
	ck_assert_str_eq(c[1].column, "sim:overhead=5%+idle");
	ck_assert_int_eq(c[1].null, 4);
	ck_assert_int_eq(c[1].cast[1].instance, 3);
	ck_assert_int_eq(c[1].cast[1].workload, -1);
	ck_assert_int_eq(c[2].against, 4);
	ck_assert_int_eq(c[2].null, -1);
	ck_assert_int_eq(c[2].cast[1].workload, c[2].cast[0].workload);
	ck_assert_int_eq(c[3].cast[1].workload, 2);
	for (int i = 0; i < plan->condition_count; i++)
		count[plan_is_baseline(plan, &plan->conditions[i])]++;
	ck_assert_int_eq(count[1], 4);
	plan_destroy(plan);
}
END_TEST

START_TEST(a_default_size_is_lowered_to_the_scratch_space_and_a_note_says_so)
{
	struct plan_request request = make_request();
	struct plan *plan = good_plan(&request);
	const struct plan_workload *w = &plan->workloads[1];

	ck_assert_int_eq(json_integer_value(json_object_get(w->values, "size")), 256 << 20);
	ck_assert_ptr_nonnull(json_object_get(w->entry, "note"));
	plan_destroy(plan);
}
END_TEST

START_TEST(a_size_that_was_asked_for_and_does_not_fit_is_refused)
{
	const char *settings[] = {"disk.io.size=1g"};
	struct plan_request request = make_request();

	request.settings = settings;
	request.setting_count = 1;
	assert_refused(&request, "scratch space allows 256 MiB");
}
END_TEST

START_TEST(a_setting_reaches_its_parameter_and_a_wrong_one_is_refused)
{
	static const char *const wrong[][2] = {
		{"disk.io.size=1", "from 4k"},
		{"disk.io.depth=1", "has no parameter 'depth'"},
		{"cpu.spin.size=1", "valid parameters: vector"},
		{"net.io.size=1", "not in this run"},
		{"nonsense", "WORKLOAD.PARAMETER"},
		{"slow=x", "invalid share"},
		{"disk.io.engine=x", "one of"},
		{"slow=-1%", "invalid share"},
	};
	const char *settings[] = {"disk.*.size=8m"};
	struct plan_request request = make_request();
	struct plan *plan;

	request.settings = settings;
	request.setting_count = 1;
	plan = good_plan(&request);
	ck_assert_int_eq(json_integer_value(json_object_get(plan->workloads[1].values, "size")),
			 8 << 20);
	plan_destroy(plan);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		settings[0] = wrong[i][0];
		assert_refused(&request, wrong[i][1]);
	}
}
END_TEST

START_TEST(slow_reaches_every_environment_but_the_baseline)
{
	const char *settings[] = {"slow=3%"};
	struct plan_request request = make_request();
	struct plan *plan;

	request.settings = settings;
	request.setting_count = 1;
	plan = good_plan(&request);
	ck_assert_double_eq(plan->instances[0].slow, 0);
	ck_assert_double_eq(plan->instances[1].slow, 0);
	ck_assert_double_eq_tol(plan->instances[2].slow, 0.03, 1e-12);
	ck_assert_ptr_nonnull(strstr(plan->instances[2].availability.label, "slowed by 3 %"));
	plan_destroy(plan);
}
END_TEST

START_TEST(globs_choose_from_the_catalogue_and_one_that_matches_nothing_is_refused)
{
	const char *globs[] = {"cpu.*"};
	struct plan_request request = make_request();
	struct plan *plan;

	request.workloads = globs;
	request.workload_count = 1;
	plan = good_plan(&request);
	ck_assert_int_eq(plan->workload_count, 1);
	ck_assert_str_eq(plan->workloads[0].key, "cpu.spin");
	plan_destroy(plan);
	globs[0] = "gpu.*";
	assert_refused(&request, "valid workloads: cpu.spin disk.io");
}
END_TEST

START_TEST(unknown_environments_are_refused_with_the_known_ones)
{
	const char *environments[] = {"moon"};
	struct plan_request request = make_request();

	request.environments = environments;
	request.environment_count = 1;
	assert_refused(&request, "bare");
}
END_TEST

START_TEST(many_trials_make_each_of_them_shorter_so_that_the_budget_holds)
{
	const char *many[] = {"sim:overhead=1%", "sim:overhead=2%", "sim:overhead=3%",
			      "sim:overhead=4%", "sim:overhead=6%", "sim:overhead=7%"};
	struct plan_request request = make_request();
	struct plan *few_arms, *many_arms;
	const char *globs[] = {"*", "disk.io:engine=aio", "disk.io:size=8m", "disk.io:size=4m"};

	request.seconds = 30;
	few_arms = good_plan(&request);
	request.environments = many;
	request.environment_count = 6;
	request.workloads = globs;
	request.workload_count = 4;
	many_arms = good_plan(&request);
	ck_assert_double_lt(many_arms->trial_seconds, few_arms->trial_seconds);
	ck_assert_double_le(many_arms->trial_seconds * many_arms->instance_count *
				    many_arms->workload_count * many_arms->min_blocks,
			    many_arms->budget_seconds);
	plan_destroy(few_arms);
	plan_destroy(many_arms);
}
END_TEST

/* A machine that is not simulated: its starts and preparations take time. */
START_TEST(a_time_that_the_plan_cannot_keep_is_refused_with_the_least_one)
{
	const char *environments[] = {"bare"}, *globs[] = {"cpu.spin"};
	struct plan_request request = make_request();
	struct plan *plan;

	request.baseline = "bare";
	request.environments = environments;
	request.environment_count = 1;
	request.workloads = globs;
	request.workload_count = 1;
	request.seconds = 1;
	assert_refused(&request, "give --time");
	request.seconds = 4;
	plan = good_plan(&request);
	ck_assert_double_le(plan_seconds(plan), 4);
	ck_assert_double_eq(plan->budget_seconds, 4);
	plan_destroy(plan);
}
END_TEST

START_TEST(the_engine_is_one_that_every_environment_has)
{
	const char *globs[] = {"disk.io:size=8m"};
	struct plan_request request = make_request();
	json_t *hellos = json_pack("[{s:{s:s}}, {s:{s:s, s:s}}]", "facts", "io_uring", "yes",
				   "facts", "io_uring", "no", "aio", "yes");
	struct error err;
	struct plan *plan;

	request.workloads = globs;
	request.workload_count = 1;
	plan = good_plan(&request);
	ck_assert_int_eq(plan_adapt(plan, hellos, &err), 0);
	ck_assert_str_eq(json_string_value(json_object_get(plan->workloads[0].values, "engine")),
			 "aio");
	json_decref(hellos);
	plan_destroy(plan);
}
END_TEST

START_TEST(an_engine_that_was_asked_for_stays)
{
	struct plan_request request = make_request();
	struct plan *plan = good_plan(&request);
	json_t *hellos = json_pack("[{s:{s:s}}]", "facts", "io_uring", "yes");
	struct error err;

	ck_assert_int_eq(plan_adapt(plan, hellos, &err), 0);
	ck_assert_str_eq(json_string_value(json_object_get(plan->workloads[1].values, "engine")),
			 "sync");
	json_decref(hellos);
	plan_destroy(plan);
}
END_TEST

START_TEST(the_vector_code_is_the_narrowest_where_cpus_differ)
{
	struct plan_request request = make_request();
	struct plan *plan = good_plan(&request);
	json_t *equal = json_pack("[{s:{s:s}}, {s:{s:s}}]", "facts", "vector", "avx512", "facts",
				  "vector", "avx512");
	json_t *differ = json_pack("[{s:{s:s}}, {s:{s:s}}]", "facts", "vector", "avx512", "facts",
				   "vector", "avx2");
	json_t *values = plan->workloads[0].values;
	struct error err;

	ck_assert_int_eq(plan_adapt(plan, equal, &err), 0);
	ck_assert_str_eq(json_string_value(json_object_get(values, "vector")), "auto");
	ck_assert_int_eq(plan_adapt(plan, differ, &err), 0);
	ck_assert_str_eq(json_string_value(json_object_get(values, "vector")), "avx2");
	json_decref(equal);
	json_decref(differ);
	plan_destroy(plan);
}
END_TEST

START_TEST(a_workload_that_needs_more_than_an_environment_has_says_both_numbers)
{
	static const struct {
		const char *needs, *hello, *why; /* NULL: it has enough */
	} cases[] = {
		{"{'cpus':1,'memory':1048576}", "{'cpus':1,'memory':2147483648}", NULL},
		{"{'cpus':4}", "{'cpus':2,'memory':2147483648}",
		 "it needs 4 CPUs, but this environment has 2"},
		{"{'cpus':1,'memory':1048576,'memory_parameter':'size'}",
		 "{'cpus':1,'memory':268435456}",
		 "it needs 1025 MiB of memory, but this environment has 256 MiB"},
		/* bare metal: all of the host's, of which it gets what the others get */
		{"{'cpus':1,'memory':3221225472}", "{'cpus':2,'memory':68719476736}",
		 "it needs 3072 MiB of memory, but this environment has 2048 MiB"},
		{"{'kvm':true}", "{'cpus':1,'memory':2147483648,'kvm':true}", NULL},
		{"{'kvm':true}", "{'cpus':1,'memory':2147483648,'kvm':false}",
		 "it needs /dev/kvm, which this environment cannot open"},
		{"{'kvm':false}", "{'cpus':1,'memory':2147483648,'kvm':false}", NULL},
	};
	struct placement placement = {.memory_bytes = 2ULL << 30};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char text[512], why[128] = "";
		json_t *both;
		struct plan_workload w = {0};
		bool lacks;

		snprintf(text, sizeof(text), "{'needs':%s,'values':{'size':1073741824},'hello':%s}",
			 cases[i].needs, cases[i].hello);
		for (char *c = text; *c; c++)
			if (*c == '\'')
				*c = '"';
		both = json_loads(text, 0, NULL);
		w.entry = both;
		w.values = json_object_get(both, "values");
		lacks = plan_lacks(&w, json_object_get(both, "hello"), &placement, why,
				   sizeof(why));
		ck_assert_int_eq(lacks, cases[i].why != NULL);
		if (lacks)
			ck_assert_str_eq(why, cases[i].why);
		ck_assert(!plan_lacks(&w, NULL, &placement, why, sizeof(why)));
		json_decref(both);
	}
}
END_TEST

static const struct plan_condition *check(struct plan *plan, const char *hello, bool network)
{
	struct placement placement = {.memory_bytes = 2ULL << 30};
	json_t *environments = json_pack("{s:{s:o}}", "bare", "hello", json_loads(hello, 0, NULL));

	plan_check_needs(plan, &placement, network, environments);
	json_decref(environments);
	return plan_find(plan, 0, 0);
}

START_TEST(a_condition_whose_cast_lacks_something_says_so_in_the_sealed_plan)
{
	static const char *const environments[] = {"bare"}, *const globs[] = {"cpu.spin"};
	struct plan_request request = make_request();
	const struct plan_condition *condition;
	json_t *needs, *json;
	struct plan *plan;

	request.baseline = "bare";
	request.environments = (const char **)environments;
	request.workloads = (const char **)globs;
	request.environment_count = request.workload_count = 1;
	plan = good_plan(&request);
	needs = json_object_get(plan->workloads[0].entry, "needs");
	condition = check(plan, "{\"cpus\":1,\"memory\":2147483648}", false);
	ck_assert_str_eq(condition->obstacle, "");
	plan->workloads[0].peer = true;
	condition = check(plan, "{\"cpus\":1,\"memory\":2147483648}", false);
	ck_assert_ptr_nonnull(strstr(condition->obstacle, "network namespaces"));
	plan->workloads[0].peer = false;
	json_object_set_new(needs, "cpus", json_integer(4));
	condition = check(plan, "{\"cpus\":2,\"memory\":2147483648}", true);
	ck_assert_ptr_nonnull(strstr(condition->obstacle, "network namespaces")); /* it stays */
	plan->conditions[0].obstacle[0] = 0;
	condition = check(plan, "{\"cpus\":2,\"memory\":2147483648}", true);
	ck_assert_str_eq(condition->obstacle, "it needs 4 CPUs, but this environment has 2");
	json = plan_json(plan);
	ck_assert_str_eq(
		json_string_value(json_object_get(
			json_array_get(json_object_get(json, "conditions"), 0), "obstacle")),
		condition->obstacle);
	json_decref(json);
	plan_destroy(plan);
}
END_TEST

static json_t *sealed(const struct plan *plan)
{
	return json_pack("{s:o, s:o, s:{s:{s:b}, s:{s:b}}}", "plan", plan_json(plan), "study",
			 plan_study_json(plan), "environments", "sim", "available", 1,
			 "sim:overhead=5%", "available", 1);
}

static int read_back(const json_t *run, struct plan **plan, struct error *err)
{
	struct placement placement = {.memory_bytes = 2ULL << 30, .scratch_bytes = 256 << 20};
	json_t *catalogue = make_catalogue();
	int rc = plan_from_run(run, catalogue, &placement, plan, err);

	json_decref(catalogue);
	return rc;
}

START_TEST(a_plan_that_asks_for_more_than_the_catalogue_is_not_read_back)
{
	/* where in the plan, what is put there, and what the refusal says */
	static const char *const wrong[][4] = {
		{"workloads/1/values", "size", "1e15", "disk.io.size="},
		{"workloads/1/values", "size", "536870912", "the scratch space allows 256 MiB"},
		{"workloads/1/values", "size", "\"64m\"", "has the wrong type"},
		{"workloads/1/values", "command", "\"sh\"", "has no parameter 'command'"},
		{"workloads/1/values", "engine", "\"magic\"", "disk.io.engine=magic"},
		{"workloads/1/needs", "scratch_parameter", "null", "disk.io has needs"},
		{"workloads/1", "workload", "\"disk.other\"", "this agent has no workload"},
		{"workloads/0", "version", "2", "cpu.spin has version 2"},
		{"workloads/0", "procedure", "\"evil\"", "cpu.spin has a procedure"},
		{"", "scenes", "[{\"name\":\"x\",\"neighbour\":\"same\"}]", "lacks its neighbour"},
		{"", "trial_seconds", "1e300", "trial_seconds is 1e+300"},
		{"", "starts", "4294967297", "starts is"},
		{"", "budget_seconds", "1e9", "budget_seconds is"},
	};
	struct plan_request request = make_request();
	struct plan *plan = good_plan(&request), *again;
	struct error err;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		json_t *run = sealed(plan), *at = json_deep_copy(json_object_get(run, "plan"));
		char *path = strdup(wrong[i][0]), *rest = path;

		json_object_set_new(run, "plan", at);
		for (char *step; *path && (step = strsep(&rest, "/"));)
			at = json_is_array(at) ? json_array_get(at, (size_t)atoi(step))
					       : json_object_get(at, step);
		json_object_set_new(at, wrong[i][1],
				    json_loads(wrong[i][2], JSON_DECODE_ANY, NULL));
		ck_assert_int_eq(read_back(run, &again, &err), -EINVAL);
		ck_assert_msg(strstr(err.message, wrong[i][3]), "%s: %s", wrong[i][3], err.message);
		free(path);
		json_decref(run);
	}
	plan_destroy(plan);
}
END_TEST

START_TEST(a_sealed_plan_is_read_back_equal)
{
	struct placement placement = {.memory_bytes = 2ULL << 30, .scratch_bytes = 256 << 20};
	struct plan_request request = make_request();
	struct plan *plan = good_plan(&request), *again;
	json_t *run;
	json_t *json;
	struct error err;

	strcpy(plan->conditions[5].obstacle, "it lacks something");
	run = sealed(plan);
	ck_assert_msg(read_back(run, &again, &err) == 0, "%s", err.message);
	plan_allot(again, &placement);
	json = plan_json(again);
	ck_assert(json_equal(json, json_object_get(run, "plan")));
	ck_assert(plan_instance_usable(&again->instances[2]));
	ck_assert_int_eq(again->instances[1].repeats, 0);
	json_decref(json);
	json_decref(run);
	plan_destroy(plan);
	plan_destroy(again);
}
END_TEST

START_TEST(a_prediction_is_sealed_as_a_relative_and_must_speak_of_the_run)
{
	static const char *const wrong[] = {"vm disk", "sim:overhead=5% disk -100%",
					    "moon disk -5%", "sim:overhead=5% gpu -5%"};
	const char *text = "sim:overhead=5% disk -50%";
	json_t *predictions = json_array();
	struct plan_request request = make_request();
	struct plan *plan = good_plan(&request);
	struct error err;

	ck_assert_int_eq(run_seal_predictions(plan, &text, 1, predictions, &err), 0);
	ck_assert_int_eq(json_array_size(predictions), 1);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		text = wrong[i];
		ck_assert_int_eq(run_seal_predictions(plan, &text, 1, predictions, &err), -EINVAL);
	}
	json_decref(predictions);
	plan_destroy(plan);
}
END_TEST

UNIT("plan", in_scenes_each_instance_is_compared_with_itself_alone,
     every_plan_has_the_baseline_twice_and_leaves_out_what_is_optional_and_absent,
     each_workload_is_a_comparison_with_one_condition_for_each_instance,
     what_needs_a_peer_is_served_to_a_load_generator,
     a_default_size_is_lowered_to_the_scratch_space_and_a_note_says_so,
     a_size_that_was_asked_for_and_does_not_fit_is_refused,
     a_setting_reaches_its_parameter_and_a_wrong_one_is_refused,
     slow_reaches_every_environment_but_the_baseline,
     globs_choose_from_the_catalogue_and_one_that_matches_nothing_is_refused,
     unknown_environments_are_refused_with_the_known_ones,
     many_trials_make_each_of_them_shorter_so_that_the_budget_holds,
     a_time_that_the_plan_cannot_keep_is_refused_with_the_least_one,
     the_engine_is_one_that_every_environment_has, an_engine_that_was_asked_for_stays,
     the_vector_code_is_the_narrowest_where_cpus_differ, a_sealed_plan_is_read_back_equal,
     a_workload_that_needs_more_than_an_environment_has_says_both_numbers,
     a_condition_whose_cast_lacks_something_says_so_in_the_sealed_plan,
     a_plan_that_asks_for_more_than_the_catalogue_is_not_read_back,
     a_prediction_is_sealed_as_a_relative_and_must_speak_of_the_run)
