/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What may have disturbed a trial: steal, involuntary switches, waiting for a CPU, pressure (PSI),
 * interrupts, throttling, frequency, page cache and swap, and the bytes that really reached the
 * device. Read from files of /proc, /sys and the cgroup that stay open.
 *
 * One reader per instance: create it after the start, then call begin, end, result for each trial.
 * begin and end only copy the files' text (one pread each); result parses it, after the trial. Call
 * them from the harness's CPUs. Host-wide numbers include other processes.
 */
#pragma once

#include <jansson.h>

#include "drivers/driver.h"

struct evidence;

struct evidence_site {
	const char *root;        /* "": this host; see host.h */
	const char *scratch_dir; /* on the host; its device's bytes are counted. NULL: none */
	const int *trial_cpus;   /* whose steal counts against a trial */
	int trial_cpu_count;
};

/* Does not fail if a file is missing: that fact is then "n/a (reason)". */
int evidence_create(const struct evidence_site *site, const struct target *target,
		    struct evidence **evidence, struct error *err);
void evidence_destroy(struct evidence *evidence); /* NULL is legal */

void evidence_begin(struct evidence *evidence);
void evidence_end(struct evidence *evidence);

/* What the trial claims, for comparison with the evidence. */
struct evidence_claim {
	double seconds;                   /* its length by the host's clock */
	double read_bytes, written_bytes; /* bytes that it claims to have transferred on scratch; 0:
					   * no claim */
	double cpu_seconds; /* of everything that serves the instance (driver's stats); negative:
			     * unknown */
	double switches;    /* involuntary, from the agent's usage; negative: unknown */
};

/* The record's "evidence" object (a new reference). Names of flags are appended to the array
 * `flags`; evidence.reasons has the reasons: {"steal": "0.012 s stolen of 0.3 s"}. Flags: "steal",
 * "throttled", "preempted", "pressure", "swap", "cache answered", "frequency". */
json_t *evidence_result(struct evidence *evidence, const struct evidence_claim *claim,
			json_t *flags);

/* CPU seconds between begin and end of all processes on all CPUs of the host: user, system and
 * interrupts; the caller subtracts the load generator's. NaN if unknown. */
double evidence_host_cpu(const struct evidence *evidence);
