/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Facts about this host: run.json's "host". Reads only.
 *
 * `root` is prepended to each path of /proc, /sys and /etc: "" for this host; tests use a directory
 * with another host's recorded files. What is unknown is left out, or is "n/a (reason)"; nothing is
 * guessed.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"

/* All facts, as a new object: kernel, command_line, mitigations, vulnerabilities, governor, smt,
 * transparent_huge_pages, clock_source, microcode, cpu_model, cpus, caches, memory_bytes,
 * swap_bytes, cgroup, virtualized, hypervisor, recognised_by, distribution, versions... */
json_t *host_facts(const char *root);

/* The topology as hwloc's XML; the caller frees. */
int host_topology(char **xml, size_t *length, struct error *err);

struct hypervisor {
	bool present;       /* this host is a virtual machine */
	char name[64];      /* "KVM (Firecracker)", "VMware"; "" on bare metal */
	char evidence[160]; /* how it was recognised: "CPUID leaf 0x40000000 says KVMKVMKVM" */
};
void host_hypervisor(const char *root, struct hypervisor *hypervisor);

/* Versions of the programs and libraries used: {"qemu": "7.2.0", "runc": "1.1.5", ...}; null if it
 * is not installed. Runs each program once (limit 2 s each). A new reference. */
json_t *host_versions(void);
