/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "tests/unit.h"

START_TEST(both_outputs_are_kept_and_the_directory_is_where_it_runs)
{
	const char *argv[] = {"sh", "-c", "pwd; echo words >&2", NULL};
	cleanup_free char *output = NULL;
	struct error err = {0};

	ck_assert_int_eq(command_run(argv, "/usr", 5000, &output, &err), 0);
	ck_assert_str_eq(output, "/usr\nwords\n");
}
END_TEST

START_TEST(arguments_are_never_read_by_a_shell)
{
	const char *argv[] = {"echo", "$(id) ; `id`", NULL};
	cleanup_free char *output = NULL;

	ck_assert_int_eq(command_run(argv, NULL, 5000, &output, NULL), 0);
	ck_assert_str_eq(output, "$(id) ; `id`\n");
}
END_TEST

START_TEST(a_failure_carries_the_last_line_it_said)
{
	const char *argv[] = {"sh", "-c", "echo first; echo the reason; exit 3", NULL};
	struct error err = {0};

	ck_assert_int_eq(command_run(argv, NULL, 5000, NULL, &err), -EIO);
	ck_assert_str_eq(err.message, "sh exited with status 3: the reason");
}
END_TEST

START_TEST(a_missing_program_is_told_apart)
{
	const char *argv[] = {"no-such-program-anywhere", NULL};
	struct error err = {0};

	ck_assert_int_eq(command_run(argv, NULL, 5000, NULL, &err), -ENOENT);
}
END_TEST

START_TEST(one_that_does_not_end_is_killed_at_the_limit)
{
	const char *argv[] = {"sleep", "60", NULL};
	struct error err = {0};
	uint64_t start = clock_now();

	ck_assert_int_eq(command_run(argv, NULL, 100, NULL, &err), -ETIMEDOUT);
	ck_assert_double_lt(seconds_of(clock_now() - start), 5);
}
END_TEST

START_TEST(more_output_than_is_kept_does_not_block_it)
{
	const char *argv[] = {"head", "-c", "1000000", "/dev/zero", NULL};
	cleanup_free char *output = NULL;

	ck_assert_int_eq(command_run(argv, NULL, 5000, &output, NULL), 0);
}
END_TEST

UNIT("command", both_outputs_are_kept_and_the_directory_is_where_it_runs,
     arguments_are_never_read_by_a_shell, a_failure_carries_the_last_line_it_said,
     a_missing_program_is_told_apart, one_that_does_not_end_is_killed_at_the_limit,
     more_output_than_is_kept_does_not_block_it)
