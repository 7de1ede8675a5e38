/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A directory that was opened once, and what lies below it by descriptor. Whoever owns it may
 * exchange its entries at any time: names are single components, links are never followed, only
 * regular files are opened, nothing leads out of the directory or over a mount (openat2, Linux 5.6;
 * on older kernels O_NOFOLLOW and fstat, which is enough for single components).
 */
#ifndef TARE_DIRECTORY_H
#define TARE_DIRECTORY_H

#include <sys/types.h>

#include "base/error.h"

#define NOBODY_ELSE ((uid_t)-1)

struct directory {
	int fd;
	char *path; /* as it was named: for messages, and for programs that are given a path */
	/* Who gets the files that are made below; uid NOBODY_ELSE: they stay their maker's. */
	uid_t uid;
	gid_t gid;
};

/* Opens `path`, in which links are followed: it is the caller's word. */
int directory_open(const char *path, struct directory *directory, struct error *err);
/* Where what was opened is by now; the caller frees. NULL, with errno: nowhere. */
char *directory_real_path(const struct directory *directory);
/* Closes it; legal after a failed open and on one that is zeroed but for fd = -1. */
void directory_close(struct directory *directory);
#define DIRECTORY_CLOSED ((struct directory){.fd = -1, .uid = NOBODY_ELSE})
#define cleanup_directory __attribute__((cleanup(directory_close)))

/* The directory `name` below `parent`, made with mode 0700 where it is not there. -ENOTDIR, -ELOOP
 * where something else is. */
int directory_below(const struct directory *parent, const char *name, struct directory *below,
		    struct error *err);

/* A new directory `name` below `parent`, of that mode whatever the umask, and its maker's. -EEXIST
 * where something is there; -EACCES: another was put in its place while it was made. */
int directory_make(const struct directory *parent, const char *name, mode_t mode,
		   struct directory *made, struct error *err);

/* A regular file to read; the descriptor is the caller's. -ENOENT; -EINVAL: no regular file;
 * -ELOOP: a link. */
int directory_open_file(const struct directory *directory, const char *name, struct error *err);
/* All of a regular file of at most `limit` bytes, as file_read does it. */
int directory_read(const struct directory *directory, const char *name, size_t limit, char **text,
		   size_t *length, struct error *err);
/* Replaces `name` in one step: a new file, flushed to disk, then renamed. Mode 0600. What was
 * there is not opened, whatever it was. */
int directory_replace(const struct directory *directory, const char *name, const void *bytes,
		      size_t length, struct error *err);
/* Removes a file or link of that name. */
void directory_remove(const struct directory *directory, const char *name);

#endif
