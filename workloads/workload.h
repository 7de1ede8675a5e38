/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The interface of a workload: one microbenchmark, one `const struct workload`.
 *
 * The steps of a trial, driven by the harness over the agent protocol:
 *
 *   run      -> prepare()     allocate, generate, write files; not timed. Kept, and not called
 *                             again, while the next trial is of the same workload with the same
 *                             parameters.
 *   ready    <-               the harness takes its snapshots of counters and evidence
 *   go       -> run()         works while trial_continue() says so: time-bounded, so a slow
 *                             environment makes fewer operations, not a longer trial. With
 *                             "until":"finish" in `run` also until the harness says so, and the
 *                             trial has the values that there are by then
 *            -> verify()      was the work really done? An error here makes the trial an error
 *   trial    <-               values, operations, histograms, usage
 *   ...      -> cleanup()     frees what prepare made; also after its failure
 *
 * A workload with `needs.peer` has a server in the environment and a client, the load generator,
 * across the network. The environment's agent has role "serve": serve() starts the server and
 * returns (ready has trial->port), finish() ends it; with a served() it stays up, like the state
 * from prepare(), as long as trials have the same workload and parameters. The load generator has
 * role "load" and goes through prepare/run/verify/cleanup with trial->peer set; its trial is the
 * result.
 *
 * Workloads do not print, exit, or change the process in a way that cleanup does not undo.
 */
#pragma once

#include <jansson.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/histogram.h"
#include "base/vocabulary.h"

/* A choice that the user left open is made once for all environments, before the first trial. */
enum resolve {
	RESOLVE_DEFAULT,  /* the default, whatever the environments are */
	RESOLVE_COMMON,   /* the first choice that every environment supports: it does not if the
			   * fact with the choice's name is "no" */
	RESOLVE_NARROWEST /* of the environments' values of `fact`; "auto" if all are the same.
			     The choices after "auto" are in rising order */
};

struct parameter {
	const char *name;
	const char *summary;
	enum parameter_kind kind;
	double fallback, low, high; /* numbers, sizes in bytes */
	const char *const *choices; /* PARAMETER_CHOICE: ends with NULL, the first is the default */
	enum resolve resolve;       /* PARAMETER_CHOICE */
	const char *fact;           /* RESOLVE_NARROWEST */
};

struct needs {
	int cpus;                      /* at least */
	uint64_t memory;               /* bytes in addition to the agent's own */
	const char *memory_parameter;  /* or the parameter with the number of bytes */
	const char *scratch_parameter; /* the parameter with the scratch bytes; NULL: none */
	const char *cold_cache;        /* the parameter that, when "on", needs a cold host cache */
	bool peer, fork;
	bool kvm; /* /dev/kvm, in the environment */
};

/* Rows of `metrics`: a rate; a time in us from the histogram (percentile 0: its mean). */
#define RATE(name, unit)                                                                           \
	{                                                                                          \
		name, unit, BETTER_HIGHER, .kind = METRIC_RATE                                     \
	}
#define TIME_US(name, histogram, percentile)                                                       \
	{                                                                                          \
		name, "us", BETTER_LOWER, METRIC_TIME, histogram, percentile,                      \
			.per_operation = true                                                      \
	}
#define LATENCY                                                                                    \
	TIME_US("mean", "latency", 0), TIME_US("p50", "latency", 0.5),                             \
		TIME_US("p99", "latency", 0.99)
#define WORKLOAD_HISTOGRAMS 3 /* maximum per workload */

struct trial;

struct workload {
	const char *name; /* "disk.randomrw" */
	int version;      /* increased whenever the work changes, because values are then not
			   * comparable */
	enum panel panel;
	const char *summary;    /* one line */
	const char *operation;  /* what trial->operations counts: "one system call" */
	const char *stands_for; /* the published workload that it stands for, with the source */
	const struct metric *metrics;       /* ends with an empty name; the first is the headline */
	const struct parameter *parameters; /* ends with an empty name; NULL: none */
	const char *sweep;  /* the parameter along which a curve is drawn; NULL: none */
	bool sweep_of_peak; /* it is in percent of the headline, which the same trial measures */
	struct needs needs;
	size_t state_bytes; /* of trial->state; 0: none */

	/* All return 0 or a negative errno with the reason in `err`. Required unless marked. */
	int (*prepare)(struct trial *trial, struct error *err); /* optional */
	int (*run)(struct trial *trial, struct error *err);
	int (*verify)(struct trial *trial, struct error *err);
	void (*cleanup)(struct trial *trial);                  /* optional; after prepare, always */
	int (*serve)(struct trial *trial, struct error *err);  /* needs.peer only */
	int (*finish)(struct trial *trial, struct error *err); /* needs.peer only; ends serve */
	/* Optional, for servers that take long to start: ends the trial and keeps the server for
	 * the next one. Sets operations to the number served since the last call. */
	int (*served)(struct trial *trial, struct error *err);
};

/* The pointer table; ends with NULL (registry.c). */
extern const struct workload *const workloads[];

/* One trial, for the workload. Created by the agent. */
struct trial {
	const struct workload *workload;
	json_t *parameters; /* every parameter, resolved and checked */
	uint64_t seed;
	const int *cpus; /* the CPU set of the trial, inherited by the workload's threads */
	int cpu_count;
	const char *scratch; /* directory for files, on the file system under test */
	const char *peer;    /* role load: the server's address; otherwise NULL */
	uint16_t port;       /* role serve: set by serve(); role load: the server's */
	/* The workload's state: state_bytes of zeros before prepare, freed after cleanup. In role
	 * serve: set by serve() and freed by finish(). */
	void *state;

	/* set by run */
	double operations; /* the divisor of CPU time and counters */
	json_t *values;    /* metric -> number, by trial_value */
	/* The histograms that the metrics name, in order of first use; empty before run. NULL in
	 * role serve. */
	struct histogram *histograms[WORKLOAD_HISTOGRAMS];
	json_t *notes; /* what was really used: engine, page size, vector instructions; by
			* trial_note */

	/* the agent's own */
	uint64_t start, deadline;        /* CLOCK_MONOTONIC ns */
	const atomic_bool *finished;     /* set when the harness ends the trial; NULL: it cannot */
	double slow;                     /* share of slices to spin: `--set slow=3%` is 0.03 */
	uint64_t slice_start, slice_cpu; /* start of the work not yet slowed, ns; 0: none */
	long slice_waits;
};

/* Call it between slices of work (each 10 us to 10 ms): true until the deadline. If the trial is
 * slowed, it spins every 5 ms and at the end for the given share of the time that the work took:
 * its CPU time, or the wall time if it slept. Only for one thread. */
bool trial_continue(struct trial *trial);
/* Likewise for a workload that has just read the clock (once per operation instead of three times):
 * *now is that time, and after the spin the start of the next operation. */
bool trial_continue_at(struct trial *trial, uint64_t *now);
/* Seconds since run() began. */
double trial_elapsed(const struct trial *trial);

int64_t trial_integer(const struct trial *trial, const char *parameter);
double trial_real(const struct trial *trial, const char *parameter);
const char *trial_choice(const struct trial *trial, const char *parameter);

/* A metric that the session computes for workloads that list it: operations per second of CPU time,
 * user and system, of the workload and its children. */
#define PER_CPU_SECOND "per_cpu_second"

void trial_value(struct trial *trial, const char *metric, double value);
void trial_note(struct trial *trial, const char *key, const char *value);
