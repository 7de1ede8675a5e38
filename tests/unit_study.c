/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "drivers/driver.h"
#include "harness/plan/plan.h"
#include "harness/plan/schedule.h"
#include "harness/run/scratch.h"
#include "harness/plan/study.h"
#include "plots/figure.h"

#define ARMS 4

START_TEST(the_default_study_is_the_overhead_of_the_four_panels)
{
	const struct study *study;

	ck_assert_int_eq(study_find(NULL, &study, NULL), 0);
	ck_assert_str_eq(study->name, "overhead");
	ck_assert_str_eq(study->baseline, "bare");
}
END_TEST

START_TEST(an_unknown_study_is_refused_with_the_known_ones)
{
	const struct study *study;
	struct error err;

	ck_assert_int_eq(study_find("moon", &study, &err), -EINVAL);
	ck_assert_ptr_nonnull(strstr(err.message, "overhead"));
}
END_TEST

static bool is_figure(const char *name)
{
	for (size_t i = 0; figures[i]; i++)
		if (!strcmp(figures[i]->name, name))
			return true;
	return false;
}

START_TEST(every_figure_of_every_study_exists)
{
	for (const struct study *s = studies; s->name; s++) {
		ck_assert_ptr_nonnull(s->figures[0]);
		for (const char *const *figure = s->figures; *figure; figure++)
			ck_assert_msg(is_figure(*figure), "%s: no figure is called %s", s->name,
				      *figure);
	}
}
END_TEST

/* A study that names an option which a driver does not have would fail only when it is run. */
START_TEST(every_environment_of_every_study_can_be_parsed)
{
	for (const struct study *s = studies; s->name; s++) {
		for (const char *const *e = s->environments; *e; e++) {
			struct environment *environment;
			struct error err;

			ck_assert_msg(environment_parse(*e + (**e == '?'), &environment, &err) == 0,
				      "%s: %s", s->name, err.message);
			environment_destroy(environment);
		}
	}
}
END_TEST

START_TEST(every_block_holds_every_arm_once_and_its_order_is_the_seeds_alone)
{
	for (unsigned block = 0; block < 100; block++) {
		int order[ARMS], again[ARMS];
		bool seen[ARMS] = {false};

		schedule_order(42, 1, 0, block, order, ARMS);
		schedule_order(42, 1, 0, block, again, ARMS);
		ck_assert_mem_eq(order, again, sizeof(order));
		for (int i = 0; i < ARMS; i++) {
			ck_assert_int_ge(order[i], 0);
			ck_assert_int_lt(order[i], ARMS);
			seen[order[i]] = true;
		}
		for (int i = 0; i < ARMS; i++)
			ck_assert(seen[i]);
	}
}
END_TEST

/* Chi-squared with 15 degrees of freedom: over 37.7 by chance in 1 of 1,000; the seed is fixed. */
START_TEST(every_arm_comes_as_often_in_every_position)
{
	int counts[ARMS][ARMS] = {{0}}, order[ARMS];
	double expected = 4000.0 / ARMS, chi = 0;

	for (unsigned block = 0; block < 4000; block++) {
		schedule_order(7, block % 3, block % 5, block, order, ARMS);
		for (int i = 0; i < ARMS; i++)
			counts[i][order[i]]++;
	}
	for (int i = 0; i < ARMS; i++)
		for (int j = 0; j < ARMS; j++)
			chi += (counts[i][j] - expected) * (counts[i][j] - expected) / expected;
	ck_assert_double_lt(chi, 37.7);
}
END_TEST

START_TEST(another_seed_is_another_order)
{
	int same = 0;

	for (unsigned block = 0; block < 100; block++) {
		int a[ARMS], b[ARMS];

		schedule_order(1, 0, 0, block, a, ARMS);
		schedule_order(2, 0, 0, block, b, ARMS);
		same += memcmp(a, b, sizeof(a)) == 0;
	}
	ck_assert_int_lt(same, 20); /* 1 of 24 by chance */
}
END_TEST

