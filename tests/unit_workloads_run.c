/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each workload runs and verifies, and what it says agrees with another way of finding it out. */
#include "tests/unit.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/mman.h>

#include "base/clock.h"
#include "workloads/describe.h"
#include "workloads/compiler.h"
#include "workloads/linear.h"
#include "workloads/pages.h"
#include "workloads/random.h"
#include "workloads/session.h"
#include "workloads/made_text.h"
#include "workloads/zipf.h"

#define SCRATCH "build" /* no tmpfs: the disk workloads want O_DIRECT */

/* Small enough for a test; the defaults for all else. */
static json_t *small_parameters(const struct workload *w)
{
	static const struct {
		const char *workload, *parameter, *value;
	} rows[] = {
		{"cpu.compress", "size", "1m"},      {"cpu.compile", "tree", "512k"},
		{"cpu.linpack", "order", "100"},     {"memory.stream", "size", "24m"},
		{"memory.latency", "size", "1m"},    {"memory.gups", "size", "4m"},
		{"memory.fault", "size", "256k"},    {"memory.kv", "size", "1m"},
		{"disk.randomrw", "size", "4m"},     {"disk.randread", "size", "4m"},
		{"disk.randwrite", "size", "4m"},    {"disk.seqread", "size", "64m"},
		{"disk.seqwrite", "size", "64m"},    {"disk.fsync", "limit", "1m"},
		{"disk.randread", "engine", "sync"},
	};
	json_t *parameters = json_object();

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (!strcmp(rows[i].workload, w->name))
			json_object_set_new(parameters, rows[i].parameter,
					    json_string(rows[i].value));
	return parameters;
}

static void open_session(struct session *s, const struct workload *w, const char *role, int port)
{
	json_t *request = json_pack("{s:i, s:s, s:s, s:o, s:i, s:f, s:i, s:s, s:s, s:i}", "id", 1,
				    "workload", w->name, "role", role, "parameters",
				    small_parameters(w), "seed", 42, "seconds", 0.05, "slow", 0,
				    "scratch", SCRATCH, "peer", "127.0.0.1", "port", port);
	struct error err = {0};

	ck_assert_ptr_nonnull(request);
	ck_assert_msg(!session_open(s, request, &err), "%s: %s", w->name, err.message);
	json_decref(request);
}

/* A new reference to the trial's message. */
static json_t *run_session(struct session *s)
{
	const char *name = s->trial.workload->name;
	struct error err = {0};
	json_t *trial;

	ck_assert_msg(!session_run(s, &err), "%s: %s", name, err.message);
	ck_assert_msg(!session_verify(s, &err), "%s: %s", name, err.message);
	trial = session_trial(s, &err);
	ck_assert_msg(trial != NULL, "%s: %s", name, err.message);
	return trial;
}

START_TEST(every_one_sided_workload_runs_twice_and_verifies)
{
	for (const struct workload *const *w = workloads; *w; w++) {
		struct session s = {0};

		if ((*w)->needs.peer)
			continue;
		for (int i = 0; i < 2; i++) {
			open_session(&s, *w, "run", 0);
			json_decref(run_session(&s));
		}
		session_release(&s);
	}
}
END_TEST

START_TEST(every_two_sided_workload_runs_twice_and_both_sides_count_the_same)
{
	for (const struct workload *const *w = workloads; *w; w++) {
		if (!(*w)->needs.peer)
			continue;
		for (int i = 0; i < 2; i++) {
			struct session server = {0}, client = {0};
			double operations;

			open_session(&server, *w, "serve", 0);
			session_begin(&server);
			open_session(&client, *w, "load", server.trial.port);
			json_decref(run_session(&client));
			operations = client.trial.operations;
			session_release(&client);
			ck_assert_int_eq(session_end(&server, NULL), 0);
			/* a stream's server also counts what the sockets still held, in GB */
			ck_assert_msg(fabs(server.trial.operations - operations) <=
					      fmax(0.016, operations * 0.02),
				      "%s: %f served, %f asked for", (*w)->name,
				      server.trial.operations, operations);
			session_release(&server);
		}
	}
}
END_TEST

