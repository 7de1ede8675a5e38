/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

#include "base/error.h"

/* Reads a whole file of at most `limit` bytes; the caller frees *text, which is NUL-terminated;
 * *length (may be NULL) excludes the NUL. Works for /proc and /sys. -EFBIG beyond the limit. */
int file_read(const char *path, size_t limit, char **text, size_t *length, struct error *err);

/* Likewise from a descriptor's current position; returns a negative errno. */
int file_read_open(int fd, size_t limit, char **text, size_t *length);
/* Writes everything to a descriptor; returns a negative errno. */
int file_write_all(int fd, const void *bytes, size_t length);

/* Reads the first line of a small file, without its newline; "" and a negative errno if it cannot
 * be read. */
int file_line(const char *path, char *line, size_t size);

/* Writes a file, new or existing (also in /proc, /sys and cgroups). */
int file_write(const char *path, const char *text, struct error *err);

/* Replaces `path` atomically: writes a new file in the same directory (mode 0600, less the umask),
 * flushes it, and renames it. */
int file_replace(const char *path, const char *text, size_t length, struct error *err);

/* Copies a file to a new one with the given mode (less the umask); shares blocks if the file system
 * can. -EEXIST: `to` exists. */
int file_copy(const char *from, const char *to, mode_t permissions, struct error *err);

/* Flushes a directory's entries to disk, without which a new file does not survive a power loss. 0
 * or a negative errno. */
int file_sync_directory(const char *path);

/* SHA-256 of a file as 64 hexadecimal digits and a zero. */
int file_sha256(const char *path, char hex[65], struct error *err);
