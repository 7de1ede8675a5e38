/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The plan of a run: everything that is decided before the first trial. Every parameter of every
 * workload is resolved here, once, for the weakest environment, and sent to all: the same work
 * everywhere. It is sealed in run.json, and read back from there by --resume.
 */
#ifndef TARE_PLAN_H
#define TARE_PLAN_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "drivers/driver.h"
#include "base/error.h"
#include "harness/plan/placement.h"
#include "harness/plan/study.h"
#include "results/record.h"

/* How much time a run may take and what it aims at. */
struct preset_of_run {
	const char *name;
	const char *summary;
	int starts;     /* fresh starts of every arm, at least */
	int min_blocks; /* of each workload, in all starts */
	int blocks_per_start;
	double trial_seconds;  /* of one trial, at most: many trials make them shorter */
	double budget_seconds; /* wall time that the default study is meant to end in */
	double target;         /* half-width of the interval of log relative: CPU and memory */
	double target_io;      /* the same for disk and network */
};

extern const struct preset_of_run run_presets[]; /* ends with an empty name; the first: default */

struct plan_workload {
	json_t *entry;    /* of run.json: the catalogue's, with key, values, target, note; owned */
	const char *key;  /* entry.name: unique in the plan */
	const char *name; /* entry.workload: as the agent knows it */
	const char *panel;
	json_t *values; /* borrowed from entry */
	bool peer, fork, scratch;
	double target;
};

struct plan_arm {
	char *id;   /* "bare", "bare#null", "vm" */
	char *name; /* of the environment, canonical: "bare:slow=3%" */
	char *rung; /* of a ladder: what it adds to the arm before; NULL: none */
	enum arm_role role;
	bool optional; /* the study takes it where it can: what it cannot do is no failure */
	struct environment *environment; /* owned */
	int every;                       /* takes part in every so manieth block */
	double slow;                     /* share to spin after each slice of work */
	struct availability availability;
};

struct plan {
	char study[64], title[160], preset[32];
	json_t *figures; /* array of the names of the study's; owned */
	uint64_t seed;
	double trial_seconds, warmup_seconds, budget_seconds;
	int starts, min_blocks, max_blocks, blocks_per_start;
	struct plan_workload *workloads;
	int workload_count;
	struct plan_arm *arms; /* the baseline, the null arm, then the others as given */
	int arm_count;
	json_t *left_out; /* array of sentences: what was left out, and why; owned */
};

/* What the command line asks for. Strings are borrowed. */
struct plan_request {
	const struct study *study;
	const struct preset_of_run *preset;
	const char *baseline;      /* NULL: the study's */
	const char **environments; /* -e; replace the study's */
	int environment_count;
	const char **workloads; /* -w: globs; replace the study's */
	int workload_count;
	const char **settings; /* --set */
	int setting_count;
	double seconds; /* budget; 0: the preset's */
	bool seed_given;
	uint64_t seed;
};

#define PLAN_BLOCKS_MAX 1000 /* of a workload, whatever the time */

/* Blocks that a preset has time for, at least those that it promises, in trials of its full
 * length: of each of so many workloads in so many arms. */
int preset_blocks(const struct preset_of_run *preset, int workloads, int arms);

int plan_preset(const char *name, const struct preset_of_run **preset, struct error *err);

/* `catalogue` is the agent's. -EINVAL for what the request asks for and is not there. Probes the
 * environments; one that cannot be used stays in the plan, with its reason. The scratch space of
 * `placement` is shared out among them. */
int plan_create(const struct plan_request *request, const json_t *catalogue,
		struct placement *placement, struct plan **plan, struct error *err);
void plan_destroy(struct plan *plan); /* NULL is legal */

/* Chooses, for parameters that stand at their default, what every one of `hellos` (an array) can
 * do: the disk engine. Before the plan is sealed. */
int plan_adapt(struct plan *plan, const json_t *hellos, struct error *err);

/* run.json's "plan" (and "study"), and back. New references. */
json_t *plan_json(const struct plan *plan);
json_t *plan_study_json(const struct plan *plan);
int plan_from_run(const json_t *run, struct plan **plan, struct error *err);

bool plan_arm_usable(const struct plan_arm *arm);
/* Why a workload cannot run in an arm though the environment is usable; NULL: it can. */
const char *plan_obstacle(const struct plan_workload *workload, const struct plan_arm *arm,
			  bool network);

/* Has the environment that said `hello` (NULL: not known) fewer CPUs or less memory than the
 * workload needs? `why` then has both numbers. */
bool plan_lacks(const struct plan_workload *workload, const json_t *hello,
		const struct placement *placement, char *why, size_t size);

/* Seconds that the run takes where every workload is precise after its fewest blocks. */
double plan_seconds(const struct plan *plan);
void plan_print(const struct plan *plan, FILE *out);

#endif
