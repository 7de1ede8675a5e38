/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The block device that a directory's file system is on. */
#pragma once

#include <stdbool.h>

struct evidence_device {
	char name[64];    /* "vda", "nvme0n1p2"; "" if there is none */
	char path[96];    /* path of its statistics: "/sys/dev/block/254:0/stat" */
	char reason[160]; /* why there is none: "tmpfs has no block device" */
};

/* `root` is prepended to /proc and /sys, as in host.h; `directory` is on this host. */
bool evidence_device_find(const char *root, const char *directory, struct evidence_device *device);

/* Likewise from a device number and the text of /proc/self/mountinfo. */
bool evidence_device_of(const char *root, unsigned major, unsigned minor, const char *mountinfo,
			struct evidence_device *device);
