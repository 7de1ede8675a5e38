/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "harness/owner.h"
#include "harness/run/run.h"
#include "harness/subcommand.h"

static error_t parse(int key, char *arg, struct argp_state *state);
static int report_exec(const struct subcommand *command, int argc, char **argv);

enum key { KEY_LANG = 256, KEY_PDF, KEY_CSV, KEY_JSON };

static const struct argp_option options[] = {
	{"lang", KEY_LANG, "LANGUAGE", 0, "en (default) or pt-BR", 0},
	{"pdf", KEY_PDF, NULL, 0, "also draw the figures as PDF", 0},
	{"csv", KEY_CSV, NULL, 0, "print the summary as CSV instead of the table", 0},
	{"json", KEY_JSON, NULL, 0, "print the summary as JSON instead of the table", 0},
	{0},
};

const struct subcommand subcommand_report = {
	.name = "report",
	.arguments = "DIR|latest",
	.summary = "derive a run's table, figures and report again, byte for byte",
	.help = "Needs neither root nor anything that a run needs; the run may come from another "
		"machine.",
	.options = options,
	.parse = parse,
	.exec = report_exec,
};

struct arguments {
	const char *name;
	struct directory directory;
	struct report_options report;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case KEY_LANG:
		if (strcmp(arg, "en") != 0 && strcmp(arg, "pt-BR") != 0)
			argp_failure(state, STATUS_USAGE, 0,
				     "unknown language --lang %s; valid languages: en pt-BR", arg);
		a->report.language = arg;
		return 0;
	case KEY_PDF:
		a->report.pdf = true;
		return 0;
	case KEY_CSV:
		a->report.csv = true;
		return 0;
	case KEY_JSON:
		a->report.json = true;
		return 0;
	default:
		return subcommand_parse_run(&a->name, key, arg, state);
	}
}

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