START_TEST(blocks_end_by_precision_or_time_but_never_below_the_least_number)
{
	struct progress_of_workload p = {.blocks = 11,
					 .min_blocks = 12,
					 .max_blocks = 40,
					 .starts = 1,
					 .min_starts = 1,
					 .precise = true,
					 .now = 100,
					 .deadline = 50};

	ck_assert_int_eq(schedule_decide(&p), DECISION_GO_ON);
	p.blocks = 12;
	ck_assert_int_eq(schedule_decide(&p), DECISION_PRECISION);
	p.precise = false;
	ck_assert_int_eq(schedule_decide(&p), DECISION_TIME);
	p.deadline = 200;
	ck_assert_int_eq(schedule_decide(&p), DECISION_GO_ON);
	p.blocks = 40;
	ck_assert_int_eq(schedule_decide(&p), DECISION_BLOCKS);
	p.min_starts = 5;
	ck_assert_int_eq(schedule_decide(&p), DECISION_GO_ON);
}
END_TEST

START_TEST(a_run_out_of_time_ends_below_the_least_number_but_not_below_an_estimate)
{
	struct progress_of_workload p = {.blocks = 2,
					 .min_blocks = 12,
					 .max_blocks = 40,
					 .starts = 1,
					 .min_starts = 5,
					 .now = 100,
					 .deadline = 50,
					 .latest = 90};

	ck_assert_int_eq(schedule_decide(&p), DECISION_GO_ON);
	p.blocks = 3;
	ck_assert_int_eq(schedule_decide(&p), DECISION_TIME);
	p.every = 2; /* an arm that takes part in every second block has had two of three */
	ck_assert_int_eq(schedule_decide(&p), DECISION_GO_ON);
	p.blocks = 6;
	ck_assert_int_eq(schedule_decide(&p), DECISION_TIME);
	p.latest = 110;
	ck_assert_int_eq(schedule_decide(&p), DECISION_GO_ON);
}
END_TEST

START_TEST(instances_are_replaced_as_often_as_a_part_of_the_trials_time_allows)
{
	ck_assert_int_eq(schedule_blocks_each(0.09, 0.4, 8), 1);
	ck_assert_int_eq(schedule_blocks_each(0.13, 0.4, 8), 0); /* too few starts */
	ck_assert_int_eq(schedule_blocks_each(0.19, 0.4, 12), 2);
	ck_assert_int_eq(schedule_blocks_each(0.25, 0.4, 12), 0);
	ck_assert_int_eq(schedule_blocks_each(0.25, 0.4, 18), 3);
	ck_assert_int_eq(schedule_blocks_each(INFINITY, 0.4, 40), 0);
	ck_assert_int_eq(schedule_blocks_each(NAN, 0.4, 40), 0);
}
END_TEST

START_TEST(an_instance_is_warm_when_it_becomes_no_faster)
{
	const double cold[] = {65, 98, 100, 130}, steady[] = {100, 104};

	ck_assert(!schedule_is_warm(cold, 1, 4));
	ck_assert(!schedule_is_warm(cold, 2, 4));
	ck_assert(schedule_is_warm(cold, 3, 4));
	ck_assert(schedule_is_warm(cold, 4, 4)); /* by the limit */
	ck_assert(schedule_is_warm(cold, 1, 1));
	ck_assert(schedule_is_warm(steady, 2, 4));
}
END_TEST

START_TEST(the_last_workload_gets_no_more_time_than_the_first)
{
	ck_assert_double_eq(schedule_deadline(0, 80, 8, 10), 10);
	ck_assert_double_eq(schedule_deadline(20, 80, 1, 10), 30); /* others ended early */
	ck_assert_double_eq(schedule_deadline(60, 80, 4, 10), 65); /* others took longer */
	ck_assert_double_eq(schedule_deadline(90, 80, 2, 10), 90);
}
END_TEST

