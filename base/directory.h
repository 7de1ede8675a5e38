/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A directory that was opened once; everything below it is accessed by descriptor, because its
 * owner may replace entries at any time. Names are single components, links are never followed,
 * only regular files are opened, and nothing leads out of the directory or across a mount (openat2,
 * Linux 5.6; on older kernels O_NOFOLLOW and fstat, which is enough for single components). */
#pragma once

#include <sys/types.h>

#include "base/error.h"

#define NOBODY_ELSE ((uid_t)-1)

struct directory {
	int fd;
	char *path; /* as named: for messages, and for programs that need a path */
	/* Owner of files created below; uid NOBODY_ELSE: whoever creates them. */
	uid_t uid;
	gid_t gid;
};

/* Opens `path`, following links: the caller is trusted. */
int directory_open(const char *path, struct directory *directory, struct error *err);
/* The path that the opened directory has now; the caller frees. NULL, with errno: it has none. */
char *directory_real_path(const struct directory *directory);
/* Closes it; legal after a failed open, and on a zeroed one with fd = -1. */
void directory_close(struct directory *directory);
#define DIRECTORY_CLOSED ((struct directory){.fd = -1, .uid = NOBODY_ELSE})
#define cleanup_directory __attribute__((cleanup(directory_close)))

/* Opens the directory `name` below `parent`, creating it with mode 0700 if necessary. -ENOTDIR,
 * -ELOOP: something else is there. */
int directory_below(const struct directory *parent, const char *name, struct directory *below,
		    struct error *err);

/* Creates the directory `name` below `parent`, with that mode whatever the umask. -EEXIST:
 * something is there; -EACCES: it was replaced while it was being created. */
int directory_make(const struct directory *parent, const char *name, mode_t mode,
		   struct directory *made, struct error *err);

/* Opens a regular file for reading; the caller closes the descriptor. -ENOENT; -EINVAL: not a
 * regular file; -ELOOP: a link. */
int directory_open_file(const struct directory *directory, const char *name, struct error *err);
/* Reads a regular file of at most `limit` bytes, like file_read. */
int directory_read(const struct directory *directory, const char *name, size_t limit, char **text,
		   size_t *length, struct error *err);
/* Replaces `name` atomically: writes a new file with mode 0600, flushes it to disk, and renames it.
 * Whatever was there is not opened. */
int directory_replace(const struct directory *directory, const char *name, const void *bytes,
		      size_t length, struct error *err);
/* Removes a file or link. */
void directory_remove(const struct directory *directory, const char *name);
