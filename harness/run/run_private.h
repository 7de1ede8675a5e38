/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A run from within. run.c is the loop over starts and comparisons, run_open.c opens and closes,
 * run_blocks.c has the blocks of a comparison and run_trial.c one trial; run_instances.c starts,
 * watches and stops the instances; run_site.c makes and removes what all of them share;
 * run_record.c writes run.json and the journal. Functions take the smallest part that serves.
 */
#ifndef TARE_RUN_PRIVATE_H
#define TARE_RUN_PRIVATE_H

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
#define RESTARTS_MAX 3 /* of one instance in one run */
#define WARMUPS_MAX 4  /* of one condition before its trials */
#define ERRORS_MAX 3   /* of one condition, one after the other */

/* How far a comparison has come. */
struct tally {
	int blocks;     /* whole ones */
	int starts;     /* that it was measured in */
	int next_block; /* number of the next one in this start */
	int next_warmup;
	double preparing_seconds; /* of the instances that start quickly */
	int blocks_each; /* that instances serve before they are replaced; 0: for all of a start */
	enum decision decision;
};

/* An instance of the plan, from start to start. */
struct slot {
	const struct plan_instance *plan;
	struct site site; /* the run's, with the instance's own allotment */
	struct instance instance;
	struct agent agent;
	struct evidence *evidence;
	struct counters *counters;
	json_t *start_seconds;   /* array, one for each start that nothing disturbed */
	size_t starts_written;   /* of them, in run.json */
	bool up, given_up;       /* given up: it failed too often, for the rest of the run */
	bool known;              /* what it says of itself has been asked */
	int needed;              /* by how many conditions of the comparison that is measured */
	int number;              /* of the instance, from 0; a restart after a failure keeps it */
	double starting_seconds; /* of its latest start */
	int restarts;
	double idle_cpu, idle_seconds; /* between its trials */
	struct instance_cost last_cost;
	uint64_t last_time;      /* of last_cost, ns; 0: none */
	struct error stop_error; /* code 0: stopped cleanly, or the failure was already reported */
};

/* A condition, while its comparison is measured. */
struct condition {
	const struct plan_condition *plan;
	struct slot *subject;
	bool out;                  /* it cannot run, or failed too often */
	double rates[WARMUPS_MAX]; /* of its warm-up trials */
	int warmups;
	int errors, breaks; /* in a row: the agent said so; the instance broke */
	uint64_t asked;     /* number of the request to prepare; 0: there is none */
};

/* What is decided before anything is started. */
struct run_setup {
	struct plan *plan;
	struct run_options options;
	struct placement placement;
	struct site site;
	char id[RUN_ID_BYTES], *directory, *state_dir, *scratch_dir, *agent_path;
	struct directory files;  /* the run directory, opened once; `directory` is its real path */
	struct directory parent; /* of one that was made */
	bool simulated; /* all environments are: nothing is made on this host, nothing waits */
	bool resumed;
};

/* What it has on this host. */
struct run_hosts {
	struct resources *resources;
	struct other_runs *others;
	struct network *network;
	struct counter_set *counter_set;
	struct agent load;  /* in namespace P */
	struct slot *slots; /* plan->instance_count of them */
};

/* How far it has come. */
struct run_state {
	struct condition *conditions; /* plan->condition_count of them */
	struct tally *tallies;        /* plan->comparison_count of them */
	struct time_account time;
	int start, sequence;
	double share; /* of the time, each comparison's, in seconds */
	bool failed;  /* something that was asked for did not come out */
};

/* Everything that reports on it. */
struct run_record {
	json_t *json; /* run.json */
	struct journal *journal;
	struct live *live; /* the estimate so far, of the comparison that is measured */
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
/* Everything that the run made is gone when this returns, whatever `rc` was. Returns `rc`, or why
 * the journal is not what was measured. */
int run_close(struct run *run, int rc, struct error *err);
void run_free(struct run *run);
/* Of run.json: how a run that returned `rc` has ended. */
const char *run_status(int rc);

/* ---- run.c ---- */
/* When a comparison's time is up, in seconds since the run began. */
struct limits {
	double deadline; /* with the least number of blocks */
	double latest;   /* with fewer: what is left is for those behind it */
};

struct limits run_limits(const struct plan *plan, const struct run_state *state, int comparison);
/* Seconds until the run is to end, at the latest. */
double run_seconds_left(const struct plan *plan, const struct run_state *state);

/* ---- run_site.c: what all instances share ---- */
int run_site_open(struct run *run, struct error *err);
void run_site_close(struct run *run);
/* run_scratch.c: makes the scratch directory of all instances; setup.scratch_dir is its path. */
int run_scratch_make(struct run *run, struct error *err);
/* Starts the load generator again after it died. */
int run_load_restart(struct run *run, struct error *err);

/* ---- run_blocks.c ---- */
/* All blocks of one comparison in the current start. -EINTR, or an error of the journal. */
int run_comparison(struct run *run, int comparison, struct error *err);

/* ---- run_instances.c ---- */
int run_instances_start(struct run *run, struct error *err);
void run_instances_stop(struct run *run);
/* Replaces the instances that start quickly and are needed, side by side. */
int run_instances_renew(struct run *run, struct error *err);
/* Does it start quickly enough for that? */
bool run_slot_renews(const struct run *run, const struct slot *slot);
/* Stops what is left of it and starts it again, at most RESTARTS_MAX times in a run; the reason
 * of the failure is in `why`. Returns -EINTR, or 0 also where the instance is given up. */
int run_slot_restart(struct run *run, struct slot *slot, const struct error *why,
		     struct error *err);
bool run_slot_active(const struct slot *slot);

/* ---- run_record.c ---- */
int run_record_open(struct run *run, struct error *err);
/* The plan is complete: it goes into run.json. */
void run_record_plan(struct run *run);
int run_record_write(struct run *run, const char *status, struct error *err);
/* What a started instance says of itself. */
void run_record_instance(struct run *run, struct slot *slot, json_t *hello);
/* What was measured of it besides its trials: idle CPU, memory, clock. Before it is stopped. */
void run_record_measured(struct run *run, struct slot *slot);
/* Of an instance, of a comparison (`condition` is any of it), of one condition of an instance, or
 * of the run: what is not concerned is NULL. */
void run_event(struct run *run, const char *event, const struct slot *slot,
	       const struct plan_condition *condition, const char *message);
void run_warn(struct run_record *record, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* ---- run_paths.c ---- */
/* A copy in which the run's directory is $RUN, the scratch directory $SCRATCH, and Tare's own
 * $TARE: a run that is passed on has no paths of this machine. A new reference. */
json_t *run_without_paths(const struct run_setup *setup, json_t *json);

#endif