static double one_load(struct session *server, const struct workload *w)
{
	struct session client = {0};
	double operations;

	open_session(server, w, "serve", 0);
	session_begin(server);
	open_session(&client, w, "load", server->trial.port);
	json_decref(run_session(&client));
	operations = client.trial.operations;
	session_release(&client);
	ck_assert_int_eq(session_end(server, NULL), 0);
	return operations;
}

START_TEST(a_server_that_can_stay_serves_the_next_trial_and_counts_it_alone)
{
	const struct workload *w = workload_find("network.web");
	struct session server = {0};
	const void *state;
	uint16_t port;

	ck_assert_double_eq(one_load(&server, w), server.trial.operations);
	ck_assert(server.serving && !server.open);
	state = server.trial.state;
	port = server.trial.port;
	ck_assert_double_eq(one_load(&server, w), server.trial.operations);
	ck_assert_ptr_eq(server.trial.state, state);
	ck_assert_uint_eq(server.trial.port, port);
	open_session(&server, workload_find("network.rr"), "serve", 0);
	ck_assert_uint_ne(server.trial.port, port);
	session_release(&server);
}
END_TEST

START_TEST(what_is_prepared_stays_for_the_same_parameters_and_goes_for_others)
{
	const struct workload *w = workload_find("memory.latency");
	struct session s = {0};
	const struct pages *pages;
	unsigned char there;
	void *memory;

	open_session(&s, w, "run", 0);
	pages = s.trial.state;
	memory = pages->memory;
	open_session(&s, w, "run", 0);
	ck_assert_ptr_eq(s.trial.state, pages);
	ck_assert_int_eq(mincore(memory, 1, &there), 0);
	open_session(&s, workload_find("cpu.prime"), "run", 0);
	ck_assert(mincore(memory, 1, &there) && errno == ENOMEM);
	session_release(&s);
}
END_TEST

static double value_of(json_t *trial, const char *metric)
{
	return json_number_value(json_object_get(json_object_get(trial, "values"), metric));
}

START_TEST(throughput_is_operations_by_time_and_time_is_that_of_the_clock)
{
	const struct workload *w = workload_find("cpu.prime");
	struct session s = {0};
	uint64_t before, after;
	json_t *trial;
	double inside, said;

	open_session(&s, w, "run", 0);
	before = clock_now();
	trial = run_session(&s);
	after = clock_now();
	inside = seconds_of((uint64_t)(json_integer_value(json_object_get(trial, "t_end")) -
				       json_integer_value(json_object_get(trial, "t_start"))));
	ck_assert(inside >= 0.05 && inside <= seconds_of(after - before));
	said = json_number_value(json_object_get(trial, "operations")) / inside;
	ck_assert_double_le(fabs(value_of(trial, "throughput") / said - 1), 0.01);
	json_decref(trial);
	session_release(&s);
}
END_TEST

START_TEST(a_rate_per_cpu_second_has_no_time_in_it_that_the_workload_did_not_use)
{
	for (const struct workload *const *w = workloads; *w; w++) {
		struct session s = {0};
		json_t *trial, *usage;
		double cpu;

		if ((*w)->panel != PANEL_CPU || (*w)->metrics[0].kind != METRIC_RATE)
			continue;
		open_session(&s, *w, "run", 0);
		trial = run_session(&s);
		usage = json_object_get(trial, "usage");
		cpu = json_number_value(json_object_get(usage, "user")) +
		      json_number_value(json_object_get(usage, "system"));
		ck_assert_double_gt(cpu, 0);
		ck_assert_double_le(
			fabs(value_of(trial, PER_CPU_SECOND) * cpu /
				     json_number_value(json_object_get(trial, "operations")) -
			     1),
			1e-9);
		json_decref(trial);
		session_release(&s);
	}
}
END_TEST

START_TEST(histograms_hold_one_sample_for_each_operation)
{
	const struct workload *w = workload_find("disk.randomrw");
	struct session s = {0};
	json_t *trial, *latency;

	open_session(&s, w, "run", 0);
	trial = run_session(&s);
	latency = json_object_get(json_object_get(trial, "histograms"), "latency");
	ck_assert_int_eq(json_integer_value(json_object_get(latency, "count")),
			 (json_int_t)json_number_value(json_object_get(trial, "operations")));
	json_decref(trial);
	session_release(&s);
}
END_TEST

