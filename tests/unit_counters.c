/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "harness/observe/counters.h"

#define LOOP_INSTRUCTIONS 2000000
#define FAKE_EVENTS 128

/* A kernel that is made up: it says what it was asked, and counts what it is told to. */
struct fake_event {
	struct perf_event_attr attr;
	pid_t pid;
	int group;
	bool enabled;
	uint64_t reads;
};

struct fake_kernel {
	struct fake_event events[FAKE_EVENTS];
	int count, refused_type; /* opening events of that type fails; -1: none */
	int refusal;             /* with this */
	double loop_error;       /* of the known loop */
	double share;            /* of the time that a hardware event has a counter */
	int largest_group;
};

static int fake_open(void *context, struct perf_event_attr *attr, pid_t pid, int cpu, int group,
		     unsigned long flags)
{
	struct fake_kernel *kernel = context;
	int members = 1;

	(void)cpu, (void)flags;
	if ((int)attr->type == kernel->refused_type)
		return kernel->refusal;
	for (int i = 0; group >= 0 && i < kernel->count; i++)
		members += i == group || kernel->events[i].group == group;
	if (members > kernel->largest_group)
		return -EINVAL;
	ck_assert_int_lt(kernel->count, FAKE_EVENTS);
	kernel->events[kernel->count] =
		(struct fake_event){.attr = *attr, .pid = pid, .group = group};
	return kernel->count++;
}

/* Each event has counted 1000 in a millisecond. */
static ssize_t fake_read(void *context, int fd, void *buffer, size_t size)
{
	struct fake_kernel *kernel = context;
	struct fake_event *event = &kernel->events[fd];
	bool hardware = event->attr.type != PERF_TYPE_SOFTWARE;
	double share = hardware ? kernel->share : 1;
	uint64_t *out = buffer;

	ck_assert_uint_eq(size, 24);
	event->reads++;
	ck_assert(!event->enabled);
	out[0] = (uint64_t)(1000 * share);
	if (event->attr.exclude_kernel && event->pid == 0)
		out[0] = (uint64_t)(LOOP_INSTRUCTIONS * (1 + kernel->loop_error) * share);
	out[1] = 1000000;
	out[2] = (uint64_t)(1000000 * share);
	return (ssize_t)size;
}

static int fake_control(void *context, int fd, unsigned long request, unsigned long argument)
{
	struct fake_kernel *kernel = context;

	for (int i = 0; i < kernel->count; i++)
		if (i == fd || ((argument & PERF_IOC_FLAG_GROUP) && kernel->events[i].group == fd))
			kernel->events[i].enabled = request == PERF_EVENT_IOC_ENABLE;
	return 0;
}

static void fake_close(void *context, int fd)
{
	(void)context, (void)fd;
}

static struct fake_kernel fake_kernel(void)
{
	return (struct fake_kernel){.refused_type = -1, .share = 1, .largest_group = 16};
}

static struct counter_system fake_system(struct fake_kernel *kernel)
{
	return (struct counter_system){fake_open, fake_read, fake_control, fake_close, kernel};
}

/* The counters of a list on two made-up threads of virtual CPUs, after one trial. */
static json_t *count_on_threads(struct fake_kernel *kernel, const char *list, json_t **scaled)
{
	struct counter_system system = fake_system(kernel);
	struct target target = {.kind = TARGET_THREADS, .threads = {1001, 1002}, .thread_count = 2};
	struct counters *counters;
	struct counter_set *set;
	struct error err;
	json_t *result;

	ck_assert_msg(counter_set_create(list, &system, &set, &err) == 0, "%s", err.message);
	kernel->count = 0;
	ck_assert_int_eq(counters_create(set, &target, &counters, &err), 0);
	counters_begin(counters);
	for (int i = 0; i < kernel->count; i++)
		ck_assert(kernel->events[i].enabled);
	counters_end(counters);
	for (int i = 0; i < kernel->count; i++)
		ck_assert(!kernel->events[i].enabled);
	result = counters_result(counters);
	if (scaled)
		*scaled = counters_scaled(counters);
	counters_destroy(counters);
	counter_set_destroy(set);
	return result;
}

