/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_FILE_H
#define TARE_FILE_H

#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

#include "base/error.h"

/* Reads a whole file of at most `limit` bytes; the caller frees *text, which ends in a zero
 * that *length (may be NULL) does not count. Works for /proc and /sys. -EFBIG beyond the limit. */
int file_read(const char *path, size_t limit, char **text, size_t *length, struct error *err);

/* The same for a descriptor, from where it stands; a negative errno. */
int file_read_open(int fd, size_t limit, char **text, size_t *length);
/* Writes all of it to a descriptor; a negative errno. */
int file_write_all(int fd, const void *bytes, size_t length);

/* The first line of a small file without its newline, into `line`; "" and a negative errno if
 * it cannot be read. */
int file_line(const char *path, char *line, size_t size);

/* Writes a file, new or existing (also in /proc, /sys and cgroups). */
int file_write(const char *path, const char *text, struct error *err);

/* Replaces `path` atomically: writes a new file beside it (mode 0600, less the umask), flushes
 * it, renames it. */
int file_replace(const char *path, const char *text, size_t length, struct error *err);

/* Copies a file to a new one of the given permissions (less the umask), within one file system by
 * reference where that can be done. -EEXIST where there is something at `to`. */
int file_copy(const char *from, const char *to, mode_t permissions, struct error *err);

/* Writes a directory's entries to disk: a new file survives a power loss only then. 0 or a
 * negative errno. */
int file_sync_directory(const char *path);

/* SHA-256 of a file as 64 hexadecimal digits and a zero. */
int file_sha256(const char *path, char hex[65], struct error *err);

#endif
