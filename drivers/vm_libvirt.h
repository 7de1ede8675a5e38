/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * libvirt embedded in this process ("qemu:///embed"): no daemon, and all state below one directory.
 * How it works:
 *
 * - An event loop thread, for the whole process: libvirt reads QEMU's monitor in it.
 * - This process is the reaper of orphans (PR_SET_CHILD_SUBREAPER): QEMU is daemonised, and libvirt
 *   waits for it to vanish; if PID 1 is slow to reap it each stop would take seconds. While a
 *   domain is created or destroyed a thread reaps dead QEMUs; it touches no other child.
 * - Each domain is created by a thread of its own, which leaves with its namespaces: a private
 *   mount namespace, in which the scratch directory is bound to a place that QEMU's user can reach
 *   and /dev holds only what QEMU needs, and network namespace H, in which the tap is.
 */
#pragma once

#include <libvirt/libvirt.h>
#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"

/* The unprivileged user for QEMU. -ENOENT with the package to install. */
int vm_user(char name[64], uid_t *uid, gid_t *gid, struct error *err);

/* The URI of an embedded libvirt with all its state below `root`, which may contain any byte. */
void vm_embedded_uri(const char *root, char *uri, size_t size);

struct vm_creation {
	const char *uri, *xml;
	const char *root;                /* of embedded libvirt; NULL: `uri` is another */
	const char *bind_from, *bind_to; /* directories; NULL: none */
	const char *console; /* with `root`: the one file of a directory, of this user; */
	uid_t uid;           /* its directory's file system holds OUTPUT_LIMIT bytes */
	gid_t gid;
	bool kvm;                 /* QEMU may use /dev/kvm */
	int namespace_fd;         /* network namespace; -1: the caller's */
	virConnectPtr connection; /* result, even after a failure: NULL, or to be closed */
	virDomainPtr domain;      /* result */
	int console_fd;           /* result: to read it by; 0: none */
	int log_fd; /* result: the directory of QEMU's own output, which holds OUTPUT_LIMIT bytes;
		       0: none */
};

/* Gives the calling thread a private mount namespace, whose /dev has only what QEMU needs; `root`
 * is a directory for setting it up (vm_mounts.c). */
int vm_enter_mounts(const char *root, bool kvm, struct error *err);

/* In that mount namespace: a file system of OUTPUT_LIMIT bytes on the directory of `path`, with
 * that file alone; *fd reads it from everywhere. */
int vm_mount_console(const char *path, uid_t uid, gid_t gid, int *fd, struct error *err);

/* There too: such a file system on the directory of embedded libvirt's logs; *fd is open on it. */
int vm_mount_log(const char *root, int *fd, struct error *err);
/* Whether QEMU's output was cut off. */
bool vm_log_is_full(int fd);

/* Prepares `root`, connects, creates the domain. */
int vm_create(struct vm_creation *creation, struct error *err);
/* Destroys the domain and releases it; 0 also for one that has already exited. */
int vm_destroy(virDomainPtr domain, struct error *err);