static void expect_event(const char *name, uint32_t type, uint64_t config)
{
	struct fake_kernel kernel = fake_kernel();
	struct counter_system system = fake_system(&kernel);
	struct counter_set *set;
	struct error err;

	ck_assert_msg(counter_set_create(name, &system, &set, &err) == 0, "%s", err.message);
	ck_assert_uint_eq(kernel.events[0].attr.type, type);
	ck_assert_uint_eq(kernel.events[0].attr.config, config);
	counter_set_destroy(set);
}

START_TEST(names_become_the_events_of_the_kernel)
{
	expect_event("instructions", PERF_TYPE_HARDWARE, PERF_COUNT_HW_INSTRUCTIONS);
	expect_event("cycles", PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES);
	expect_event("branch-misses", PERF_TYPE_HARDWARE, PERF_COUNT_HW_BRANCH_MISSES);
	expect_event("cache-misses", PERF_TYPE_HARDWARE, PERF_COUNT_HW_CACHE_MISSES);
	expect_event("dTLB-load-misses", PERF_TYPE_HW_CACHE,
		     PERF_COUNT_HW_CACHE_DTLB | PERF_COUNT_HW_CACHE_OP_READ << 8 |
			     PERF_COUNT_HW_CACHE_RESULT_MISS << 16);
	expect_event("page-faults", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS);
	expect_event("context-switches", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CONTEXT_SWITCHES);
	expect_event("cpu-migrations", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_MIGRATIONS);
	expect_event("task-clock", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_TASK_CLOCK);
}
END_TEST