START_TEST(compiled_sources_give_what_their_author_worked_out)
{
	static char text[65536];
	static uint8_t code[2 * sizeof(text)];

	for (uint64_t seed = 0; seed < 50; seed++) {
		struct object object = {.code = code, .size = sizeof(code)};
		struct error err = {0};
		uint32_t expected, result;

		source_generate(text, sizeof(text), seed, &expected);
		ck_assert_msg(!compile_source(text, sizeof(text), &object, &err), "%s",
			      err.message);
		ck_assert_int_eq(object_run(&object, &result, &err), 0);
		ck_assert_uint_eq(result, expected);
	}
}
END_TEST

START_TEST(the_compiler_knows_precedence_comments_and_branches)
{
	static const char text[] = "/* a\nb */ unsigned f(unsigned a, unsigned b)\n{\n"
				   "unsigned c = 2 + a * b - 1 << 1 & 63 ^ 1 | 128;\n" /* a=3 b=5 */
				   "if (a == 3) { c = c + 1; } else { c = 0; }\n"
				   "if (0) { c = 7; }\n"
				   "return -~c; }";
	uint8_t code[1024];
	struct object object = {.code = code, .size = sizeof(code)};
	uint32_t a = 3, b = 5, c = (((2 + a * b - 1) << 1) & 63) ^ 1, result;

	c = (c | 128) + 1;
	ck_assert_int_eq(compile_source(text, strlen(text), &object, NULL), 0);
	ck_assert_int_eq(object_run(&object, &result, NULL), 0);
	ck_assert_uint_eq(result, -~c);
}
END_TEST

START_TEST(what_is_not_the_language_is_refused_with_its_line)
{
	static const char *const bad[] = {
		"unsigned f(unsigned a, unsigned b)\n{ return c; }",
		"unsigned f(unsigned a, unsigned b)\n{ return a",
		"unsigned f(unsigned a, unsigned b)\n{ unsigned a = 1; }",
		"unsigned f(unsigned a)\n{ return a; }",
		"unsigned f(unsigned a, unsigned b)\n{ return (a; }",
		"unsigned f(unsigned a, unsigned b)\n{ a = $; }",
		"/* no end",
		"int",
	};
	uint8_t code[1024];

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct object object = {.code = code, .size = sizeof(code)};
		struct error err;

		ck_assert_int_ne(compile_source(bad[i], strlen(bad[i]), &object, &err), 0);
		ck_assert_ptr_nonnull(strstr(err.message, "line "));
	}
}
END_TEST

START_TEST(a_source_of_endless_depth_is_refused)
{
	static const char head[] = "unsigned f(unsigned a, unsigned b){ return ";
	static const char deep[] = "~(-";
	uint8_t code[1024];

	for (size_t i = 0; i < strlen(deep); i++) {
		struct object object = {.code = code, .size = sizeof(code)};
		char *text = malloc(1 << 20);

		memset(text, deep[i], 1 << 20);
		memcpy(text, head, strlen(head));
		ck_assert_int_ne(compile_source(text, 1 << 20, &object, NULL), 0);
		free(text);
	}
}
END_TEST

START_TEST(solutions_of_every_order_and_vector_code_are_right)
{
	static const size_t orders[] = {1, 2, 3, 5, 8, 17, 24, 31, 64, 100, 193, 257, 300};

	for (int v = 0; v <= (int)vector_widest(); v++) {
		struct linear *l = linear_create((enum vector)v);

		for (size_t o = 0; o < sizeof(orders) / sizeof(*orders); o++) {
			size_t n = orders[o], *pivots = calloc(n, sizeof(*pivots));
			double *a = malloc(n * n * sizeof(*a)), *lu = malloc(n * n * sizeof(*a));
			double *b = malloc(n * sizeof(*b)), *x = malloc(n * sizeof(*x));
			struct random_state random = random_seeded(n);

			for (size_t i = 0; i < n * n; i++)
				a[i] = lu[i] = random_share(&random) - 0.5;
			for (size_t i = 0; i < n; i++)
				b[i] = x[i] = random_share(&random) - 0.5;
			ck_assert_int_eq(linear_solve(l, n, lu, pivots, x, 0), 0);
			ck_assert_double_le(fabs(linear_work(l) / (2.0 / 3 * pow(n, 3)) - 1),
					    3.0 / (double)n);
			ck_assert_double_lt(linear_residual(n, a, x, b), 16);
			x[n / 2] += 1e-6;
			ck_assert_double_gt(linear_residual(n, a, x, b), 16);
			x[n / 2] = NAN;
			ck_assert_double_gt(linear_residual(n, a, x, b), 16);
			free(a), free(lu), free(b), free(x), free(pivots);
		}
		linear_destroy(l);
	}
}
END_TEST

