/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <jansson.h>
#include <stdio.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "harness/subcommand.h"
#include "plots/tables.h"
#include "results/compare.h"

static error_t parse(int key, char *arg, struct argp_state *state);
static int compare_exec(const struct subcommand *command, int argc, char **argv);

static const struct argp_option options[] = {
	{"force", 'f', NULL, 0,
	 "also compare workloads of different versions or parameters, with "
	 "a note",
	 0},
	{"json", 'j', NULL, 0, "print as JSON", 0},
	{0},
};

const struct subcommand subcommand_compare = {
	.name = "compare",
	.arguments = "RUN RUN",
	.summary = "compare two runs: two hosts, two kernels, before and after",
	.help = "The second run is compared with the first; the intervals are unpaired.",
	.options = options,
	.parse = parse,
	.exec = compare_exec,
};

struct arguments {
	const char *runs[2];
	int count;
	bool force, json;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case 'f':
		a->force = true;
		return 0;
	case 'j':
		a->json = true;
		return 0;
	case ARGP_KEY_ARG:
		if (a->count == 2)
			argp_failure(state, STATUS_USAGE, 0,
				     "unexpected argument '%s': compare takes two runs", arg);
		a->runs[a->count++] = arg;
		return 0;
	case ARGP_KEY_END:
		if (a->count < 2)
			argp_failure(state, STATUS_USAGE, 0, "%d run%s given; compare takes two",
				     a->count, a->count == 1 ? "" : "s");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int show(const struct comparison *comparison, const struct arguments *a)
{
	struct terminal terminal;

	if (a->json) {
		cleanup_json json_t *json = compare_json(comparison);

		json_dumpf(json, stdout, JSON_INDENT(1));
		putchar('\n');
		return STATUS_DONE;
	}
	terminal_look(&terminal, STDOUT_FILENO);
	compare_print(comparison, stdout, terminal.utf8, terminal.colour);
	return STATUS_DONE;
}

static int compare_exec(const struct subcommand *command, int argc, char **argv)
{
	struct record *records[2] = {NULL, NULL};
	struct comparison *comparison = NULL;
	struct arguments a = {0};
	struct error err;
	int rc = 0, status;

	subcommand_parse(command, argc, argv, &a);
	for (int i = 0; i < 2 && !rc; i++)
		rc = record_load(a.runs[i], &records[i], &err);
	if (!rc)
		rc = compare_create(records[0], records[1], a.force, &comparison, &err);
	status = rc ? subcommand_refuse(&err) : show(comparison, &a);
	compare_destroy(comparison);
	record_destroy(records[0]);
	record_destroy(records[1]);
	return status;
}