START_TEST(unknown_names_are_refused_with_near_ones)
{
	static const struct {
		const char *list, *expected;
	} cases[] = {
		{"instrutions", "instructions"},
		{"cycles,page-fault", "page-faults"},
		{"context-switch", "context-switches"},
		{"kvm-exit", "kvm-exits"},
		{"cycles,,instructions", "empty name"},
		{"cycles,cycles", "twice"},
		{"kvm-exits,kvm-exits-by-reason", "already"},
		{",", "empty name"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct fake_kernel kernel = fake_kernel();
		struct counter_system system = fake_system(&kernel);
		struct counter_set *set;
		struct error err = {0};

		ck_assert_int_eq(counter_set_create(cases[i].list, &system, &set, &err), -EINVAL);
		ck_assert_ptr_null(set);
		ck_assert_msg(strstr(err.message, cases[i].expected) != NULL, "%s: %s",
			      cases[i].list, err.message);
	}
}
END_TEST

START_TEST(hardware_events_share_groups_of_four_and_others_stand_alone)
{
	struct fake_kernel kernel = fake_kernel();
	json_t *result = count_on_threads(&kernel,
					  "instructions,cycles,page-faults,branch-misses,"
					  "cache-misses,dTLB-load-misses",
					  NULL);
	int leaders = 0, members = 0;

	for (int i = 0; i < kernel.count; i++) {
		bool hardware = kernel.events[i].attr.type != PERF_TYPE_SOFTWARE;

		leaders += hardware && kernel.events[i].group < 0;
		members += hardware && kernel.events[i].group >= 0;
		ck_assert(hardware || kernel.events[i].group < 0);
	}
	/* two threads, the whole and the guest's part: four times two groups, of 4 and of 1 */
	ck_assert_int_eq(leaders, 8);
	ck_assert_int_eq(members, 12);
	json_decref(result);
}
END_TEST

START_TEST(an_event_that_does_not_fit_its_group_is_counted_alone)
{
	struct fake_kernel kernel = fake_kernel();
	json_t *result;

	kernel.largest_group = 2;
	result = count_on_threads(&kernel, "instructions,cycles,branch-misses", NULL);
	ck_assert_double_eq_tol(json_number_value(json_object_get(result, "branch-misses")), 2000,
				1e-9);
	json_decref(result);
}
END_TEST

START_TEST(a_virtual_cpu_has_the_guest_part_apart)
{
	struct fake_kernel kernel = fake_kernel();
	json_t *result = count_on_threads(&kernel, "cycles,page-faults", NULL);
	int whole = 0, guest = 0;

	for (int i = 0; i < kernel.count; i++) {
		if (kernel.events[i].attr.type == PERF_TYPE_SOFTWARE)
			continue;
		ck_assert(!kernel.events[i].attr.exclude_guest);
		whole += !kernel.events[i].attr.exclude_host;
		guest += kernel.events[i].attr.exclude_host;
	}
	ck_assert_int_eq(whole, 2);
	ck_assert_int_eq(guest, 2);
	ck_assert_double_eq_tol(json_number_value(json_object_get(result, "cycles:guest")), 2000,
				1e-9);
	ck_assert_ptr_null(json_object_get(result, "page-faults:guest"));
	json_decref(result);
}
END_TEST

START_TEST(a_multiplexed_count_is_scaled_and_said_to_be)
{
	struct fake_kernel kernel = fake_kernel();
	json_t *scaled, *result;

	kernel.share = 0.25;
	result = count_on_threads(&kernel, "cycles,page-faults", &scaled);
	ck_assert_double_eq_tol(json_number_value(json_object_get(result, "cycles")), 2000, 1e-6);
	ck_assert_double_eq_tol(json_number_value(json_object_get(result, "page-faults")), 2000,
				1e-9);
	ck_assert_double_eq_tol(json_number_value(json_object_get(scaled, "cycles")), 0.25, 1e-9);
	ck_assert_ptr_null(json_object_get(scaled, "page-faults"));
	json_decref(result);
	json_decref(scaled);
}
END_TEST

static void expect_na(const json_t *result, const char *name, const char *part)
{
	const char *text = json_string_value(json_object_get(result, name));

	ck_assert_msg(text != NULL, "%s is no text", name);
	ck_assert_msg(!strncmp(text, "n/a (", 5) && strstr(text, part), "%s: %s", name, text);
}

START_TEST(what_never_had_a_counter_is_na_and_not_zero)
{
	struct fake_kernel kernel = fake_kernel();
	struct counter_system system = fake_system(&kernel);
	struct target target = {.kind = TARGET_THREADS, .threads = {1001}, .thread_count = 1};
	struct counters *counters;
	struct counter_set *set;
	json_t *result;

	ck_assert_int_eq(counter_set_create("cycles", &system, &set, NULL), 0);
	kernel.share = 0;
	ck_assert_int_eq(counters_create(set, &target, &counters, NULL), 0);
	counters_begin(counters);
	counters_end(counters);
	result = counters_result(counters);
	expect_na(result, "cycles", "other events used all hardware counters");
	ck_assert_ptr_null(counters_scaled(counters));
	json_decref(result);
	counters_destroy(counters);
	counter_set_destroy(set);
}
END_TEST

START_TEST(a_host_without_a_pmu_gives_a_reason_for_each_hardware_event)
{
	const int codes[] = {-ENOENT, -EOPNOTSUPP, -ENODEV};

	for (int i = 0; i < 3; i++) {
		struct fake_kernel kernel = fake_kernel();
		json_t *result;

		kernel.refused_type = PERF_TYPE_HARDWARE;
		kernel.refusal = codes[i];
		result = count_on_threads(&kernel, "cycles,page-faults", NULL);
		expect_na(result, "cycles", "no PMU");
		ck_assert(json_is_number(json_object_get(result, "page-faults")));
		json_decref(result);
	}
}
END_TEST

START_TEST(a_refusal_of_rights_names_the_command_that_mends_it)
{
	struct fake_kernel kernel = fake_kernel();
	json_t *result;

	kernel.refused_type = PERF_TYPE_SOFTWARE;
	kernel.refusal = -EACCES;
	result = count_on_threads(&kernel, "page-faults", NULL);
	expect_na(result, "page-faults", "sysctl kernel.perf_event_paranoid=-1");
	json_decref(result);
}
END_TEST

START_TEST(counters_that_miscount_a_known_loop_are_not_believed)
{
	const double errors[] = {0.02, -0.02, 0.5};

	for (int i = 0; i < 3; i++) {
		struct fake_kernel kernel = fake_kernel();
		json_t *result;

		kernel.loop_error = errors[i];
		result = count_on_threads(&kernel, "cycles,page-faults", NULL);
		expect_na(result, "cycles", "a loop of 2000000 instructions was counted as");
		ck_assert(json_is_number(json_object_get(result, "page-faults")));
		json_decref(result);
	}
}
END_TEST

START_TEST(a_miscount_below_one_percent_is_believed)
{
	struct fake_kernel kernel = fake_kernel();
	json_t *result;

	kernel.loop_error = 0.009;
	result = count_on_threads(&kernel, "cycles", NULL);
	ck_assert(json_is_number(json_object_get(result, "cycles")));
	json_decref(result);
}
END_TEST

/* Here the real kernel begins. */

#define TOUCHED_PAGES 500

static void touch_fresh_pages(void)
{
	size_t size = TOUCHED_PAGES * 4096;
	char *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	madvise(pages, size, MADV_NOHUGEPAGE);
	for (size_t i = 0; i < size; i += 4096)
		((volatile char *)pages)[i] = 1;
	munmap(pages, size);
}

static void *touch_in_thread(void *unused)
{
	touch_fresh_pages();
	return unused;
}

/* For each byte read from `in`: fresh pages in a new thread and in a new process; then a byte. */
static void serve(int in, int out)
{
	char byte;

	while (read(in, &byte, 1) == 1) {
		pthread_t thread;
		pid_t child;

		pthread_create(&thread, NULL, touch_in_thread, NULL);
		pthread_join(thread, NULL);
		child = fork();
		if (child == 0) {
			touch_fresh_pages();
			_exit(0);
		}
		waitpid(child, NULL, 0);
		if (write(out, &byte, 1) != 1)
			break;
	}
	_exit(0);
}

struct server {
	pid_t pid;
	int to, from;
};

static struct server start_server(void)
{
	int there[2], back[2];
	struct server server;

	ck_assert_int_eq(pipe(there), 0);
	ck_assert_int_eq(pipe(back), 0);
	server.pid = fork();
	if (server.pid == 0) {
		close(there[1]);
		serve(there[0], back[1]);
	}
	close(there[0]);
	close(back[1]);
	server.to = there[1];
	server.from = back[0];
	return server;
}

static void ask(const struct server *server)
{
	char byte = 'x';

	ck_assert_int_eq((int)write(server->to, &byte, 1), 1);
	ck_assert_int_eq((int)read(server->from, &byte, 1), 1);
}

static void stop_server(const struct server *server)
{
	close(server->to);
	close(server->from);
	waitpid(server->pid, NULL, 0);
}

static json_t *count_one_request(const char *list)
{
	struct server server = start_server();
	struct target target = {.kind = TARGET_PROCESS_TREE, .pid = server.pid};
	struct counters *counters;
	struct counter_set *set;
	struct error err;
	json_t *result;

	ask(&server); /* before begin: must not count */
	ck_assert_msg(counter_set_create(list, NULL, &set, &err) == 0, "%s", err.message);
	ck_assert_int_eq(counters_create(set, &target, &counters, &err), 0);
	ask(&server);
	counters_begin(counters);
	ask(&server);
	counters_end(counters);
	ask(&server);
	result = counters_result(counters);
	counters_destroy(counters);
	counter_set_destroy(set);
	stop_server(&server);
	return result;
}

START_TEST(software_events_of_new_threads_and_children_are_counted_here)
{
	json_t *result =
		count_one_request("page-faults,context-switches,cpu-migrations,task-clock");
	const json_t *faults = json_object_get(result, "page-faults");
	double count = json_number_value(faults);

	if (!json_is_number(faults) && geteuid() != 0) {
		expect_na(result, "page-faults", "not allowed");
		json_decref(result);
		return;
	}
	ck_assert_msg(json_is_number(faults), "%s", json_string_value(faults));
	/* one request touches 2 * 500 fresh pages; thread and fork take less than 400 more */
	ck_assert_double_ge(count, 2 * TOUCHED_PAGES);
	ck_assert_double_le(count, 2 * TOUCHED_PAGES + 400);
	ck_assert_double_ge(json_number_value(json_object_get(result, "context-switches")), 1);
	ck_assert_double_ge(json_number_value(json_object_get(result, "task-clock")), 1e5);
	ck_assert(json_is_number(json_object_get(result, "cpu-migrations")));
	json_decref(result);
}
END_TEST

START_TEST(exits_of_a_process_without_virtual_cpus_are_na)
{
	json_t *result = count_one_request("kvm-exits");

	ck_assert_ptr_nonnull(json_string_value(json_object_get(result, "kvm-exits")));
	json_decref(result);
}
END_TEST

START_TEST(a_process_that_is_gone_gives_reasons_and_no_numbers)
{
	struct target target = {.kind = TARGET_PROCESS_TREE, .pid = 0x3ffffff};
	struct counters *counters;
	struct counter_set *set;
	json_t *result;

	ck_assert_int_eq(counter_set_create("page-faults", NULL, &set, NULL), 0);
	ck_assert_int_eq(counters_create(set, &target, &counters, NULL), 0);
	counters_begin(counters);
	counters_end(counters);
	result = counters_result(counters);
	ck_assert_ptr_nonnull(json_string_value(json_object_get(result, "page-faults")));
	json_decref(result);
	counters_destroy(counters);
	counter_set_destroy(set);
}
END_TEST

/* Runs wherever there is a PMU; elsewhere it proves that the refusal has a reason. */
START_TEST(hardware_instructions_are_right_or_say_why_not)
{
	json_t *result = count_one_request("instructions,cycles");
	const json_t *instructions = json_object_get(result, "instructions");

	if (json_is_number(instructions)) {
		ck_assert_double_ge(json_number_value(instructions), 2.0 * TOUCHED_PAGES * 10);
		ck_assert_double_ge(json_number_value(json_object_get(result, "cycles")), 1e4);
	} else {
		printf("# no hardware path on this host: %s\n", json_string_value(instructions));
		expect_na(result, "instructions", "");
	}
	json_decref(result);
}
END_TEST

START_TEST(the_list_of_what_this_host_can_count_gives_each_a_reason)
{
	json_t *all = counters_available(true, NULL), *usual = counters_available(false, NULL);
	const json_t *item;
	size_t i;

	ck_assert_uint_ge(json_array_size(usual), 10);
	ck_assert_uint_ge(json_array_size(all), json_array_size(usual));
	json_array_foreach (json_object_get(all, "list"), i, item) {
		bool usable = json_is_true(json_object_get(item, "usable"));
		const char *reason = json_string_value(json_object_get(item, "reason"));

		ck_assert(usable != (reason[0] != 0));
	}
	json_decref(all);
	json_decref(usual);
}
END_TEST

START_TEST(begin_and_end_cost_under_one_percent_of_a_200_ms_trial)
{
	struct server server = start_server();
	struct target target = {.kind = TARGET_PROCESS_TREE, .pid = server.pid};
	struct counters *counters;
	struct counter_set *set;
	uint64_t best = UINT64_MAX;

	ck_assert_int_eq(counter_set_create(NULL, NULL, &set, NULL), 0);
	ck_assert_int_eq(counters_create(set, &target, &counters, NULL), 0);
	for (int i = 0; i < 50; i++) {
		uint64_t start = clock_now(), took;

		counters_begin(counters);
		counters_end(counters);
		took = clock_now() - start;
		best = took < best ? took : best;
	}
	printf("# begin and end: %.0f us\n", (double)best / 1e3);
	ck_assert_uint_lt(best, 2 * NSEC_PER_MSEC);
	counters_destroy(counters);
	counter_set_destroy(set);
	stop_server(&server);
}
END_TEST

UNIT("counters", names_become_the_events_of_the_kernel, unknown_names_are_refused_with_near_ones,
     hardware_events_share_groups_of_four_and_others_stand_alone,
     an_event_that_does_not_fit_its_group_is_counted_alone, a_virtual_cpu_has_the_guest_part_apart,
     a_multiplexed_count_is_scaled_and_said_to_be, what_never_had_a_counter_is_na_and_not_zero,
     a_host_without_a_pmu_gives_a_reason_for_each_hardware_event,
     a_refusal_of_rights_names_the_command_that_mends_it,
     counters_that_miscount_a_known_loop_are_not_believed, a_miscount_below_one_percent_is_believed,
     software_events_of_new_threads_and_children_are_counted_here,
     exits_of_a_process_without_virtual_cpus_are_na,
     a_process_that_is_gone_gives_reasons_and_no_numbers,
     hardware_instructions_are_right_or_say_why_not,
     the_list_of_what_this_host_can_count_gives_each_a_reason,
     begin_and_end_cost_under_one_percent_of_a_200_ms_trial)
