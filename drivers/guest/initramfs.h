/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes an initramfs: an uncompressed cpio archive in the "newc" format, see the kernel's
 * Documentation/driver-api/early-userspace/buffer-format.rst. Everything belongs to root and times
 * are zero, so the same content gives the same bytes. */
#pragma once

#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"

struct initramfs;

/* Creates (or overwrites) the file `path`. */
int initramfs_create(const char *path, struct initramfs **archive, struct error *err);

/* Names have no leading slash; parent directories must be added first. */
int initramfs_add_directory(struct initramfs *archive, const char *name, struct error *err);
int initramfs_add_data(struct initramfs *archive, const char *name, mode_t permissions,
		       const void *data, size_t length, struct error *err);
int initramfs_add_file(struct initramfs *archive, const char *name, mode_t permissions,
		       const char *source, struct error *err);

/* Ends the archive, which is invalid without this. Frees `archive` in any case. */
int initramfs_finish(struct initramfs *archive, struct error *err);
/* Frees without finishing. NULL is legal. */
void initramfs_destroy(struct initramfs *archive);
