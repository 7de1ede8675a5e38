/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "workloads/describe.h"
#include "base/parameters.h"

static json_t *entry_of(const char *name)
{
	const struct workload *w = workload_find(name);

	ck_assert_ptr_nonnull(w);
	return catalogue_entry(w);
}

static json_t *resolved(const char *workload, const char *name, json_t *given, int code)
{
	json_t *entry = entry_of(workload), *value = NULL;
	struct error err = {0};

	ck_assert_int_eq(parameter_resolve(entry, name, given, &value, &err), code);
	ck_assert(!code == !err.message[0]);
	json_decref(entry);
	json_decref(given);
	return value;
}

START_TEST(sizes_are_read_as_people_write_them)
{
	static const struct {
		const char *text;
		json_int_t bytes;
	} cases[] = {{"8k", 8192},      {"64K", 65536},     {"1m", 1 << 20},
		     {"0.5m", 1 << 19}, {"131072", 131072}, {"16KiB", 16384}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		json_t *value = resolved("disk.randread", "block", json_string(cases[i].text), 0);

		ck_assert_int_eq(json_integer_value(value), cases[i].bytes);
		json_decref(value);
	}
}
END_TEST

START_TEST(what_is_no_size_or_out_of_range_is_refused_with_the_range)
{
	static const char *const bad[] = {"8q",  "",     "k",   "-8k", "1e300",
					  "nan", "100g", "8kk", "0.3"};
	json_t *entry = entry_of("disk.randread"), *value = NULL;
	struct error err;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		json_t *given = json_string(bad[i]);

		ck_assert_int_eq(parameter_resolve(entry, "block", given, &value, &err), -EINVAL);
		ck_assert_ptr_null(value);
		ck_assert_ptr_nonnull(strstr(err.message, "from 512 to 16m"));
		json_decref(given);
	}
	json_decref(entry);
}
END_TEST

START_TEST(a_choice_that_is_none_is_refused_with_the_choices)
{
	json_t *entry = entry_of("disk.randread"), *given = json_string("tape"), *value = NULL;
	struct error err;

	ck_assert_int_eq(parameter_resolve(entry, "engine", given, &value, &err), -EINVAL);
	ck_assert_ptr_nonnull(strstr(err.message, "io_uring, aio, sync"));
	json_decref(given);
	given = json_integer(1);
	ck_assert_int_eq(parameter_resolve(entry, "engine", given, &value, &err), -EINVAL);
	json_decref(given);
	json_decref(entry);
}
END_TEST

START_TEST(an_unknown_parameter_is_refused_with_the_known_ones)
{
	json_t *entry = entry_of("disk.randread"), *given = json_pack("{s:i}", "blok", 1), *values;
	struct error err;

	ck_assert_int_eq(parameters_resolve(entry, given, &values, &err), -EINVAL);
	ck_assert_ptr_null(values);
	ck_assert_ptr_nonnull(strstr(err.message, "size, block, depth"));
	json_decref(given);
	json_decref(entry);
}
END_TEST

START_TEST(reals_take_percent_and_integers_take_no_fraction)
{
	json_t *value = resolved("network.web", "bids", json_string("3%"), 0);

	ck_assert_double_eq_tol(json_real_value(value), 0.03, 1e-12);
	json_decref(value);
	ck_assert_ptr_null(resolved("network.web", "rate", json_real(1.5), -EINVAL));
	ck_assert_ptr_null(resolved("network.web", "rate", json_string("10%"), -EINVAL));
}
END_TEST

START_TEST(resolving_what_was_resolved_changes_nothing)
{
	for (const struct workload *const *w = workloads; *w; w++) {
		json_t *entry = catalogue_entry(*w), *once, *twice;

		ck_assert_int_eq(parameters_resolve(entry, NULL, &once, NULL), 0);
		ck_assert_int_eq(parameters_resolve(entry, once, &twice, NULL), 0);
		ck_assert(json_equal(once, twice));
		json_decref(once);
		json_decref(twice);
		json_decref(entry);
	}
}
END_TEST

static bool has_parameter(const struct workload *w, const char *name)
{
	for (const struct parameter *p = w->parameters; p && p->name; p++)
		if (!strcmp(p->name, name))
			return true;
	return false;
}

