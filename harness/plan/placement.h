/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which CPUs run the trials, and which the harness; how much memory and scratch space each
 * environment gets. Chosen once a run, the same for every environment.
 *
 * T = max(1, min(2, cores - 1)) trial CPUs, one a core, of one memory node and one last-level
 * cache where it can be, and not the first core, which most interrupts go to. The rest is for
 * the harness, samplers and load generators; hyperthreads beside a trial CPU stay idle wherever
 * other cores are left, as they would share its core. Only CPUs that this process may use count.
 *
 * Where there are several memory nodes, what runs a trial gets its memory from the node of its
 * CPUs alone: else the luck of a start decides how far the memory is.
 */
#ifndef TARE_PLACEMENT_H
#define TARE_PLACEMENT_H

#include <hwloc.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct placement {
	int *trial_cpus, trial_cpu_count; /* host numbering, rising */
	int *other_cpus, other_cpu_count; /* never empty: with one CPU it is the trial's */
	bool shared;     /* there was only one CPU: the harness disturbs the trial */
	int memory_node; /* of the trial CPUs; -1: the host has one node, or they have several */
	uint64_t memory_bytes;  /* 2 GiB, on large machines 4; at most a quarter of the host's, and
				   half of that node's */
	uint64_t node_bytes;    /* all memory of that node */
	uint64_t scratch_bytes; /* of each environment: 1 GiB, on large machines 5 */
	uint64_t scratch_free;  /* on the file system under test; 0: not looked at */
};

/* `scratch_dir` is on the file system under test; NULL: its space is not looked at. */
int placement_init(struct placement *placement, const char *scratch_dir, struct error *err);
void placement_finish(struct placement *placement);

/* No more scratch space for each of `environments` than there is. -ENOSPC where that is too little
 * for a file system in a guest. */
int placement_share_scratch(struct placement *placement, int environments, struct error *err);

/* The CPUs alone, from a loaded topology (tests: any machine). */
int placement_choose(struct placement *placement, hwloc_topology_t topology, struct error *err);

/* run.json's "placement". A new reference. */
json_t *placement_json(const struct placement *placement);

/* Moves the calling thread (and what it starts) to these CPUs. */
int placement_pin(const int *cpus, int count, struct error *err);

#endif
