/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/observe/evidence_device.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "harness/observe/procfs.h"

static bool statistics_of(const char *root, unsigned major, unsigned minor,
			  struct evidence_device *device)
{
	char link[PATH_MAX], target[PATH_MAX];
	const char *name;
	ssize_t n;

	snprintf(link, sizeof(link), "%s/sys/dev/block/%u:%u", root, major, minor);
	n = readlink(link, target, sizeof(target) - 1);
	if (n <= 0)
		return false;
	target[n] = 0;
	name = strrchr(target, '/');
	snprintf(device->name, sizeof(device->name), "%.63s", name ? name + 1 : target);
	snprintf(device->path, sizeof(device->path), "/sys/dev/block/%u:%u/stat", major, minor);
	return true;
}

/* "36 35 0:31 / /mnt rw - btrfs /dev/vdb1 rw": type and source of the mount of that number. */
static bool find_mount(const char *mountinfo, unsigned major, unsigned minor, char type[64],
		       char source[192])
{
	for (const char *line = mountinfo; line && *line; line = proc_next_line(line)) {
		const char *dash = strstr(line, " - ");
		unsigned a, b;

		if (sscanf(line, "%*d %*d %u:%u", &a, &b) != 2 || a != major || b != minor || !dash)
			continue;
		if (sscanf(dash + 3, "%63s %191s", type, source) == 2)
			return true;
	}
	return false;
}

bool evidence_device_of(const char *root, unsigned major, unsigned minor, const char *mountinfo,
			struct evidence_device *device)
{
	char type[64], source[192];
	struct stat st;

	*device = (struct evidence_device){0};
	if (major && statistics_of(root, major, minor, device))
		return true;
	/* btrfs reports anonymous device numbers; the mount table names the real device */
	if (!find_mount(mountinfo, major, minor, type, source))
		snprintf(device->reason, sizeof(device->reason), "no mount has device number %u:%u",
			 major, minor);
	else if (stat(source, &st) || !S_ISBLK(st.st_mode))
		snprintf(device->reason, sizeof(device->reason), "%s has no block device", type);
	else if (statistics_of(root, major(st.st_rdev), minor(st.st_rdev), device))
		return true;
	else
		snprintf(device->reason, sizeof(device->reason), "no statistics of %.100s", source);
	return false;
}

bool evidence_device_find(const char *root, const char *directory, struct evidence_device *device)
{
	cleanup_free char *mountinfo = proc_text(root, "/proc/self/mountinfo");
	struct stat st;

	*device = (struct evidence_device){0};
	if (!directory || stat(directory, &st)) {
		snprintf(device->reason, sizeof(device->reason), "no scratch directory: %s",
			 directory ? strerror(errno) : "none used");
		return false;
	}
	return evidence_device_of(root, major(st.st_dev), minor(st.st_dev),
				  mountinfo ? mountinfo : "", device);
}
