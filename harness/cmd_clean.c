/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "drivers/resources.h"
#include "harness/subcommand.h"

static int clean_exec(const struct subcommand *command, int argc, char **argv);

static const struct subcommand_option options[] = {
	{"dry-run", 'n', .help = "only report what would be removed"},
	{0},
};

const struct subcommand subcommand_clean = {
	.name = "clean",
	.summary = "remove what crashed runs left on this host",
	.options = options,
	.takes = "none",
	.exec = clean_exec,
};

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