START_TEST(an_emulated_arm_takes_part_in_every_second_block)
{
	for (unsigned block = 0; block < 6; block++) {
		ck_assert(schedule_takes_part(1, block));
		ck_assert_int_eq(schedule_takes_part(2, block), block % 2 == 0);
	}
}
END_TEST

START_TEST(a_scratch_directory_is_an_empty_one_of_ones_own)
{
	static const char *const refused[] = {"/",
					      "/etc",
					      "/usr/lib",
					      "/dev/null",
					      "/dev/shm",
					      "/proc",
					      "/nonexistent/directory",
					      "/etc/passwd"};
	char path[] = "/tmp/tare-unit-XXXXXX", file[64];
	struct error err;
	FILE *foreign;

	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
		ck_assert_msg(scratch_check(refused[i], &err) < 0, "%s is taken", refused[i]);
	ck_assert_ptr_nonnull(mkdtemp(path));
	ck_assert_int_eq(scratch_check(path, &err), 0);
	snprintf(file, sizeof(file), "%s/diary", path);
	foreign = fopen(file, "w");
	fclose(foreign);
	ck_assert_int_eq(scratch_check(path, &err), -EINVAL);
	ck_assert_ptr_nonnull(strstr(err.message, "diary"));
	remove(file);
	remove(path);
}
END_TEST

/* As a container can do it, with a device. */
static pid_t exchange_for_ever(const char *one, const char *other)
{
	pid_t pid = fork();

	while (pid == 0)
		renameat2(AT_FDCWD, one, AT_FDCWD, other, RENAME_EXCHANGE);
	return pid;
}

START_TEST(dropping_caches_opens_regular_files_only_though_others_take_their_place)
{
	char path[] = "/tmp/tare-unit-XXXXXX";
	int regular = inotify_init1(IN_NONBLOCK), other = inotify_init1(IN_NONBLOCK);
	uint64_t end = clock_now() + NSEC_PER_SEC;
	char events[4096];
	pid_t pid;

	ck_assert_ptr_nonnull(mkdtemp(path));
	ck_assert_int_eq(chdir(path), 0);
	close(open("file", O_CREAT | O_WRONLY, 0600));
	ck_assert_int_eq(mkfifo("fifo", 0600), 0);
	ck_assert_int_ge(inotify_add_watch(regular, "file", IN_OPEN), 0);
	ck_assert_int_ge(inotify_add_watch(other, "fifo", IN_OPEN), 0);
	pid = exchange_for_ever("file", "fifo");
	while (clock_now() < end)
		scratch_drop_caches(path);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	ck_assert_int_gt(read(regular, events, sizeof(events)), 0);
	ck_assert_int_eq(read(other, events, sizeof(events)), -1);
	close(regular);
	close(other);
	remove("file");
	remove("fifo");
	remove(path);
}
END_TEST

UNIT("study", the_default_study_is_the_overhead_of_the_four_panels,
     an_unknown_study_is_refused_with_the_known_ones,
     every_environment_of_every_study_can_be_parsed, every_figure_of_every_study_exists,
     every_block_holds_every_arm_once_and_its_order_is_the_seeds_alone,
     every_arm_comes_as_often_in_every_position, another_seed_is_another_order,
     blocks_end_by_precision_or_time_but_never_below_the_least_number,
     a_run_out_of_time_ends_below_the_least_number_but_not_below_an_estimate,
     instances_are_replaced_as_often_as_a_part_of_the_trials_time_allows,
     an_instance_is_warm_when_it_becomes_no_faster,
     the_last_workload_gets_no_more_time_than_the_first,
     an_emulated_arm_takes_part_in_every_second_block,
     a_scratch_directory_is_an_empty_one_of_ones_own,
     dropping_caches_opens_regular_files_only_though_others_take_their_place)
