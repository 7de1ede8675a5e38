/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "harness/export.h"
#include "harness/owner.h"
#include "harness/run/run.h"
#include "harness/subcommand.h"

static error_t parse(int key, char *arg, struct argp_state *state);
static int export_exec(const struct subcommand *command, int argc, char **argv);

static const struct argp_option options[] = {
	{"format", 'f', "FORMAT", 0,
	 "csv: one line per trial and metric, on standard output; hgrm: latency distributions as "
	 "HdrHistogram prints them, one file each",
	 0},
	{"out", 'o', "DIR", 0, "hgrm: where the files go (default: RUN/export)", 0},
	{0},
};

const struct subcommand subcommand_export = {
	.name = "export",
	.arguments = "RUN|latest",
	.summary = "write a run's trials in a format that other programs read",
	.help = "The summary as CSV is in RUN/summary.csv, the journal in RUN/trials.jsonl.",
	.options = options,
	.parse = parse,
	.exec = export_exec,
};

struct arguments {
	const char *run, *format, *out;
	struct directory directory; /* the run's */
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case 'f':
		if (strcmp(arg, "csv") != 0 && strcmp(arg, "hgrm") != 0)
			argp_failure(state, STATUS_USAGE, 0,
				     "unknown format --format %s; valid formats: csv hgrm", arg);
		a->format = arg;
		return 0;
	case 'o':
		a->out = arg;
		return 0;
	default:
		return subcommand_parse_run(&a->run, key, arg, state);
	}
}

/* Below the run, or where the command line says. */
static int export_to_files(const struct record *record, const struct arguments *a,
			   struct error *err)
{
	cleanup_directory struct directory to = DIRECTORY_CLOSED;
	int count, rc;

	if (a->out && mkdir(a->out, 0700) && errno != EEXIST)
		return error_errno(err, -errno, "creating %s", a->out);
	rc = a->out ? directory_open(a->out, &to, err)
		    : directory_below(&a->directory, "export", &to, err);
	if (!rc)
		rc = export_hgrm(record, &to, &count, err);
	if (!rc)
		printf("%d files in %s\n", count, to.path);
	return rc;
}

static int export(void *argument)
{
	const struct arguments *a = argument;
	struct record *record;
	struct error err;
	int rc;

	if (record_read(&a->directory, &record, &err))
		return subcommand_refuse(&err);
	if (strcmp(a->format, "csv") == 0)
		rc = export_csv(record, stdout, &err);
	else
		rc = export_to_files(record, a, &err);
	record_destroy(record);
	return rc ? subcommand_failed(&err) : STATUS_DONE;
}

static int export_exec(const struct subcommand *command, int argc, char **argv)
{
	struct arguments a = {.format = "csv"};
	char latest[512];
	struct error err;
	int status;

	subcommand_parse(command, argc, argv, &a);
	a.run = run_named(a.run, latest, sizeof(latest), &err);
	if (!a.run || record_open(a.run, &a.directory, &err))
		return subcommand_refuse(&err);
	/* where the command line says is the caller's own, below the run the owner's */
	status = a.out ? export(&a) : owner_does(&a.directory, export, &a);
	directory_close(&a.directory);
	return status;
}
