/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which CPUs run the trials and which the harness, and how much memory and scratch space each
 * environment gets. Chosen once per run, the same for every environment.
 *
 * There are max(1, min(2, cores - 1)) trial CPUs, one per core, if possible on one memory node with
 * one last-level cache, but not on the first core, where most interrupts go. The others are for the
 * harness, samplers and load generators; hyperthreads of a trial CPU's core stay idle if other
 * cores are left. Only CPUs that this process may use count.
 *
 * On a host with several memory nodes, a trial's memory comes only from the node of its CPUs;
 * otherwise the distance of the memory would depend on the luck of a start.
 */
#pragma once

#include <hwloc.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct placement {
	int *trial_cpus, trial_cpu_count; /* host numbering, rising */
	int *other_cpus, other_cpu_count; /* never empty: with one CPU, the trial's */
	bool shared;     /* there is only one CPU: the harness disturbs the trial */
	int memory_node; /* of the trial CPUs; -1: the host has one node, or they have several */
	uint64_t memory_bytes;  /* 2 GiB, on large machines 4; at most a quarter of the host's
				 * memory and half of that node's */
	uint64_t node_bytes;    /* total memory of that node */
	uint64_t scratch_bytes; /* of each environment: 1 GiB, on large machines 5 */
	uint64_t scratch_free;  /* on the file system under test; 0: not checked */
};

/* `scratch_dir` is on the file system under test; NULL: its space is not checked. */
int placement_init(struct placement *placement, const char *scratch_dir, struct error *err);
void placement_finish(struct placement *placement);

/* Limits each of `environments` to its share of the scratch space. -ENOSPC if that is too little
 * for a file system in a guest. */
int placement_share_scratch(struct placement *placement, int environments, struct error *err);

/* Only the CPUs, from a loaded topology (in tests that of any machine). */
int placement_choose(struct placement *placement, hwloc_topology_t topology, struct error *err);

/* run.json's "placement". A new reference. */
json_t *placement_json(const struct placement *placement);

/* Moves the calling thread, and what it starts, to these CPUs. */
int placement_pin(const int *cpus, int count, struct error *err);
