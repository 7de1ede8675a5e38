/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Control groups of the host, version 1, 2 or both mounted side by side (hybrid). */
#ifndef TARE_CGROUP_H
#define TARE_CGROUP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

#define CGROUP_MOUNTS_MAX 24

enum cgroup_mode { CGROUP_NONE, CGROUP_V1, CGROUP_V2, CGROUP_HYBRID };

struct cgroup_mount {
	char path[128];    /* mount point */
	char options[128]; /* of the hierarchy: the controllers of version 1 stand here */
	bool v2;
};

struct cgroups {
	enum cgroup_mode mode;
	struct cgroup_mount mounts[CGROUP_MOUNTS_MAX];
	int count;
};

/* From `mounts` ("/proc/self/mounts", or a test's copy of one). Version 2 counts wherever it is
 * mounted; one mounted twice counts once. */
int cgroups_read(const char *mounts, struct cgroups *cgroups, struct error *err);
const char *cgroup_mode_name(enum cgroup_mode mode); /* "hybrid (v1 with v2 beside it)" */

/* Why runtimes, which look in /sys/fs/cgroup and nowhere else, can make no groups here; NULL: they
 * can. With the command. */
const char *cgroup_obstacle(const struct cgroups *cgroups);

/* The mount point of a version 1 controller, or of version 2 where it serves it; NULL: none. */
const struct cgroup_mount *cgroup_of(const struct cgroups *cgroups, const char *controller);

/* CPU seconds of the group at `path` ("/tare-..."); -1 if unknown. */
double cgroup_cpu(const struct cgroups *cgroups, const char *path);

/* Moves a process to where the calling process is, in every hierarchy. */
int cgroup_move_here(const struct cgroups *cgroups, int pid, struct error *err);

#endif
