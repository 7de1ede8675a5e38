/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A kernel module as distributions ship it: plain (.ko), in xz (.ko.xz) or in zstd (.ko.zst). */
#ifndef TARE_GUEST_MODULE_FILE_H
#define TARE_GUEST_MODULE_FILE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

#define MODULE_BYTES_MAX (64u << 20) /* unpacked */

/* The file of a module under its name without compression ("DIR/virtio.ko"): as it is, or with one
 * of the suffixes behind it. False: there is none. */
bool module_file_find(const char *plain, char path[PATH_MAX]);

/* "virtio.ko.xz" -> the length of "virtio.ko"; of what is no module, all of it. */
size_t module_file_plain_length(const char *name, size_t length);

/* Reads a module, unpacked; the caller frees *data, behind which stands a zero that *size does not
 * count. -EINVAL: it is damaged; -EFBIG: unpacked, it has more than MODULE_BYTES_MAX. */
int module_file_read(const char *path, char **data, size_t *size, struct error *err);

#endif
