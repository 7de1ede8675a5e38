/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The journal of resources: everything that a run makes on the host stands here before it is
 * made, and is struck out after it is gone; of a directory its inode is added once it is made, and
 * only that inode is removed. One file a run, <registry>/<run id>.jsonl, appended
 * and flushed; the registry is /var/lib/tare as root, $XDG_STATE_HOME/tare else, and vanishes
 * with its last run. `tare clean`, and the next run, remove what a dead run left: exactly that.
 *
 * A run is dead when nobody holds the lock (flock) on its file. What a reboot has removed by
 * itself counts as removed. Processes are known by pid AND start time, never by pid alone.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "base/directory.h"
#include "base/error.h"

enum resource_kind {
	RESOURCE_DIRECTORY, /* name: path; removed with all below it, crossing no mount */
	RESOURCE_FILE,      /* name: path */
	RESOURCE_MOUNT,     /* name: mount point */
	RESOURCE_CGROUP,  /* name: path of the directory in the cgroup tree; its processes first */
	RESOURCE_NETNS,   /* name: as `ip netns` shows it; the links in it go with it */
	RESOURCE_LINK,    /* name: a link in the initial namespace */
	RESOURCE_PROCESS, /* name: "pid:starttime" */
	RESOURCE_DOMAIN,  /* name: libvirt URI, a space, UUID */
	RESOURCE_CONTAINER, /* name: runtime, state root, id, separated by spaces */
};

struct resources; /* opaque: an open journal, locked */

/* A run's id names files, mounts, links and directories that are removed with all below them:
 * letters, digits, dots, hyphens and underscores, the first one a letter or digit. */
bool run_id_valid(const char *run_id);

/* Opens (creates, locks) the journal of a run. -EINVAL: no run id. -EBUSY with the other's pid and
 * run id where a live run holds the host lock: two runs at once would measure each other. */
int resources_open(const char *run_id, struct resources **res, struct error *err);
/* Closes it; the file goes when nothing is left in it. NULL is legal. Thread-safe below. */
void resources_close(struct resources *res);

int resources_add(struct resources *res, enum resource_kind kind, const char *name,
		  struct error *err);
int resources_add_process(struct resources *res, pid_t pid, struct error *err);
/* The directory `name`, which stands in the journal, has been made, and `fd` is open on it. */
int resources_made(struct resources *res, const char *name, int fd, struct error *err);
/* directory_make (base/directory.h), entered before. What was there already is not ours: it is
 * kept, and an error. */
int resources_make_directory(struct resources *res, const struct directory *parent,
			     const char *name, mode_t mode, struct directory *made,
			     struct error *err);
/* It is gone, removed by its maker. */
void resources_drop(struct resources *res, enum resource_kind kind, const char *name);
void resources_drop_process(struct resources *res, pid_t pid);

/* Removes one and strikes it out; it stays in the journal where that fails. */
int resources_remove(struct resources *res, enum resource_kind kind, const char *name,
		     struct error *err);
/* Removes everything still in the journal, newest first. */
int resources_remove_all(struct resources *res, struct error *err);

/* Removes what dead runs left. Each removal (or failure) is a line on `log` where it is not
 * NULL. *removed counts; continues after an error and returns the first. `dry_run` only reports. */
int resources_clean_dead(bool dry_run, FILE *log, int *removed, struct error *err);
