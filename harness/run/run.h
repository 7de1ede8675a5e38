/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A run: one execution of a study, one directory. run.c is the loop over starts, workloads and
 * blocks; run_arms.c starts, watches and stops the instances; run_site.c makes and removes what
 * all of them share; run_record.c writes run.json and the journal; run_report.c derives the rest.
 */
#ifndef TARE_RUN_H
#define TARE_RUN_H

#include <jansson.h>
#include <stdbool.h>

#include "base/directory.h"
#include "drivers/driver.h"
#include "drivers/network.h"
#include "drivers/resources.h"
#include "harness/procedure/agent_link.h"
#include "harness/observe/counters.h"
#include "harness/observe/evidence.h"
#include "harness/plan/placement.h"
#include "harness/plan/plan.h"
#include "harness/run/progress.h"
#include "harness/run/run_live.h"
#include "harness/run/run_time.h"
#include "harness/plan/schedule.h"
#include "results/journal.h"

#define RUN_ID_BYTES 128
#define RESTARTS_MAX 3 /* of one arm in one run */
#define WARMUPS_MAX 4  /* of one arm before its trials */
#define ERRORS_MAX 3   /* of one workload in one arm, one after the other */

struct report_options {
	const char *language; /* "en", "pt-BR" */
	bool pdf;
	bool csv, json; /* on standard output, in place of the table */
};

/* What the command line says beyond the plan. Strings are borrowed. */
struct run_options {
	const char *out;      /* NULL: tare-runs/<UTC>-<study> */
	const char *scratch;  /* NULL: in the run directory */
	const char *counters; /* NULL: the default list */
	struct report_options report;
	const char *
		*environments; /* -e: the words of a resumed plan that name files are repeated */
	int environment_count;
	json_t *predictions; /* array; borrowed; may be NULL */
	int argc;            /* of the whole command line, for run.json */
	char **argv;
};

/* How far a workload has come. */
struct tally {
	int blocks;     /* whole ones */
	int starts;     /* that it was measured in */
	int next_block; /* number of the next one in this start */
	int next_warmup;
	double preparing_seconds; /* of the arms that start quickly */
	int blocks_each; /* that instances serve before they are replaced; 0: for all of a start */
	enum decision decision;
};

/* One arm: its instance while it is up. */
struct arm {
	const struct plan_arm *plan;
	struct instance instance;
	struct agent agent;
	struct evidence *evidence;
	struct counters *counters;
	json_t *start_seconds;   /* array, one for each start that nothing disturbed */
	size_t starts_told;      /* of them, in run.json */
	bool up, given_up;       /* given up: it failed too often, for the rest of the run */
	bool out;                /* of the workload that is being measured */
	bool known;              /* what it says of itself has been asked */
	int instance_number;     /* from 0; an instance that is started after a failure keeps it */
	double starting_seconds; /* of its latest start */
	double rates[WARMUPS_MAX]; /* of its warm-up trials of this workload */
	int warmups;
	int restarts;
	int errors, breaks; /* of the present workload, in a row: the agent said so; it broke */
	double idle_cpu, idle_seconds; /* between its trials */
	struct instance_cost last_cost;
	uint64_t last_time;      /* of last_cost, ns; 0: none */
	struct error stop_error; /* code 0: it stopped well, or that it did not is told */
};

struct run {
	struct plan *plan;
	struct run_options options;
	struct placement placement;
	struct site site;
	struct resources *resources;
	struct other_runs *others;
	struct network *network;
	struct journal *journal;
	struct counter_set *counter_set;
	struct agent load;     /* in namespace P */
	struct arm *arms;      /* plan->arm_count of them */
	struct tally *tallies; /* plan->workload_count of them */
	struct time_account time;
	struct progress *progress;
	struct live *live; /* the estimate so far, of the workload that is being measured */
	json_t *json;      /* run.json */
	char id[RUN_ID_BYTES], *directory, *state_dir, *scratch_dir, *agent_path;
	struct directory files; /* the run directory, opened once; `directory` is its path */
	bool simulated;         /* all arms are: nothing is made on this host, nothing waits */
	bool resumed;
	int start, sequence;
	double share; /* of the time, each workload's, in seconds */
	bool failed;  /* something that was asked for did not come out */
};

