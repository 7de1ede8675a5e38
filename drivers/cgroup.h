/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The host's control groups: version 1, 2 or both side by side (hybrid). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

#define CGROUP_MOUNTS_MAX 24

enum cgroup_mode { CGROUP_NONE, CGROUP_V1, CGROUP_V2, CGROUP_HYBRID };

struct cgroup_mount {
	char path[128];    /* mount point */
	char options[128]; /* of the hierarchy, with the controllers of version 1 */
	bool v2;
};

struct cgroups {
	enum cgroup_mode mode;
	struct cgroup_mount mounts[CGROUP_MOUNTS_MAX];
	int count;
};

/* Reads `mounts` ("/proc/self/mounts", or a test's copy). Version 2 counts wherever it is mounted;
 * a hierarchy mounted twice counts once. */
int cgroups_read(const char *mounts, struct cgroups *cgroups, struct error *err);
const char *cgroup_mode_name(enum cgroup_mode mode); /* "hybrid (v1 with v2 beside it)" */

/* Why runtimes, which look only in /sys/fs/cgroup, cannot create groups here, with the command that
 * fixes it; NULL: they can. */
const char *cgroup_obstacle(const struct cgroups *cgroups);

/* The mount of a version 1 controller, or of version 2 if it has the controller; NULL: none. */
const struct cgroup_mount *cgroup_of(const struct cgroups *cgroups, const char *controller);

/* CPU seconds of the group at `path` ("/tare-..."); -1 if unknown. */
double cgroup_cpu(const struct cgroups *cgroups, const char *path);

/* Moves a process to the calling process's group in every hierarchy. */
int cgroup_move_here(const struct cgroups *cgroups, int pid, struct error *err);
