/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "drivers/resources.h"
#include "harness/subcommand.h"

static error_t parse(int key, char *arg, struct argp_state *state);
static int clean_exec(const struct subcommand *command, int argc, char **argv);

static const struct argp_option options[] = {
	{"dry-run", 'n', NULL, 0, "only report what would be removed", 0},
	{0},
};

const struct subcommand subcommand_clean = {
	.name = "clean",
	.summary = "remove what crashed runs left on this host",
	.options = options,
	.parse = parse,
	.exec = clean_exec,
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	bool *dry_run = state->input;

	switch (key) {
	case 'n':
		*dry_run = true;
		return 0;
	case ARGP_KEY_ARG:
		argp_failure(state, STATUS_USAGE, 0, "unexpected argument '%s': clean takes none",
			     arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int clean_exec(const struct subcommand *command, int argc, char **argv)
{
	bool dry_run = false;
	int removed = 0;
	struct error err;

	subcommand_parse(command, argc, argv, &dry_run);
	if (resources_clean_dead(dry_run, stdout, &removed, &err))
		return subcommand_failed(&err);
	if (removed == 0)
		printf("nothing to clean: no crashed run left anything behind\n");
	return STATUS_DONE;
}
