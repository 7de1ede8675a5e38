/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The block device that a directory's file system is on. */
#ifndef TARE_EVIDENCE_DEVICE_H
#define TARE_EVIDENCE_DEVICE_H

#include <stdbool.h>

struct evidence_device {
	char name[64];    /* "vda", "nvme0n1p2"; "" where there is none */
	char path[96];    /* of its statistics: "/sys/dev/block/254:0/stat" */
	char reason[160]; /* why there is none: "tmpfs has no block device" */
};

/* `root` is before /proc and /sys, as in host.h; `directory` is of this host. */
bool evidence_device_find(const char *root, const char *directory, struct evidence_device *device);

/* The same from a device number and a text of /proc/self/mountinfo. */
bool evidence_device_of(const char *root, unsigned major, unsigned minor, const char *mountinfo,
			struct evidence_device *device);

#endif
