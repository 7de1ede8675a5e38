/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A procedure: how one measurement is made. One file each and a line in registry.c. It performs a
 * trial on a stage, whose cast is live: the subject first, then those that load or disturb it.
 *
 *   run -> ready     prepared; not timed
 *   ping, snapshots  counters, evidence, the driver's cost
 *   go -> ended      the timed part; the harness only waits
 *   snapshots        the same again, then trial: values, histograms, usage; ping
 *
 * So nothing but the work itself lies between the two readings of the harness's clock (timed.h).
 */
#ifndef TARE_PROCEDURE_H
#define TARE_PROCEDURE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/vocabulary.h"
#include "drivers/driver.h"
#include "harness/observe/counters.h"
#include "harness/observe/evidence.h"
#include "harness/plan/plan.h"
#include "harness/procedure/agent_link.h"

/* A member of the cast, live. All is borrowed. */
struct actor {
	enum cast_role role;
	struct instance *instance;            /* NULL: the load generator */
	struct agent *agent;                  /* not used where the driver simulates */
	struct evidence *evidence;            /* of the subject; may be NULL */
	struct counters *counters;            /* of the subject; may be NULL */
	const struct plan_workload *workload; /* NULL: it stays idle */
	const int *cpus;                      /* of the host; empty: not pinned */
	int cpu_count;
	double slow; /* share to spin after each slice of work */
	json_t *did; /* of others than the subject: for the cast of the trial's line; the stage's */
};

/* What one trial sees. */
struct stage {
	struct actor cast[CAST_MAX]; /* cast[0] is the subject */
	int cast_count;
	uint64_t seed;
	int moment; /* number of the trial in its run: a simulated machine's clock */
	double seconds;
};

struct procedure {
	const char *name, *summary;
	/* Optional, both: sends what the subject must prepare and does not wait, so that several
	 * instances prepare side by side before they are warmed up; and waits for it. */
	int (*prepare)(struct stage *stage, struct error *err);
	int (*prepared)(struct stage *stage, struct error *err);
	/* *trial gets the fields of trials.jsonl that the trial itself knows; the caller adds its
	 * place in the plan. Errors as in agent_link.h: -EREMOTEIO leaves the instances usable. */
	int (*perform)(struct stage *stage, json_t **trial, struct error *err);
};

extern const struct procedure *const procedures[]; /* registry.c; ends with NULL */
const struct procedure *procedure_find(const char *name);

/* Performs it; in a simulated environment the driver makes the trial, whatever the procedure. On
 * failure *trial is NULL. */
int procedure_perform(const struct procedure *procedure, struct stage *stage, json_t **trial,
		      struct error *err);

/* The first of that role; NULL: the cast has none. */
struct actor *stage_find(struct stage *stage, enum cast_role role);
void stage_finish(struct stage *stage);

#endif
