/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/cgroup.h"

#include <errno.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"

#define CGROUP_TOP "/sys/fs/cgroup"

int cgroups_read(const char *mounts, struct cgroups *cgroups, struct error *err)
{
	FILE *file = setmntent(mounts, "re");
	bool v1 = false, v2 = false;
	struct mntent entry;
	char line[8192];

	*cgroups = (struct cgroups){0};
	if (!file)
		return error_errno(err, -errno, "opening %s", mounts);
	while (getmntent_r(file, &entry, line, sizeof(line))) {
		struct cgroup_mount *mount = &cgroups->mounts[cgroups->count];

		if (strcmp(entry.mnt_type, "cgroup") && strcmp(entry.mnt_type, "cgroup2"))
			continue;
		if (cgroups->count == CGROUP_MOUNTS_MAX)
			break;
		if (v2 && !strcmp(entry.mnt_type, "cgroup2") &&
		    strncmp(entry.mnt_dir, CGROUP_TOP, strlen(CGROUP_TOP)) != 0)
			continue; /* the same tree again, as some container managers mount it */
		snprintf(mount->path, sizeof(mount->path), "%s", entry.mnt_dir);
		snprintf(mount->options, sizeof(mount->options), "%s", entry.mnt_opts);
		mount->v2 = !strcmp(entry.mnt_type, "cgroup2");
		v1 |= !mount->v2;
		v2 |= mount->v2;
		cgroups->count++;
	}
	endmntent(file);
	cgroups->mode = v1 && v2 ? CGROUP_HYBRID : v1 ? CGROUP_V1 : v2 ? CGROUP_V2 : CGROUP_NONE;
	return 0;
}

const char *cgroup_mode_name(enum cgroup_mode mode)
{
	static const char *const names[] = {"none", "v1", "v2", "hybrid (v1 with v2 beside it)"};

	return names[mode];
}

const char *cgroup_obstacle(const struct cgroups *cgroups)
{
	if (cgroups->mode == CGROUP_NONE)
		return "no cgroups are mounted (mount -t cgroup2 none " CGROUP_TOP ")";
	if (cgroups->mode == CGROUP_V2 && strcmp(cgroups->mounts[0].path, CGROUP_TOP) != 0)
		return "cgroups v2 are not mounted on " CGROUP_TOP
		       ", where runtimes look (mount -t cgroup2 none " CGROUP_TOP ")";
	return NULL;
}

static bool list_holds(const char *list, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = list; (at = strstr(at, word)); at += length)
		if ((at == list || strchr(", ", at[-1])) &&
		    (!at[length] || strchr(", \n", at[length])))
			return true;
	return false;
}

const struct cgroup_mount *cgroup_of(const struct cgroups *cgroups, const char *controller)
{
	const struct cgroup_mount *v2 = NULL;

	for (int i = 0; i < cgroups->count; i++) {
		if (cgroups->mounts[i].v2)
			v2 = &cgroups->mounts[i];
		else if (list_holds(cgroups->mounts[i].options, controller))
			return &cgroups->mounts[i];
	}
	return cgroups->mode == CGROUP_V2 ? v2 : NULL;
}

/* The number after `key` in a file of "key value" lines; negative: not found. */
static double keyed_value(const char *path, const char *key)
{
	cleanup_file FILE *file = fopen(path, "re");
	char name[64];
	double value;

	while (file && fscanf(file, "%63s %lf", name, &value) == 2)
		if (!strcmp(name, key))
			return value;
	return -1;
}

double cgroup_cpu(const struct cgroups *cgroups, const char *path)
{
	const struct cgroup_mount *account = cgroup_of(cgroups, "cpuacct");
	char file[512], line[64];
	double microseconds;

	if (!account)
		return -1;
	if (account->v2) {
		snprintf(file, sizeof(file), "%s%s/cpu.stat", account->path, path);
		microseconds = keyed_value(file, "usage_usec");
		return microseconds < 0 ? -1 : microseconds * 1e-6;
	}
	snprintf(file, sizeof(file), "%s%s/cpuacct.usage", account->path, path);
	if (file_line(file, line, sizeof(line)) || !*line)
		return -1;
	return strtod(line, NULL) * 1e-9;
}

/* Whether "ID:CONTROLLERS:PATH" of /proc/self/cgroup belongs to this hierarchy. */
static bool line_is_of(const char *controllers, const struct cgroup_mount *mount)
{
	char first[64];

	if (!*controllers || *controllers == ':')
		return mount->v2;
	snprintf(first, sizeof(first), "%.*s", (int)strcspn(controllers, ",:"), controllers);
	return !mount->v2 && list_holds(mount->options, first);
}

int cgroup_move_here(const struct cgroups *cgroups, int pid, struct error *err)
{
	cleanup_free char *text = NULL;
	char file[512], number[16], *rest;
	int rc = file_read("/proc/self/cgroup", 1u << 16, &text, NULL, err);

	if (rc)
		return rc;
	snprintf(number, sizeof(number), "%d", pid);
	rest = text;
	for (char *line = strsep(&rest, "\n"); line && !rc; line = strsep(&rest, "\n")) {
		char *controllers = strchr(line, ':');
		char *path = controllers ? strchr(controllers + 1, ':') : NULL;

		for (int i = 0; path && i < cgroups->count && !rc; i++) {
			const struct cgroup_mount *mount = &cgroups->mounts[i];

			if (!line_is_of(controllers + 1, mount))
				continue;
			snprintf(file, sizeof(file), "%s%s/cgroup.procs", mount->path, path + 1);
			rc = file_write(file, number, err);
		}
	}
	return rc;
}