START_TEST(every_workload_says_all_that_the_contract_asks)
{
	static const char *const panels[] = {"cpu.", "memory.", "disk.", "network."};

	for (const struct workload *const *at = workloads; *at; at++) {
		const struct workload *w = *at;

		ck_assert_ptr_eq(workload_find(w->name), w); /* no name twice */
		ck_assert(!strncmp(w->name, panels[w->panel], strlen(panels[w->panel])));
		ck_assert(w->version >= 1 && w->summary[0] && w->stands_for[0]);
		ck_assert(w->operation && w->operation[0]);
		ck_assert(w->metrics && w->metrics[0].name);
		ck_assert(w->run && w->verify && (!w->prepare || w->cleanup));
		ck_assert(w->needs.peer == (w->serve != NULL) && !w->serve == !w->finish);
		if (w->needs.memory_parameter)
			ck_assert(has_parameter(w, w->needs.memory_parameter));
		if (w->panel == PANEL_DISK)
			ck_assert_ptr_nonnull(w->needs.scratch_parameter);
		if (w->needs.scratch_parameter)
			ck_assert(has_parameter(w, w->needs.scratch_parameter));
	}
}
END_TEST

START_TEST(every_metric_is_of_the_kind_that_its_unit_and_direction_say)
{
	for (const struct workload *const *w = workloads; *w; w++) {
		for (const struct metric *m = (*w)->metrics; m->name; m++) {
			bool time = !strcmp(m->unit, "us") || !strcmp(m->unit, "ns");

			ck_assert_int_eq(m->kind, time ? METRIC_TIME : METRIC_RATE);
			ck_assert_int_eq(m->better, time ? BETTER_LOWER : BETTER_HIGHER);
			ck_assert(m->per_operation == time && !m->zero_valid);
			ck_assert(!m->histogram || time);
		}
	}
}
END_TEST

START_TEST(the_catalogue_of_the_issue_is_whole)
{
	static const char *const names[] = {
		"cpu.compile",   "cpu.linpack",    "cpu.compress",   "cpu.prime",
		"cpu.syscall",   "cpu.switch",     "cpu.fork",       "cpu.wakeup",
		"memory.stream", "memory.latency", "memory.gups",    "memory.fault",
		"memory.kv",     "disk.randomrw",  "disk.randread",  "disk.randwrite",
		"disk.seqread",  "disk.seqwrite",  "disk.fsync",     "disk.metadata",
		"network.rr",    "network.udp_rr", "network.stream", "network.connect",
		"network.web"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		ck_assert_msg(workload_find(names[i]) != NULL, "%s is missing", names[i]);
	ck_assert_ptr_null(workload_find("cpu.nothing"));
}
END_TEST

static double cpu_seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* In CPU time of the thread, which neighbours cannot stretch: a trial slowed by half spins for half
 * as long as it works, so that it does two thirds of the work. */
START_TEST(a_trial_slowed_by_half_spins_for_half_of_its_work)
{
	struct trial trial = {.slow = 0.5};
	double work = 0, spun = 0, before, between, after = cpu_seconds();
	bool more = true;

	trial.start = trial.slice_start = clock_now();
	trial.deadline = trial.start + NSEC_PER_SEC / 2;
	trial_continue(&trial); /* the first slice has no beginning yet */
	for (after = cpu_seconds(); more; work += between - before, spun += after - between) {
		before = after;
		for (volatile int i = 0; i < 200000; i++)
			;
		between = cpu_seconds();
		more = trial_continue(&trial);
		after = cpu_seconds();
	}
	ck_assert_double_gt(work, 0.01);
	ck_assert_double_ge(spun / work, 0.48);
	ck_assert_double_le(spun / work, 0.53);
}
END_TEST

UNIT("agent", sizes_are_read_as_people_write_them,
     what_is_no_size_or_out_of_range_is_refused_with_the_range,
     a_choice_that_is_none_is_refused_with_the_choices,
     an_unknown_parameter_is_refused_with_the_known_ones,
     reals_take_percent_and_integers_take_no_fraction, resolving_what_was_resolved_changes_nothing,
     every_workload_says_all_that_the_contract_asks,
     every_metric_is_of_the_kind_that_its_unit_and_direction_say,
     the_catalogue_of_the_issue_is_whole, a_trial_slowed_by_half_spins_for_half_of_its_work)