START_TEST(a_solution_that_takes_too_long_is_left_with_what_was_done_of_it)
{
	struct linear *l = linear_create(VECTOR_BASELINE);
	size_t n = 600, *pivots = calloc(n, sizeof(*pivots));
	double *a = malloc(n * n * sizeof(*a)), *b = calloc(n, sizeof(*b));
	struct random_state random = random_seeded(1);

	for (size_t i = 0; i < n * n; i++)
		a[i] = random_share(&random) - 0.5;
	/* 144 million operations: no CPU does them in 100 us */
	ck_assert_int_eq(linear_solve(l, n, a, pivots, b, clock_now() + 100000), -ETIME);
	ck_assert_double_lt(linear_work(l), 2.0 / 3 * pow((double)n, 3));
	ck_assert_int_eq(linear_solve(l, n, a, pivots, b, 1), -ETIME);
	ck_assert_double_eq(linear_work(l), 0);
	free(a), free(b), free(pivots);
	linear_destroy(l);
}
END_TEST

START_TEST(a_singular_matrix_is_told)
{
	struct linear *l = linear_create(VECTOR_BASELINE);
	double a[16] = {1, 2, 3, 4, 2, 4, 6, 8, 1, 0, 0, 1, 0, 1, 1, 0}, b[4] = {1, 1, 1, 1};
	size_t pivots[4];

	ck_assert_int_eq(linear_solve(l, 4, a, pivots, b, 0), -EDOM);
	linear_destroy(l);
}
END_TEST

START_TEST(zipfian_ranks_have_the_shares_that_the_law_gives)
{
	const struct zipf zipf = zipf_of(1000);
	struct random_state random = random_seeded(7);
	double counts[1000] = {0}, draws = 200000;

	for (int i = 0; i < (int)draws; i++) {
		uint64_t rank = zipf_next(&zipf, &random);

		ck_assert_uint_lt(rank, 1000);
		counts[rank]++;
	}
	/* the two first are exact in Gray's method; the rest approximates */
	for (int i = 0; i < 2; i++)
		ck_assert_double_eq_tol(counts[i] / draws, pow(i + 1, -0.99) / zipf.zeta, 0.005);
	ck_assert_double_lt(counts[999], counts[9]);
}
END_TEST

START_TEST(generated_text_is_the_same_each_time_and_fills_its_room)
{
	char a[10000], b[10001];

	b[10000] = 'X';
	text_generate(a, 10000, 1);
	text_generate(b, 10000, 1);
	ck_assert_int_eq(memcmp(a, b, 10000), 0);
	ck_assert_int_eq(b[10000], 'X');
	ck_assert_ptr_null(memchr(a, 0, 10000));
	text_generate(b, 10000, 2);
	ck_assert_int_ne(memcmp(a, b, 10000), 0);
}
END_TEST

UNIT("workloads", every_one_sided_workload_runs_twice_and_verifies,
     every_two_sided_workload_runs_twice_and_both_sides_count_the_same,
     a_server_that_can_stay_serves_the_next_trial_and_counts_it_alone,
     what_is_prepared_stays_for_the_same_parameters_and_goes_for_others,
     throughput_is_operations_by_time_and_time_is_that_of_the_clock,
     a_rate_per_cpu_second_has_no_time_in_it_that_the_workload_did_not_use,
     histograms_hold_one_sample_for_each_operation,
     compiled_sources_give_what_their_author_worked_out,
     the_compiler_knows_precedence_comments_and_branches,
     what_is_not_the_language_is_refused_with_its_line, a_source_of_endless_depth_is_refused,
     solutions_of_every_order_and_vector_code_are_right,
     a_solution_that_takes_too_long_is_left_with_what_was_done_of_it, a_singular_matrix_is_told,
     zipfian_ranks_have_the_shares_that_the_law_gives,
     generated_text_is_the_same_each_time_and_fills_its_room)