/* Does it all; returns an exit status (subcommand.h). Takes plan and placement over. */
int run_study(struct plan *plan, struct placement *placement, const struct run_options *options);
/* Goes on with an interrupted run. */
int run_resume(const char *directory, const struct run_options *options);

/* When a workload's time is up, in seconds since the run began. */
struct limits {
	double deadline; /* with the least number of blocks */
	double latest;   /* with fewer: what is left is for the workloads behind it */
};

struct limits run_limits(const struct run *run, int workload);
/* Seconds until the run is to end, at the latest. */
double run_seconds_left(const struct run *run);

/* ---- run_site.c: what all instances share ---- */
int run_site_open(struct run *run, struct error *err);
void run_site_close(struct run *run);
/* The agent binary beside this program, or where `make install` puts it. The caller frees. */
char *run_agent_path(struct error *err);

/* run_scratch.c: makes the scratch directory of all instances; run->scratch_dir is its path. */
int run_scratch_make(struct run *run, struct error *err);

/* Starts the load generator again after it died. */
int run_load_restart(struct run *run, struct error *err);

/* ---- run_blocks.c ---- */
/* All blocks of one workload in the current start. -EINTR, or an error of the journal. */
int run_workload(struct run *run, int workload, struct error *err);

/* ---- run_arms.c ---- */
int run_arms_start(struct run *run, struct error *err);
void run_arms_stop(struct run *run);
/* Replaces the instances of the arms that start quickly, side by side. */
int run_arms_renew(struct run *run, struct error *err);
/* Does it start quickly enough for that? */
bool run_arm_renews(const struct run *run, const struct arm *arm);
/* Stops what is left of it and starts it again, at most RESTARTS_MAX times in a run; the reason
 * of the failure is in `why`. Returns -EINTR, or 0 also where the arm is given up. */
int run_arm_restart(struct run *run, struct arm *arm, const struct error *why, struct error *err);
bool run_arm_active(const struct arm *arm);

/* ---- run_record.c ---- */
int run_record_open(struct run *run, struct error *err);
int run_record_write(struct run *run, const char *status, struct error *err);
/* What a started instance says of itself. */
void run_record_instance(struct run *run, struct arm *arm, json_t *hello);
/* What was measured of it besides its trials: idle CPU, memory, clock. Before it is stopped. */
void run_record_measured(struct run *run, struct arm *arm);
/* Reads predictions against the plan and appends them to the array. -EINVAL. */
int run_seal_predictions(const struct plan *plan, const char **texts, int count, json_t *array,
			 struct error *err);
void run_event(struct run *run, const char *event, const struct arm *arm, const char *workload,
	       const char *message);
void run_warn(struct run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- run_report.c ---- */
/* Derives summary, figures and report from run.json and trials.jsonl, and prints the table and
 * one sentence a panel. Needs no root and none of what runs need; in a process that is root it
 * belongs into owner_does. Returns an exit status. */
int run_derive(const struct directory *directory, const struct report_options *options);

/* ---- run_paths.c ---- */
/* A copy in which the run's directory is $RUN, the scratch directory $SCRATCH, and Tare's own
 * $TARE: a run that is handed on does not tell where it lay. A new reference. */
json_t *run_without_paths(const struct run *run, json_t *json);

/* ---- run_list.c: the runs below the default directory ---- */
json_t *run_list(void); /* an array, the oldest first; a new reference */
int run_list_print(const json_t *list);
/* The directory of the run that a user names: for "latest" the newest one's, in `path`; else the
 * name itself. NULL, with `err`, where there is no run yet. */
const char *run_named(const char *name, char *path, size_t size, struct error *err);
/* "in 120 s this machine resolves 4 % on disk.randomrw": from the null arm of the latest complete
 * run. Caller frees; NULL where there is none. */
char *run_resolving_power(const struct plan *plan);

#endif
