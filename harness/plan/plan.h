/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plan of a run: everything that is decided before the first trial. Every parameter of every
 * workload is resolved here, once, for the weakest environment, and sent to all: the same work
 * everywhere. The plan is written to run.json, from where --resume reads it. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/error.h"
#include "base/vocabulary.h"
#include "drivers/driver.h"
#include "harness/plan/placement.h"
#include "harness/plan/study.h"
#include "results/record.h"

#define CAST_MAX 8 /* members of a condition */

/* How much time a run may take, and its target precision. */
struct preset_of_run {
	const char *name;
	const char *summary;
	int starts;     /* fresh starts of every arm, at least */
	int min_blocks; /* of each workload, in all starts */
	int blocks_per_start;
	double trial_seconds;  /* maximum for one trial: with many trials they are shorter */
	double budget_seconds; /* wall time intended for the default study */
	double target;         /* half-width of the interval of log relative, for CPU and memory */
	double target_io;      /* likewise for disk and network */
};

extern const struct preset_of_run run_presets[]; /* ends with an empty name; the first: default */

struct plan_workload {
	json_t *entry;    /* for run.json: the catalogue's, with key, values, target, note; owned */
	const char *key;  /* entry.name: unique in the plan */
	const char *name; /* entry.workload: as the agent knows it */
	const char *panel;
	json_t *values; /* borrowed from entry */
	bool peer, fork, scratch;
	bool beside; /* only neighbours run it: it is not compared */
	double target;
};

/* An environment of the plan; each round starts one instance of it. */
struct plan_instance {
	char *id;      /* "bare", "bare#null", "vm": unique in the plan */
	char *name;    /* of the environment, canonical: "bare:slow=3%" */
	char *rung;    /* in a ladder: what it adds to the one before; NULL: none */
	int repeats;   /* index of the instance that it duplicates, for null conditions; -1: none */
	int beside;    /* index of the instance whose neighbour it is; -1: none */
	bool optional; /* left out if it cannot be used; what it cannot do is no failure */
	struct environment *environment; /* owned */
	double slow;                     /* share to spin after each slice of work */
	struct allotment allotment;
	struct availability availability;
};

struct plan_member {
	enum cast_role role;
	int instance; /* index; -1: a load generator */
	int workload; /* index; -1: it stays idle */
};

/* What is compared: a procedure and a cast. */
struct plan_condition {
	char *id;                          /* "cpu.prime/vm+idle": unique in the plan; owned */
	const char *column;                /* the part of it after the comparison's key */
	const char *scene;                 /* "idle"; NULL: the subject is alone; borrowed */
	const char *procedure;             /* by name: harness/procedure/registry.c */
	struct plan_member cast[CAST_MAX]; /* the first is the subject */
	int cast_count;
	int comparison; /* index */
	int against; /* index of the condition that it is compared with; its own for a baseline */
	int null;    /* index of the condition that it repeats in other instances; -1: none */
	int every;   /* takes part in every nth block */
	char obstacle[128]; /* why it cannot run here; "" if nothing is known to prevent it */
};

/* Conditions that are measured in the same blocks, contiguous in the plan. Without scenes each
 * instance is compared with the baseline; with scenes each is first measured alone, and in a scene
 * it is compared with itself alone. */
struct plan_comparison {
	int workload; /* index; its key and target are the comparison's */
	int first, count;
};

struct plan {
	char study[64], title[160], preset[32];
	json_t *figures; /* array of the names of the study's figures; owned */
	json_t *scenes;  /* array of {name, neighbour}, from the study; owned */
	uint64_t seed;
	double trial_seconds, warmup_seconds, budget_seconds;
	int starts, min_blocks, max_blocks, blocks_per_start;
	struct plan_workload *workloads;
	int workload_count;
	struct plan_instance *instances;
	int instance_count;
	int baseline; /* index of the instance that the study compares with */
	struct plan_comparison *comparisons;
	int comparison_count;
	struct plan_condition *conditions;
	int condition_count;
	json_t *left_out; /* array of sentences: what was left out and why; owned */
};

/* The options of the command line. Strings are borrowed. */
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

/* The key of a comparison; borrowed. */
const char *plan_key(const struct plan *plan, int comparison);
/* Its first condition. */
const struct plan_condition *plan_first(const struct plan *plan, int comparison);
/* The key of what a member runs; NULL: it stays idle. */
const char *plan_member_key(const struct plan *plan, const struct plan_member *member);
/* The condition of a comparison whose subject is that instance, alone; NULL: there is none. */
struct plan_condition *plan_find(const struct plan *plan, int comparison, int instance);
bool plan_is_baseline(const struct plan *plan, const struct plan_condition *condition);

#define PLAN_BLOCKS_MAX 1000      /* per workload, whatever the time */
#define PLAN_CONDITIONS_MAX 20000 /* as many as rows that can be read */
#define PLAN_TRIAL_SECONDS_MAX 1  /* no preset has longer trials */
#define PLAN_SECONDS_MAX 604800   /* a week */

int plan_preset(const char *name, const struct preset_of_run **preset, struct error *err);

/* `catalogue` is the agent's. -EINVAL if the request names something unknown. Probes the
 * environments; one that cannot be used stays in the plan, with the reason. They share the scratch
 * space of `placement`. */
int plan_create(const struct plan_request *request, const json_t *catalogue,
		struct placement *placement, struct plan **plan, struct error *err);
void plan_destroy(struct plan *plan); /* NULL is legal */

/* Sets parameters that were left at their default to what all of `hellos` (an array) support, as
 * the workloads declare. Before the plan is written. */
int plan_adapt(struct plan *plan, const json_t *hellos, struct error *err);

/* run.json's "plan" (and "study"), and back. New references. */
json_t *plan_json(const struct plan *plan);
json_t *plan_study_json(const struct plan *plan);
/* A run directory may be anybody's: -EINVAL for workloads, values and sizes that plan_create would
 * not produce with this catalogue and placement. */
int plan_from_run(const json_t *run, const json_t *catalogue, const struct placement *placement,
		  struct plan **plan, struct error *err);

bool plan_instance_usable(const struct plan_instance *instance);
int plan_usable_instances(const struct plan *plan); /* how many */
/* Every instance gets the same allotment from `placement`. */
void plan_allot(struct plan *plan, const struct placement *placement);
/* Checks whether every member of every cast gets what it needs, and otherwise sets the condition's
 * obstacle, unless it has one. `environments` are run.json's, after their agents' hello; `network`:
 * there are network namespaces. Before the plan is written. */
void plan_check_needs(struct plan *plan, const struct placement *placement, bool network,
		      const json_t *environments);

/* Whether the environment of `hello` (NULL: unknown) has fewer CPUs or less memory than the
 * workload needs; `why` then has both numbers. */
bool plan_lacks(const struct plan_workload *workload, const json_t *hello,
		const struct placement *placement, char *why, size_t size);

/* Seconds that the run takes if every workload is precise after the fewest blocks. */
double plan_seconds(const struct plan *plan);
void plan_print(const struct plan *plan, FILE *out);
