/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "harness/export.h"
#include "harness/run/run.h"
#include "harness/subcommand.h"

static error_t parse(int key, char *arg, struct argp_state *state);
static int export_exec(const struct subcommand *command, int argc, char **argv);

static const struct argp_option options[] = {
	{"format", 'f', "FORMAT", 0,
	 "csv: a line a trial and metric, on standard output; hgrm: latency distributions as "
	 "HdrHistogram prints them, a file each",
	 0},
	{"out", 'o', "DIR", 0, "hgrm: where the files go (default: RUN/export)", 0},
	{0},
};

const struct subcommand subcommand_export = {
	.name = "export",
	.arguments = "RUN|latest",
	.summary = "write the trials of a run in a format that other programs read",
	.help = "The summary as CSV is in RUN/summary.csv, the journal in RUN/trials.jsonl.",
	.options = options,
	.parse = parse,
	.exec = export_exec,
};

struct arguments {
	const char *run, *format, *out;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case 'f':
		if (strcmp(arg, "csv") != 0 && strcmp(arg, "hgrm") != 0)
			argp_failure(state, STATUS_USAGE, 0,
				     "--format %s is unknown; valid are: csv hgrm", arg);
		a->format = arg;
		return 0;
	case 'o':
		a->out = arg;
		return 0;
	default:
		return subcommand_parse_run(&a->run, key, arg, state);
	}
}

static int export_to_files(const struct record *record, const struct arguments *a,
			   struct error *err)
{
	cleanup_free char *directory = NULL;
	int count, rc;

	if (asprintf(&directory, "%s%s", a->out ? a->out : a->run, a->out ? "" : "/export") < 0)
		return error_set(err, -1, "no memory");
	rc = export_hgrm(record, directory, &count, err);
	if (!rc)
		printf("%d files in %s\n", count, directory);
	return rc;
}

static int export_exec(const struct subcommand *command, int argc, char **argv)
{
	struct arguments a = {.format = "csv"};
	struct record *record;
	char latest[512];
	struct error err;
	int rc;

	subcommand_parse(command, argc, argv, &a);
	a.run = run_named(a.run, latest, sizeof(latest), &err);
	if (!a.run || record_load(a.run, &record, &err))
		return subcommand_refuse(&err);
	if (strcmp(a.format, "csv") == 0)
		rc = export_csv(record, stdout);
	else
		rc = export_to_files(record, &a, &err);
	record_destroy(record);
	return rc ? subcommand_failed(&err) : STATUS_DONE;
}
