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

static int export_exec(const struct subcommand *command, int argc, char **argv);

struct arguments {
	const char *run, *format, *out;
	struct directory directory; /* the run's */
};

static const char *const formats[] = {"csv", "hgrm", NULL};

static const struct subcommand_option options[] = {
	{"format", 'f', "FORMAT",
	 "csv: one line per trial and metric, on standard output; hgrm: latency distributions as "
	 "HdrHistogram prints them, one file each",
	 .at = offsetof(struct arguments, format), .what = "format", .choices = formats},
	{"out", 'o', "DIR",
	 "hgrm: where the files go (default: RUN/export); made as the user who owns RUN",
	 .at = offsetof(struct arguments, out)},
	{0},
};

const struct subcommand subcommand_export = {
	.name = "export",
	.arguments = "RUN|latest",
	.summary = "write a run's trials in a format that other programs read",
	.help = "The summary as CSV is in RUN/summary.csv, the journal in RUN/trials.jsonl.",
	.options = options,
	.takes = "one run",
	.operands_least = 1,
	.operands_most = 1,
	.operands_at = offsetof(struct arguments, run),
	.exec = export_exec,
};

/* Below the run, or as the command line says. */
static int export_to_files(const struct record *record, const struct arguments *a,
			   struct error *err)
{
	cleanup_directory struct directory to = DIRECTORY_CLOSED;
	int count, rc;

	if (a->out && mkdir(a->out, 0700) && errno != EEXIST)
		return error_errno(err, -errno, "creating %s", a->out);
	rc = a->out ? directory_open(a->out, &to, err)
		    : directory_below(&a->directory, "export", &to, err);
	rc = rc ?: export_hgrm(record, &to, &count, err);
	if (!rc)
		printf("%d files in %s\n", count, to.path);
	return rc;
}

/* --out, too, is written with the rights of the run's owner, who may have chosen any contents. */
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
	status = owner_does(&a.directory, export, &a);
	directory_close(&a.directory);
	return status;
}
