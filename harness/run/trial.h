/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One trial in one instance, with all that is looked at around it. In two phases, so that nothing
 * but the work itself lies between the two readings of the harness's clock:
 *
 *   run -> ready     prepared; not timed
 *   ping, snapshots  counters, evidence, the driver's cost
 *   go -> ended      the timed part; the harness only waits
 *   snapshots        the same again, then trial: values, histograms, usage; ping
 *
 * A workload with a peer runs between two agents: the instance's serves, and the load generator's
 * in namespace P, on the other CPUs, makes the trial.
 */
#ifndef TARE_TRIAL_H
#define TARE_TRIAL_H

#include <jansson.h>
#include <stdbool.h>

#include "drivers/driver.h"
#include "harness/run/agent.h"
#include "harness/observe/counters.h"
#include "harness/observe/evidence.h"
#include "harness/plan/plan.h"

/* What trials need of an arm's instance. */
struct subject {
	struct instance *instance;
	struct agent *agent;       /* not used where the driver simulates */
	struct evidence *evidence; /* may be NULL */
	struct counters *counters; /* may be NULL */
	double slow;
};

struct trial_order {
	const struct plan_workload *workload;
	uint64_t seed;
	int moment; /* number of the trial in its run: a simulated machine's clock */
	double seconds;
	struct agent *load; /* for a workload with a peer */
	const int *load_cpus;
	int load_cpu_count;
};

/* Sends the `run` of role run and does not wait: several instances prepare side by side. */
int trial_prepare(struct subject *subject, const struct trial_order *order, struct error *err);
/* Waits until that is done. */
int trial_prepared(struct subject *subject, struct error *err);

/* *record gets the fields of trials.jsonl that the trial itself knows; the caller adds its place
 * in the plan. Errors as in agent.h: -EREMOTEIO leaves the instance usable. */
int trial_perform(struct subject *subject, const struct trial_order *order, json_t **record,
		  struct error *err);

#endif
