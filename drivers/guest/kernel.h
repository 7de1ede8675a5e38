/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds a kernel for the guest: one that was named, else the host's own if its image and modules
 * can be read, else Debian's or Ubuntu's, which is downloaded (27 MB or more) to a cache and
 * unpacked there. It is never installed, which would change the host's boot menu.
 *
 * The cache is /var/cache/tare for root, otherwise $XDG_CACHE_HOME/tare or ~/.cache/tare.
 */
#pragma once

#include <limits.h>
#include <stdbool.h>

#include "base/error.h"

struct guest_kernel {
	char image[PATH_MAX];
	char modules[PATH_MAX]; /* its /lib/modules/VERSION; "" if everything needed is built in */
	char version[128];      /* "6.1.0-56-cloud-amd64" */
	char source[320];       /* for people: "the host's own", "Debian's package ..." */
	char sha256[65];        /* of the image */
};

/* `path`: the image to use, or NULL. `modules`: the directory of its modules, or NULL: the image's
 * directory, [../][usr/]lib/modules/VERSION from there, or /lib/modules/VERSION; VERSION is in the
 * image, else in its name. `full`: with drivers for old devices (IDE, e1000), which Debian's cloud
 * kernel lacks. `download`: may download what the cache lacks; otherwise -ENOENT with the command
 * that does. -ENOTSUP if there is no program to download it with. */
int guest_kernel_find(const char *path, const char *modules, bool full, bool download,
		      struct guest_kernel *kernel, struct error *err);
