/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <jansson.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "harness/observe/doctor.h"
#include "harness/subcommand.h"

static int doctor_exec(const struct subcommand *command, int argc, char **argv);

static const struct subcommand_option options[] = {
	{"json", 'j', .help = "print as JSON"},
	{0},
};

const struct subcommand subcommand_doctor = {
	.name = "doctor",
	.summary = "check what this host can measure and how to fix the rest",
	.help = "Changes nothing. Exit status 1 if something cannot be measured here.",
	.options = options,
	.takes = "none",
	.exec = doctor_exec,
};

static void print_check(const struct check *check, const struct check_result *result,
			const struct terminal *terminal)
{
	static const char *const marks[] = {"ok", "note", "missing"};
	static const char *const colours[] = {"\033[32m", "\033[33m", "\033[31m"};
	int state = result->state;

	printf("%s%-8s%s %-14s %s\n", terminal->colour ? colours[state] : "", marks[state],
	       terminal->colour ? "\033[0m" : "", check->name, result->value);
	if (result->consequence[0])
		printf("%-24s%s\n", "", result->consequence);
	if (result->command[0])
		printf("%-24sfix: %s\n", "", result->command);
}

static int doctor_exec(const struct subcommand *command, int argc, char **argv)
{
	struct terminal terminal;
	const struct check *checks[DOCTOR_CHECKS_MOST];
	int unavailable = 0, count;
	bool as_json = false;

	subcommand_parse(command, argc, argv, &as_json);
	if (as_json) {
		cleanup_json json_t *json = doctor_examine();

		subcommand_print(json);
		unavailable = (int)json_integer_value(json_object_get(json, "unavailable"));
		return unavailable ? STATUS_PARTLY : STATUS_DONE;
	}
	terminal_look(&terminal, STDOUT_FILENO);
	count = doctor_checks(checks);
	for (int i = 0; i < count; i++) {
		struct check_result result = {0};

		checks[i]->run(&result);
		print_check(checks[i], &result, &terminal);
		fflush(stdout);
		unavailable += result.state == CHECK_UNAVAILABLE;
	}
	return unavailable ? STATUS_PARTLY : STATUS_DONE;
}
