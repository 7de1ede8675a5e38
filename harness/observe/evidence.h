/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What happened around a trial that was not the trial: steal, involuntary switches, waiting for
 * a CPU, pressure (PSI), interrupts, throttling, frequency, page cache and swap, and the bytes
 * that really reached the device. Read from /proc, /sys and the cgroup by files that stay open.
 *
 * One reader per instance: create once after start, then for each trial begin, end, result.
 * begin and end only copy the files' text (one pread each); all parsing is in result, after
 * the trial. Call them from the harness's CPUs. Host-wide numbers include what others did.
 */
#ifndef TARE_EVIDENCE_H
#define TARE_EVIDENCE_H

#include <jansson.h>

#include "drivers/driver.h"

struct evidence;

struct evidence_site {
	const char *root;        /* "": this host; see host.h */
	const char *scratch_dir; /* on the host; its device's bytes are counted. NULL: none */
	const int *trial_cpus;   /* whose steal counts against a trial */
	int trial_cpu_count;
};

/* Never fails for a missing file: that fact is then "n/a (reason)". */
int evidence_create(const struct evidence_site *site, const struct target *target,
		    struct evidence **evidence, struct error *err);
void evidence_destroy(struct evidence *evidence); /* NULL is legal */

void evidence_begin(struct evidence *evidence);
void evidence_end(struct evidence *evidence);

/* What the trial claims, to be compared with the evidence. */
struct evidence_claim {
	double seconds; /* its length, outside */
	double read_bytes,
		written_bytes; /* that it claims to have moved on scratch; 0: makes no claim */
	double cpu_seconds; /* of all that serves the instance (driver's stats); negative: unknown
			     */
	double switches;    /* involuntary, from the agent's usage; negative: unknown */
};

/* The record's "evidence" object (a new reference). Names of flags are appended to the array
 * `flags`, and why is in evidence.reasons: {"steal": "0.012 s stolen of 0.3 s"}. Flags: "steal",
 * "throttled", "preempted", "pressure", "swap", "cache answered", "frequency". */
json_t *evidence_result(struct evidence *evidence, const struct evidence_claim *claim,
			json_t *flags);

/* CPU seconds between begin and end on all CPUs of the host, user, system and interrupts, of
 * everybody; the caller subtracts what the load generator used. NaN if unknown. */
double evidence_host_cpu(const struct evidence *evidence);

#endif
