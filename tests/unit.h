/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The main function of a unit test program. A program lists its tests and says its topic:
 *
 *   START_TEST(percentile_of_an_empty_histogram_is_nan) { ... } END_TEST
 *   UNIT("histogram", percentile_of_an_empty_histogram_is_nan, ...)
 *
 * Each test's name says what it proves. It prints one TAP line a test, which tests/run.sh counts.
 */
#pragma once

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#define UNIT_SECONDS 60 /* the limit of one test */

static inline int unit_main(const char *topic, const TTest *const *tests, size_t count)
{
	Suite *suite = suite_create(topic);
	TCase *tcase = tcase_create(topic);
	SRunner *runner;
	int failed;

	for (size_t i = 0; i < count; i++)
		tcase_add_test(tcase, tests[i]);
	tcase_set_timeout(tcase, UNIT_SECONDS);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#define UNIT(topic, ...)                                                                           \
	int main(void)                                                                             \
	{                                                                                          \
		const TTest *const tests[] = {__VA_ARGS__};                                        \
		return unit_main(topic, tests, sizeof(tests) / sizeof(*tests));                    \
	}
