/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A kernel module as distributions ship it: uncompressed (.ko), or compressed with xz (.ko.xz) or
 * zstd (.ko.zst). */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

#define MODULE_BYTES_MAX (64u << 20) /* unpacked */

/* Finds the file of a module by its uncompressed name ("DIR/virtio.ko"), with or without a suffix.
 * False: there is none. */
bool module_file_find(const char *plain, char path[PATH_MAX]);

/* "virtio.ko.xz" -> the length of "virtio.ko"; for anything else the whole length. */
size_t module_file_plain_length(const char *name, size_t length);

/* Reads and decompresses a module; the caller frees *data, which is followed by a NUL that *size
 * excludes. -EINVAL: it is damaged; -EFBIG: decompressed, it exceeds MODULE_BYTES_MAX. */
int module_file_read(const char *path, char **data, size_t *size, struct error *err);
