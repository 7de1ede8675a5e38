/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds a kernel for the guest: one that was named, else the host's own where its image and its
 * modules can be read, else Debian's or Ubuntu's, which is downloaded (27 MB and more) into a cache
 * and unpacked there.
 * It is never installed: that would change the boot menu of the host.
 *
 * The cache is $XDG_CACHE_HOME/tare, else /var/cache/tare as root, else ~/.cache/tare.
 */
#ifndef TARE_GUEST_KERNEL_H
#define TARE_GUEST_KERNEL_H

#include <limits.h>
#include <stdbool.h>

#include "base/error.h"

struct guest_kernel {
	char image[PATH_MAX];
	char modules[PATH_MAX]; /* its /lib/modules/VERSION; "": all it needs is built in */
	char version[128];      /* "6.1.0-56-cloud-amd64" */
	char source[320];       /* for the reader: "the host's own", "Debian's package ..." */
	char sha256[65];        /* of the image */
};

/*
 * `path`: an image to be used, or NULL; `modules`: the directory of its modules, or NULL: its own
 * directory, [../][usr/]lib/modules/VERSION from there, /lib/modules/VERSION; VERSION is the one
 * that stands in the image, else in its name. `full`: with drivers for old devices (IDE, e1000),
 * which Debian's cloud kernel lacks. `download`: may fetch what the cache lacks; else -ENOENT with
 * the command that does. -ENOTSUP where there is nothing to fetch it with.
 */
int guest_kernel_find(const char *path, const char *modules, bool full, bool download,
		      struct guest_kernel *kernel, struct error *err);

#endif
