/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/owner.h"
#include "harness/run/run.h"
#include "harness/subcommand.h"

static int report_exec(const struct subcommand *command, int argc, char **argv);

struct arguments {
	const char *name;
	struct directory directory;
	struct report_options report;
};

static const struct subcommand_option options[] = {
	REPORT_OPTIONS(0, report),
	{0},
};

const struct subcommand subcommand_report = {
	.name = "report",
	.arguments = "DIR|latest",
	.summary = "derive a run's table, figures and report again, byte for byte",
	.help = "Needs neither root nor anything that a run needs; the run may come from another "
		"machine.",
	.options = options,
	.takes = "one run",
	.operands_least = 1,
	.operands_most = 1,
	.operands_at = offsetof(struct arguments, name),
	.exec = report_exec,
};

static int derive(void *argument)
{
	const struct arguments *a = argument;

	return run_derive(&a->directory, &a->report);
}

static int report_exec(const struct subcommand *command, int argc, char **argv)
{
	struct arguments a = {.report = {.language = "en"}};
	char latest[512];
	struct error err;
	int status;

	subcommand_parse(command, argc, argv, &a);
	a.name = run_named(a.name, latest, sizeof(latest), &err);
	if (!a.name || record_open(a.name, &a.directory, &err))
		return subcommand_refuse(&err);
	status = owner_does(&a.directory, derive, &a);
	directory_close(&a.directory);
	return status;
}
