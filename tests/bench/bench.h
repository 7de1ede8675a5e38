/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `make bench`: our workloads against the well-known tool for the same job.
 *
 * A comparison is two jobs, ours and theirs, that alternate A B A B; one measurement of each is a
 * pair. A job names an arm (the adapter that knows how to run it: our agent, fio, iperf3 ...) and
 * what the arm is to do. The pairs of each comparison are stored in a file of their own, and the
 * table is made from these files alone.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"

/* Where and for how long: the same for both arms. */
struct place {
	const char *scratch, *agent, *programs; /* programs: directory of our own helpers */
	char trial_cpu[8], other_cpu[8];        /* as taskset wants them */
	int trial_cpu_number, other_cpu_number;
};

struct job {
	const struct arm *arm;
	const char *what;    /* a workload; fio's rw; a kernel of likwid; ... */
	const char *options; /* parameters as JSON; arguments with blanks between them; or NULL */
	const char *metric;  /* ours: a value, or HISTOGRAM:PERCENTILE (0: its mean) */
	double seconds;      /* of one measurement; 0: 1 */
};

/* One measurement in the comparison's unit. */
struct sample {
	double value;
	double p99; /* of the latency, ns; NaN: not told */
};

struct arm {
	const char *name; /* as the table says it */
	/* begin: starts servers, makes files; optional. It stores what it needs in *state, which
	 * `end` frees; end is called also where begin failed, and is required with it. */
	int (*begin)(const struct place *place, const struct job *job, void **state,
		     struct error *err);
	int (*measure)(const struct place *place, const struct job *job, void *state,
		       struct sample *sample, struct error *err);
	void (*end)(void *state);
};

/* What the 95 % interval of ours : theirs (performance: latencies turned round) must do. */
enum target {
	TARGET_AT_LEAST, /* its lower end is at least `bound` */
	TARGET_WITHIN,   /* it lies within 1 +- bound */
	TARGET_BELOW,    /* no peer: the upper end of our value is below `bound` */
	TARGET_NONE,     /* shown only */
};

struct comparison {
	const char *name; /* also the name of its file, with '_' for what no file name likes */
	const char *unit;
	bool lower_is_better;
	enum target target;
	double bound;
	struct job ours, theirs; /* theirs.arm NULL: no peer */
};

extern const struct comparison comparisons[]; /* ends with name NULL */

extern const struct arm arm_agent, arm_agent_start, arm_harness, arm_change, arm_environment,
	arm_histogram;
extern const struct arm arm_redis_ours, arm_redis, arm_web_ours, arm_nginx;
extern const struct arm arm_fio, arm_iperf3, arm_sockperf, arm_qperf, arm_likwid, arm_chase,
	arm_openblas, arm_perf, arm_cyclictest, arm_sysbench, arm_xz;

/* ---- running a peer ------------------------------------------------------------------------ */

/* Runs argv, pinned to `cpu`, to its end. The caller frees *output, also after an error. */
int run_pinned(const char *cpu, const char *const argv[], char **output, struct error *err);
/* Starts argv, pinned, in the background; it ends with us. */
int start_pinned(const char *cpu, const char *const argv[], pid_t *pid, struct error *err);
/* SIGTERM, and SIGKILL where that does not help within 2 s. 0 is no process. */
void stop_process(pid_t pid);
/* Waits until somebody listens on a TCP port of 127.0.0.1, or on a unix socket. */
int wait_for_port(int port, struct error *err);
int wait_for_socket(const char *path, struct error *err);
/* The number behind `mark` in `text`. -EBADMSG with the text's end where there is none. */
int number_after(const char *text, const char *mark, double *number, struct error *err);
/* Appends the words of `options` (cut in place) to argv, which has room for `room` with its NULL.
 */
void append_words(const char **argv, int room, char *options);

static inline double seconds_of_job(const struct job *job)
{
	return job->seconds > 0 ? job->seconds : 1;
}

/* ---- our agent ----------------------------------------------------------------------------- */

/* Prepares a workload as the bench's place has it and leaves it so: a server that others drive.
 * role: "run" or "serve". *port: of role serve. */
struct served;
int served_create(const struct place *place, const struct job *job, const char *role,
		  struct served **served, int *port, struct error *err);
void served_destroy(struct served *served);

/* ---- the table ----------------------------------------------------------------------------- */

/* Writes the table of all results in `directory` to directory/../table.md and to stdout. */
int table_write(const char *directory, struct error *err);
/* The file of a comparison's pairs. */
void result_path(const char *directory, const struct comparison *c, char *path, size_t size);
