/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A procedure: how one measurement is made; one file and a line in registry.c. It performs a trial
 * on a stage with a live cast: the subject first, then those that load or disturb it.
 *
 *   run -> ready     prepared; not timed
 *   ping, snapshots  counters, evidence, the driver's cost
 *   go -> ended      the timed part; the harness only waits
 *   snapshots        the same again, then trial: values, histograms, usage; ping
 *
 * So nothing but the work itself lies between the two readings of the harness's clock (timed.h).
 * Neighbours begin before the first snapshots and are told to stop after the last (neighbours.h).
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/vocabulary.h"
#include "drivers/driver.h"
#include "harness/observe/counters.h"
#include "harness/observe/evidence.h"
#include "harness/plan/plan.h"
#include "harness/procedure/agent_link.h"

/* A live member of the cast. Everything is borrowed. */
struct actor {
	enum cast_role role;
	struct instance *instance;            /* NULL: the load generator */
	struct agent *agent;                  /* unused if the driver simulates */
	struct evidence *evidence;            /* of the subject; may be NULL */
	struct counters *counters;            /* of the subject; may be NULL */
	const struct plan_workload *workload; /* NULL: it stays idle */
	const int *cpus;                      /* of the host; empty: not pinned */
	int cpu_count;
	double slow; /* share to spin after each slice of work */
	/* For members other than the subject: for the cast in the trial's line; owned by the stage.
	 */
	json_t *did;
	uint64_t since; /* when a neighbour began, host's CLOCK_MONOTONIC, ns; 0: it does not run */
};

/* Everything that a trial needs. */
struct stage {
	struct actor cast[CAST_MAX]; /* cast[0] is the subject */
	int cast_count;
	int failed; /* after a failure: index in the cast of who failed */
	uint64_t seed;
	int moment; /* number of the trial in its run: a simulated machine's clock */
	double seconds;
};

struct procedure {
	const char *name, *summary;
	/* Only of a procedure that measures something itself, without a workload; studies and -w
	 * name it in place of one. The first metric is the headline. */
	const struct metric *metrics; /* ends with an empty name; NULL: it performs a workload */
	enum panel panel;
	const char *operation; /* "one start" */
	/* Both optional: sends the subject the request to prepare without waiting, so that several
	 * instances prepare side by side before they are warmed up; and waits for it. */
	int (*prepare)(struct stage *stage, struct error *err);
	int (*prepared)(struct stage *stage, struct error *err);
	/* *trial gets the trial's own fields of trials.jsonl; the caller adds its place in the
	 * plan. Errors as in agent_link.h: -EREMOTEIO leaves the instances usable. */
	int (*perform)(struct stage *stage, json_t **trial, struct error *err);
};

extern const struct procedure *const procedures[]; /* registry.c; ends with NULL */
const struct procedure *procedure_find(const char *name);
/* Appends an entry for each procedure that brings its own metrics to the agent's catalogue. */
void procedures_describe(json_t *catalogue);

/* Performs a procedure; in a simulated environment the driver makes the trial, whatever the
 * procedure. On failure *trial is NULL. */
int procedure_perform(const struct procedure *procedure, struct stage *stage, json_t **trial,
		      struct error *err);

/* The first member with that role; NULL: there is none. */
struct actor *stage_find(struct stage *stage, enum cast_role role);
void stage_finish(struct stage *stage);
