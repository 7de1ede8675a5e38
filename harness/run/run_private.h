/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The internals of a run. run.c is the loop over starts and comparisons, run_open.c opens and
 * closes a run, run_blocks.c performs the blocks of a comparison and run_trial.c one trial;
 * run_instances.c starts, watches and stops the instances; run_site.c creates and removes what all
 * of them share; run_record.c writes run.json and the journal. Functions take the smallest part
 * that they need. */
#pragma once

#include "drivers/driver.h"
#include "drivers/network.h"
#include "drivers/resources.h"
#include "harness/observe/counters.h"
#include "harness/observe/evidence.h"
#include "harness/plan/schedule.h"
#include "harness/procedure/agent_link.h"
#include "harness/run/progress.h"
#include "harness/run/run.h"
#include "harness/run/run_live.h"
#include "harness/run/run_time.h"
#include "results/journal.h"

#define RUN_ID_BYTES 128
#define RESTARTS_MAX 3 /* per instance in a run */
#define WARMUPS_MAX 4  /* per condition before its trials */
#define ERRORS_MAX 3   /* per condition, in a row */
#define LOADS_MAX (CAST_MAX / 2)

/* The progress of a comparison. */
struct tally {
	int blocks;     /* complete ones */
	int starts;     /* in which it was measured */
	int next_block; /* number of the next block in this start */
	int next_warmup;
	double preparing_seconds; /* of instances that start quickly */
	int blocks_each;          /* after which instances are replaced; 0: never within a start */
	enum decision decision;
};

/* An instance of the plan, across starts. */
struct slot {
	const struct plan_instance *plan;
	struct site site; /* the run's, with the instance's allotment */
	struct instance instance;
	struct agent agent;
	struct evidence *evidence;
	struct counters *counters;
	bool up, given_up; /* given up for the rest of the run: it failed too often */
	bool known;        /* its facts have been requested */
	int needed;        /* by how many conditions of the current comparison */
	int number;        /* of the instance, from 0; unchanged by a restart after a failure */
	double starting_seconds; /* of its latest start */
	int restarts;
	double idle_cpu, idle_seconds; /* between its trials; of this start */
	struct instance_cost last_cost;
	uint64_t last_time;      /* of last_cost, ns; 0: none */
	struct error stop_error; /* code 0: stopped cleanly, or the failure was already reported */
};

/* A condition while its comparison is measured. */
struct condition {
	const struct plan_condition *plan;
	struct slot *subject;
	bool out;                  /* it cannot run, or failed too often */
	double rates[WARMUPS_MAX]; /* of its warm-up trials */
	int warmups;
	int errors, breaks; /* in a row: reported by the agent; of the instance */
	uint64_t asked;     /* number of the request to prepare; 0: there is none */
};

/* Decided before anything is started. */
struct run_setup {
	struct plan *plan;
	struct run_options options;
	struct placement placement;
	struct site site;
	char id[RUN_ID_BYTES], *directory, *state_dir, *scratch_dir, *agent_path;
	struct directory files;  /* the run directory, opened once; `directory` is its real path */
	struct directory parent; /* in which it was created; closed if the run is resumed */
	bool simulated; /* all environments are: nothing is created on this host, nothing waits */
	bool resumed;
};

/* Its resources on this host. */
struct run_hosts {
	struct resources *resources;
	struct other_runs *others;
	struct network *network;
	struct counter_set *counter_set;
	struct agent loads[LOADS_MAX]; /* load generators, in namespace P: as many as a cast has */
	struct slot *slots;            /* plan->instance_count of them */
};

/* Its progress. */
struct run_state {
	struct condition *conditions; /* plan->condition_count of them */
	struct tally *tallies;        /* plan->comparison_count of them */
	struct time_account time;
	int start, sequence;
	double share; /* each comparison's share of the time, in seconds */
	bool failed;  /* something that was requested failed */
};

/* Everything that records it. */
struct run_record {
	json_t *json; /* run.json */
	struct journal *journal;
	struct live *live; /* estimates so far of the current comparison */
	struct progress *progress;
};

struct run {
	struct run_setup setup;
	struct run_hosts hosts;
	struct run_state state;
	struct run_record record;
};

/* ---- run.c: the run itself, new or resumed; returns an exit status ---- */
int run_execute(struct run *run);

/* ---- run_open.c ---- */
int run_open(struct run *run, struct error *err);
/* Removes everything that the run created, whatever `rc` was. Returns `rc`, or an error if the
 * journal is not what was measured. */
int run_close(struct run *run, int rc, struct error *err);
void run_free(struct run *run);
/* The status in run.json of a run that returned `rc`. */
const char *run_status(int rc);

/* ---- run.c ---- */
/* When a comparison's time is up, in seconds since the run began. */
struct limits {
	double deadline; /* with the minimum of blocks */
	double latest;   /* with fewer: the rest is for the following comparisons */
};

struct limits run_limits(const struct plan *plan, const struct run_state *state, int comparison);
/* Seconds until the latest end of the run. */
double run_seconds_left(const struct plan *plan, const struct run_state *state);

/* ---- run_site.c: what all instances share ---- */
int run_site_open(struct run *run, struct error *err);
void run_site_close(struct run *run);
/* run_scratch.c: creates the scratch directory of all instances; setup.scratch_dir is its path. */
int run_scratch_make(struct run *run, struct error *err);
/* Restarts the load generators that died. */
int run_loads_restart(struct run *run, struct error *err);

/* ---- run_blocks.c ---- */
/* All blocks of one comparison in the current start. -EINTR, or an error of the journal. */
int run_comparison(struct run *run, int comparison, struct error *err);

/* ---- run_instances.c ---- */
int run_instances_start(struct run *run, struct error *err);
void run_instances_stop(struct run *run);
/* Replaces the instances that start quickly and are needed, side by side. */
int run_instances_renew(struct run *run, struct error *err);
/* Whether it starts quickly enough for that. */
bool run_slot_renews(const struct run *run, const struct slot *slot);
/* Stops what is left of it and restarts it, at most RESTARTS_MAX times in a run; `why` is the
 * reason of the failure. Returns -EINTR, or 0, even if the instance is given up. */
int run_slot_restart(struct run *run, struct slot *slot, const struct error *why,
		     struct error *err);
bool run_slot_active(const struct slot *slot);

/* ---- run_record.c ---- */
int run_record_open(struct run *run, struct error *err);
/* Writes the complete plan to run.json. */
void run_record_plan(struct run *run);
int run_record_write(struct run *run, const char *status, struct error *err);
/* Records what a started instance reports about itself; if no other started at the same time, also
 * how long it took. */
void run_record_instance(struct run *run, struct slot *slot, json_t *hello, bool undisturbed);
/* Records what was measured besides its trials: idle CPU, memory, clock. Call it before the stop.
 */
void run_record_measured(struct run *run, struct slot *slot);
/* An event of an instance, of a comparison (`condition` is any of it), of one condition of an
 * instance, or of the run; NULL for what is not concerned. */
void run_event(struct run *run, const char *event, const struct slot *slot,
	       const struct plan_condition *condition, const char *message);
void run_warn(struct run_record *record, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* ---- run_paths.c ---- */
/* A copy in which the run's directory is $RUN, the scratch directory $SCRATCH, and Tare's $TARE: a
 * run that is passed on has no paths of this machine. A new reference. */
json_t *run_without_paths(const struct run_setup *setup, json_t *json);
