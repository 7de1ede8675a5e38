/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to evidence.h: the files that evidence.c copies around a trial and evidence_result.c
 * parses afterwards. */
#pragma once

#include <stddef.h>

#include "harness/observe/evidence_cpu.h"
#include "harness/observe/evidence_device.h"

enum source_kind {
	SOURCE_STAT,
	SOURCE_CPU,
	SOURCE_PSI_CPU,
	SOURCE_PSI_IO,
	SOURCE_PSI_MEMORY,
	SOURCE_VMSTAT,
	SOURCE_DEVICE,
	SOURCE_THROTTLE_USEC, /* cpu.stat of the target's cgroup, v2 */
	SOURCE_THROTTLE_NSEC, /* v1 */
	SOURCE_THREAD_WAIT,   /* from here on one per thread or CPU of the trial */
	SOURCE_THREAD_STATUS,
	SOURCE_THERMAL,
	SOURCE_FREQUENCY,
};

struct source {
	enum source_kind kind;
	int fd;   /* -1: unavailable, `code` says why */
	int code; /* negative errno of the open, or of the last read */
	char path[192];
	size_t size;   /* of each text */
	char *text[2]; /* at begin, at end */
};

struct evidence {
	char *root;
	struct source *sources;
	int source_count;
	enum cpu_source cpu_source;
	int *cpus, cpu_count;
	double highest_mhz; /* of all trials so far */
	struct evidence_device device;
};

/* The first source of a kind; NULL if there is none. */
const struct source *evidence_source(const struct evidence *evidence, enum source_kind kind);
