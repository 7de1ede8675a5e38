/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <jansson.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "harness/owner.h"
#include "harness/subcommand.h"
#include "plots/tables.h"
#include "results/compare.h"

static int compare_exec(const struct subcommand *command, int argc, char **argv);

struct arguments {
	const char *runs[2];
	bool force, json;
	struct directory directories[2];
	struct record *records[2];
};

static const struct subcommand_option options[] = {
	{"force", 'f',
	 .help = "also compare workloads of different versions or parameters, with a note",
	 .at = offsetof(struct arguments, force)},
	{"json", 'j', .help = "print as JSON", .at = offsetof(struct arguments, json)},
	{0},
};

const struct subcommand subcommand_compare = {
	.name = "compare",
	.arguments = "RUN RUN",
	.summary = "compare two runs: two hosts, two kernels, before and after",
	.help = "The second run is compared with the first; the intervals are unpaired.",
	.options = options,
	.takes = "two runs",
	.operands_least = 2,
	.operands_most = 2,
	.operands_at = offsetof(struct arguments, runs),
	.exec = compare_exec,
};

static int show(const struct comparison *comparison, const struct arguments *a)
{
	struct terminal terminal;

	if (a->json) {
		cleanup_json json_t *json = compare_json(comparison);

		return subcommand_print(json);
	}
	terminal_look(&terminal, STDOUT_FILENO);
	compare_print(comparison, stdout, terminal.utf8, terminal.colour);
	return STATUS_DONE;
}

static int compare(void *argument)
{
	struct arguments *a = argument;
	struct comparison *comparison = NULL;
	struct error err;
	int rc = 0, status;

	for (int i = 0; i < 2 && !rc; i++)
		if (!a->records[i])
			rc = record_read(&a->directories[i], &a->records[i], &err);
	rc = rc ?: compare_create(a->records[0], a->records[1], a->force, &comparison, &err);
	status = rc ? subcommand_refuse(&err) : show(comparison, a);
	compare_destroy(comparison);
	return status;
}

/* Root reads its own run as root, and the other as its owner. */
static int compare_exec(const struct subcommand *command, int argc, char **argv)
{
	struct arguments a = {.directories = {DIRECTORY_CLOSED, DIRECTORY_CLOSED}};
	int rc = 0, status, other = 0;
	struct error err;

	subcommand_parse(command, argc, argv, &a);
	for (int i = 0; i < 2 && !rc; i++) {
		rc = record_open(a.runs[i], &a.directories[i], &err);
		if (!rc && owner_is_another(&a.directories[i]))
			other = i;
		else if (!rc)
			rc = record_read(&a.directories[i], &a.records[i], &err);
	}
	status = rc ? subcommand_refuse(&err) : owner_does(&a.directories[other], compare, &a);
	for (int i = 0; i < 2; i++) {
		record_destroy(a.records[i]);
		directory_close(&a.directories[i]);
	}
	return status;
}
