/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "harness/subcommand.h"

static error_t parse(int key, char *arg, struct argp_state *state);
static int compare_exec(const struct subcommand *command, int argc, char **argv);

static const struct argp_option options[] = {
	{"force", 'f', NULL, 0, "compare also what differs in version or parameters; it is said",
	 0},
	{"json", 'j', NULL, 0, "print as JSON", 0},
	{0},
};

const struct subcommand subcommand_compare = {
	.name = "compare",
	.arguments = "RUN RUN",
	.summary = "compare two runs: two hosts, two kernels, before and after",
	.help = "The first is what the second is compared with. The intervals are unpaired.",
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
				     "'%s' is one argument too many; it takes two runs", arg);
		a->runs[a->count++] = arg;
		return 0;
	case ARGP_KEY_END:
		if (a->count < 2)
			argp_failure(state, STATUS_USAGE, 0, "%d run%s given; it takes two",
				     a->count, a->count == 1 ? "" : "s");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int compare_exec(const struct subcommand *command, int argc, char **argv)
{
	struct arguments a = {0};

	subcommand_parse(command, argc, argv, &a);
	return STATUS_PARTLY;
}
