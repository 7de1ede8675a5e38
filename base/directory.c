/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/directory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"

int directory_open(const char *path, struct directory *directory, struct error *err)
{
	*directory = DIRECTORY_CLOSED;
	directory->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (directory->fd < 0)
		return error_errno(err, -errno, "opening the directory %s", path);
	directory->path = strdup(path);
	if (directory->path)
		return 0;
	directory_close(directory);
	return error_errno(err, -ENOMEM, "opening the directory %s", path);
}

char *directory_real_path(const struct directory *directory)
{
	char link[32];

	snprintf(link, sizeof(link), "/proc/self/fd/%d", directory->fd);
	return realpath(link, NULL);
}

void directory_close(struct directory *directory)
{
	if (directory->fd >= 0)
		close(directory->fd);
	free(directory->path);
	directory->fd = -1;
	directory->path = NULL;
}

static int open_below(int parent, const char *name, int flags)
{
	struct open_how how = {
		.flags = (uint64_t)(flags | O_NOFOLLOW | O_CLOEXEC),
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS |
			   RESOLVE_NO_XDEV,
	};
	int fd;

	if (!*name || strchr(name, '/') || !strcmp(name, ".") || !strcmp(name, "..")) {
		errno = EINVAL;
		return -1;
	}
	fd = (int)syscall(SYS_openat2, parent, name, &how, sizeof(how));
	if (fd < 0 &&
	    (errno == ENOSYS || errno == EPERM)) /* an old kernel, or a filter before it */
		fd = openat(parent, name, flags | O_NOFOLLOW | O_CLOEXEC);
	return fd;
}

static int give(const struct directory *directory, int fd)
{
	if (directory->uid == NOBODY_ELSE)
		return 0;
	return fchown(fd, directory->uid, directory->gid) ? -errno : 0;
}

int directory_below(const struct directory *parent, const char *name, struct directory *below,
		    struct error *err)
{
	int made = mkdirat(parent->fd, name, 0700), rc = 0;

	*below = DIRECTORY_CLOSED;
	if (made && errno != EEXIST)
		return error_errno(err, -errno, "creating %s/%s", parent->path, name);
	below->fd = open_below(parent->fd, name, O_RDONLY | O_DIRECTORY);
	if (below->fd < 0)
		return error_errno(err, -errno, "%s/%s is not a directory", parent->path, name);
	below->uid = parent->uid;
	below->gid = parent->gid;
	if (asprintf(&below->path, "%s/%s", parent->path, name) < 0) {
		below->path = NULL;
		rc = -ENOMEM;
	}
	if (!rc && !made)
		rc = give(parent, below->fd);
	if (rc)
		directory_close(below);
	return rc ? error_errno(err, rc, "creating %s/%s", parent->path, name) : 0;
}

/* Not by opendir: it needs another descriptor, and none may be free. Leaves fd at its start. */
static bool is_empty(int fd)
{
	_Alignas(struct dirent64) char entries[1024];
	ssize_t length, at;

	while ((length = getdents64(fd, entries, sizeof(entries))) > 0)
		for (at = 0; at < length; at += ((struct dirent64 *)(entries + at))->d_reclen) {
			const char *name = ((struct dirent64 *)(entries + at))->d_name;

			if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
				return false;
		}
	return !length && !lseek(fd, 0, SEEK_SET);
}

/* Between mkdir and open the parent's owner may have replaced it: it must look newly created. If it
 * were another directory of root's, its contents would be given away. */
static bool is_new(int fd)
{
	struct stat st;

	return !fstat(fd, &st) && st.st_uid == geteuid() && !(st.st_mode & 077) && is_empty(fd);
}

int directory_make(const struct directory *parent, const char *name, mode_t mode,
		   struct directory *made, struct error *err)
{
	/* a descriptor is reserved, so that what is created can be opened, too */
	int spare = fcntl(parent->fd, F_DUPFD_CLOEXEC, 0);
	int rc = spare < 0 || mkdirat(parent->fd, name, 0700) ? -errno : 0;

	*made = DIRECTORY_CLOSED;
	if (spare >= 0)
		close(spare);
	if (rc)
		return error_errno(err, rc, "creating %s/%s", parent->path, name);
	made->fd = open_below(parent->fd, name, O_RDONLY | O_DIRECTORY);
	if (made->fd < 0 || !is_new(made->fd)) {
		directory_close(made);
		return error_set(err, -EACCES, "%s/%s was replaced while it was being created",
				 parent->path, name);
	}
	if (asprintf(&made->path, "%s/%s", parent->path, name) < 0)
		made->path = NULL;
	if (made->path && !fchmod(made->fd, mode))
		return 0;
	rc = error_errno(err, made->path ? -errno : -ENOMEM, "creating %s/%s", parent->path, name);
	directory_close(made);
	return rc;
}

int directory_open_file(const struct directory *directory, const char *name, struct error *err)
{
	/* O_NONBLOCK: opening a FIFO would wait for its other end */
	int fd = open_below(directory->fd, name, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	struct stat st;

	if (fd < 0)
		return error_errno(err, -errno, "opening %s/%s%s", directory->path, name,
				   errno == ELOOP ? ", which is a link" : "");
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return fd;
	close(fd);
	return error_set(err, -EINVAL, "%s/%s is not a regular file", directory->path, name);
}

int directory_read(const struct directory *directory, const char *name, size_t limit, char **text,
		   size_t *length, struct error *err)
{
	cleanup_close int fd = directory_open_file(directory, name, err);
	int rc;

	*text = NULL;
	if (fd < 0)
		return fd;
	rc = file_read_open(fd, limit, text, length);
	if (rc == -EFBIG)
		return error_set(err, rc, "%s/%s is larger than %zu bytes", directory->path, name,
				 limit);
	return rc ? error_errno(err, rc, "reading %s/%s", directory->path, name) : 0;
}

static int write_new(const struct directory *directory, const char *name, const void *bytes,
		     size_t length)
{
	cleanup_close int fd = openat(directory->fd, name,
				      O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	int rc;

	if (fd < 0)
		return -errno;
	rc = file_write_all(fd, bytes, length);
	rc = rc ?: give(directory, fd);
	return !rc && fsync(fd) ? -errno : rc;
}

int directory_replace(const struct directory *directory, const char *name, const void *bytes,
		      size_t length, struct error *err)
{
	cleanup_free char *beside = NULL;
	int rc;

	if (asprintf(&beside, "%s.new", name) < 0)
		return error_errno(err, -ENOMEM, "writing %s/%s", directory->path, name);
	unlinkat(directory->fd, beside, 0);
	rc = write_new(directory, beside, bytes, length);
	if (!rc && renameat(directory->fd, beside, directory->fd, name))
		rc = -errno;
	if (!rc)
		return 0;
	unlinkat(directory->fd, beside, 0);
	return error_errno(err, rc, "writing %s/%s", directory->path, name);
}

void directory_remove(const struct directory *directory, const char *name)
{
	unlinkat(directory->fd, name, 0);
}
