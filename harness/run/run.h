/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run: one execution of a study, one directory. The interface for the subcommands. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "base/directory.h"
#include "harness/plan/placement.h"
#include "harness/plan/plan.h"

struct report_options {
	const char *language; /* "en", "pt-BR" */
	bool pdf;
	bool csv, json; /* on standard output, instead of the table */
};

/* Options that are not part of the plan. Strings are borrowed. */
struct run_options {
	const char *out;      /* NULL: tare-runs/<UTC>-<study> */
	const char *scratch;  /* NULL: in the run directory */
	const char *counters; /* NULL: the default list */
	struct report_options report;
	const char **environments; /* -e: confirms the resumed plan's words that name files */
	int environment_count;
	json_t *predictions; /* array; borrowed; may be NULL */
	int argc;            /* of the whole command line, for run.json */
	char **argv;
};

/* Executes the run; returns an exit status (subcommand.h). Takes ownership of plan and placement.
 */
int run_study(struct plan *plan, struct placement *placement, const struct run_options *options);
/* Resumes an interrupted run. */
int run_resume(const char *directory, const struct run_options *options);

/* Path of the agent binary: next to this program, or where `make install` puts it. The caller
 * frees. */
char *run_agent_path(struct error *err);
/* Parses predictions against the plan and appends them to the array. -EINVAL. */
int run_seal_predictions(const struct plan *plan, const char **texts, int count, json_t *array,
			 struct error *err);

/* ---- run_report.c ---- */
/* Derives summary, figures and report from run.json and trials.jsonl, and prints the table and one
 * sentence for each panel. Needs neither root nor anything that runs need; as root, call it through
 * owner_does. Returns an exit status. */
int run_derive(const struct directory *directory, const struct report_options *options);

/* ---- run_list.c: the runs below the default directory ---- */
/* Does `work`, which reads them, with no more rights than the owner of that directory (owner.h). */
int run_list_do(int (*work)(void *argument), void *argument);
json_t *run_list(void); /* an array, the oldest first; a new reference */
int run_list_print(const json_t *list);
/* The directory of the run that the user names: for "latest" the newest, in `path`; otherwise the
 * name itself. NULL, with `err`, if there is no run yet. */
const char *run_named(const char *name, char *path, size_t size, struct error *err);
/* "in 120 s this machine resolves 4 % on disk.randomrw": from the null arm of the latest complete
 * run. The caller frees; NULL if there is none. */
char *run_resolving_power(const struct plan *plan);
