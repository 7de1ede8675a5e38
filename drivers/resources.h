/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The resource journal: everything that a run creates on the host is entered here before it is
 * created and struck out after it is gone; for a directory the inode is added once it exists, and
 * only that inode is removed. There is one file per run, <registry>/<run id>.jsonl, appended and
 * flushed; the registry is /var/lib/tare for root, otherwise $XDG_STATE_HOME/tare, and is removed
 * with its last run. `tare clean` and the next run remove exactly what a crashed run left.
 *
 * A run is dead when nobody holds the lock (flock) on its file. What a reboot has removed counts as
 * removed. Processes are identified by pid AND start time, never by pid alone.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "base/directory.h"
#include "base/error.h"

enum resource_kind {
	RESOURCE_DIRECTORY, /* name: path; removed with everything below, without crossing mounts */
	RESOURCE_FILE,      /* name: path */
	RESOURCE_MOUNT,     /* name: mount point */
	RESOURCE_CGROUP,    /* name: path of the directory in the cgroup tree; its processes are
			     * killed first */
	RESOURCE_NETNS,     /* name: as `ip netns` shows it; its links are removed with it */
	RESOURCE_LINK,      /* name: a link in the initial namespace */
	RESOURCE_PROCESS,   /* name: "pid:starttime" */
	RESOURCE_DOMAIN,    /* name: libvirt URI, a space, UUID */
	RESOURCE_CONTAINER, /* name: runtime, state root, id, separated by spaces */
};

struct resources; /* opaque: an open journal, locked */

/* A run's id is part of the names of files, mounts, links and directories that are removed with
 * everything below: letters, digits, dots, hyphens and underscores, starting with a letter or
 * digit. */
bool run_id_valid(const char *run_id);

/* Opens (creates, locks) the journal of a run. -EINVAL: invalid run id. -EBUSY, with the other's
 * pid and run id, if a live run holds the host lock: two runs would disturb each other. */
int resources_open(const char *run_id, struct resources **res, struct error *err);
/* Closes it and removes the file if no resource is left. NULL is legal. The functions below are
 * thread-safe. */
void resources_close(struct resources *res);

int resources_add(struct resources *res, enum resource_kind kind, const char *name,
		  struct error *err);
int resources_add_process(struct resources *res, pid_t pid, struct error *err);
/* The directory `name`, already in the journal, has been created, and `fd` is open on it. */
int resources_made(struct resources *res, const char *name, int fd, struct error *err);
/* directory_make (base/directory.h), after entering it. A directory that already exists is not
 * ours: it is kept, and an error. */
int resources_make_directory(struct resources *res, const struct directory *parent,
			     const char *name, mode_t mode, struct directory *made,
			     struct error *err);
/* Strikes out what its creator has removed. */
void resources_drop(struct resources *res, enum resource_kind kind, const char *name);
void resources_drop_process(struct resources *res, pid_t pid);

/* Removes one and strikes it out; on failure it stays in the journal. */
int resources_remove(struct resources *res, enum resource_kind kind, const char *name,
		     struct error *err);
/* Removes everything still in the journal, newest first. */
int resources_remove_all(struct resources *res, struct error *err);

/* Removes what dead runs left. Each removal (or failure) is a line on `log`, if not NULL. *removed
 * is the count. Continues after an error and returns the first. `dry_run` only reports. */
int resources_clean_dead(bool dry_run, FILE *log, int *removed, struct error *err);
