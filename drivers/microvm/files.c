/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/microvm/files.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "drivers/microvm/check.h"
#include "drivers/microvm/vmm.h"
#include "base/cleanup.h"

#define PATH_LIMIT 1024
#define GUEST_PROGRAM "/proc/self/exe"
#define GUEST_ROLLUP "/proc/self/smaps_rollup"
#define ROLLUP_BYTES 4096                /* a pipe holds it */
#define GUEST_PROGRAM_NAME "/tare-agent" /* what the link there reads as */
#define OPEN_ALLOWED                                                                               \
	(O_ACCMODE | O_CREAT | O_EXCL | O_TRUNC | O_APPEND | O_NONBLOCK | O_SYNC | O_DIRECT |      \
	 O_LARGEFILE | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NOATIME)
#define OPEN_CHANGES (O_CREAT | O_TRUNC | O_APPEND)

/* A process with another root directory that has a directory of the host open could leave its root
 * with "..". So a VMM that will change its root (as root can) holds a detached mount of that
 * directory instead. */
static int open_apart(const struct vmm *vmm, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat stat;

	if (fd < 0 || vmm->scratch < 0 || geteuid() != 0)
		return fd;
	if (fstat(fd, &stat) || S_ISDIR(stat.st_mode)) {
		close(fd);
		fd = (int)syscall(SYS_open_tree, AT_FDCWD, path,
				  OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	}
	return fd;
}

void files_open_specials(struct vmm *vmm, int program)
{
	static const char *const paths[] = {
		GUEST_ROLLUP, /* whether an array has huge pages */
		"/proc/cpuinfo",
		"/proc/meminfo",
		"/proc/self/status",
		"/proc/sys/vm/nr_hugepages",
		"/proc/sys/vm/overcommit_memory",
		"/proc/sys/kernel/randomize_va_space",
		"/sys/devices/system/clocksource/clocksource0",
		"/sys/devices/system/cpu/online",
		"/sys/devices/system/cpu/vulnerabilities",
		"/sys/kernel/mm/transparent_hugepage",
	};
	int count = 0;

	vmm->specials[count++] = (struct special){GUEST_PROGRAM, program, false};
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++)
		vmm->specials[count++] = (struct special){
			paths[i],
			open_apart(vmm, paths[i]),
			!strcmp(paths[i], GUEST_ROLLUP),
		};
}

/* What a path of the guest refers to: a name beneath a directory, or an open special file. */
struct location {
	struct descriptor *held; /* the guest's; must be put back */
	int directory;
	int file; /* a special file; -1: see `name` */
	bool read_only, addresses;
	const char *name; /* in `path` */
	char path[PATH_LIMIT];
};

static void leave(struct vcpu *vcpu, struct location *at)
{
	if (at->held)
		descriptors_put(&vcpu->vmm->descriptors, at->held);
}

/* The part of `path` beneath the directory `prefix`; NULL if it is not beneath it. */
static const char *beneath(const char *path, const char *prefix)
{
	size_t length = strlen(prefix);

	if (strncmp(path, prefix, length) || (path[length] && path[length] != '/'))
		return NULL;
	for (path += length; *path == '/'; path++)
		;
	return *path ? path : ".";
}

static long find_special(struct vmm *vmm, struct location *at)
{
	const struct special *special = vmm->specials;

	for (; special->path; special++) {
		at->name = beneath(at->path, special->path);
		if (!at->name || special->fd < 0)
			continue;
		at->read_only = true;
		at->directory = special->fd;
		/* "." is the special file itself, which need not be a directory */
		if (!strcmp(at->name, "."))
			at->file = special->fd;
		at->addresses = special->addresses;
		return 0;
	}
	return -ENOENT;
}

/* A directory that the guest has open is in /sys or in its scratch directory. */
static bool is_scratch(const struct vmm *vmm, int directory)
{
	struct stat here, scratch;

	return vmm->scratch >= 0 && !fstat(directory, &here) && !fstat(vmm->scratch, &scratch) &&
	       here.st_dev == scratch.st_dev;
}

static long locate(struct vcpu *vcpu, uint64_t directory, uint64_t path, struct location *at)
{
	struct vmm *vmm = vcpu->vmm;
	long rc;

	at->held = NULL;
	at->file = -1;
	at->read_only = at->addresses = false;
	rc = guest_string(vmm, path, at->path, sizeof(at->path));
	if (rc)
		return rc;
	if (!at->path[0])
		return -ENOENT;
	at->directory = vmm->scratch;
	at->name = at->path;
	if (at->path[0] == '/') {
		at->name = beneath(at->path, GUEST_SCRATCH);
		if (!at->name)
			return find_special(vmm, at);
	} else if ((int)directory != AT_FDCWD) {
		at->held = descriptors_get(&vmm->descriptors, directory);
		if (!at->held)
			return -EBADF;
		at->directory = at->held->host;
		at->read_only = !is_scratch(vmm, at->directory);
	}
	return at->directory < 0 ? -ENOENT : 0;
}

static int open_beneath(int directory, const char *name, uint64_t flags, uint64_t mode)
{
	struct open_how how = {
		.flags = flags | O_CLOEXEC,
		.mode = flags & O_CREAT ? mode & 0777 : 0,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS |
			   RESOLVE_NO_XDEV,
	};
	int fd = (int)syscall(SYS_openat2, directory, name, &how, sizeof(how));

	return fd < 0 ? -errno : fd;
}

/* With O_PATH, for queries about a file. The caller closes. */
static int open_path(struct vcpu *vcpu, uint64_t directory, uint64_t path)
{
	struct location at;
	long fd = locate(vcpu, directory, path, &at);

	if (!fd)
		fd = at.file >= 0 ? fcntl(at.file, F_DUPFD_CLOEXEC, 0)
				  : open_beneath(at.directory, at.name, O_PATH | O_NOFOLLOW, 0);
	leave(vcpu, &at);
	return (int)fd;
}

static int open_special(int file, uint64_t flags)
{
	struct stat stat;
	int fd;

	if (fstat(file, &stat))
		return -errno;
	if (S_ISDIR(stat.st_mode))
		return open_beneath(file, ".", flags & (OPEN_ALLOWED & ~O_NOFOLLOW), 0);
	if (flags & O_DIRECTORY)
		return -ENOTDIR;
	/* All share one file description: the guest reads these files from the start, one at a
	 * time. */
	fd = fcntl(file, F_DUPFD_CLOEXEC, 0);
	if (fd >= 0)
		lseek(fd, 0, SEEK_SET);
	return fd < 0 ? -errno : fd;
}

/* A pipe with the current contents except the first line. */
static int open_without_addresses(int file)
{
	char text[ROLLUP_BYTES];
	ssize_t n = pread(file, text, sizeof(text), 0);
	const char *rest = n > 0 ? memchr(text, '\n', (size_t)n) : NULL;
	int ends[2], rc = 0;

	if (n < 0)
		return -errno;
	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	if (rest && write(ends[1], rest + 1, (size_t)(text + n - rest - 1)) < 0)
		rc = -errno;
	close(ends[1]);
	if (rc)
		close(ends[0]);
	return rc ?: ends[0];
}

static long open_at(struct vcpu *vcpu, uint64_t directory, uint64_t path, uint64_t flags,
		    uint64_t mode)
{
	struct location at;
	long fd;

	if (flags & ~(uint64_t)OPEN_ALLOWED)
		return -EINVAL;
	fd = locate(vcpu, directory, path, &at);
	if (!fd && at.read_only && ((flags & O_ACCMODE) != O_RDONLY || (flags & OPEN_CHANGES)))
		fd = -EACCES;
	if (!fd && at.addresses)
		fd = open_without_addresses(at.file);
	else if (!fd)
		fd = at.file >= 0 ? open_special(at.file, flags)
				  : open_beneath(at.directory, at.name, flags, mode);
	leave(vcpu, &at);
	return fd < 0 ? fd : descriptors_add(&vcpu->vmm->descriptors, (int)fd, 0);
}

long file_open(struct vcpu *vcpu, const uint64_t a[6])
{
	return open_at(vcpu, (uint64_t)AT_FDCWD, a[0], a[1], a[2]);
}

long file_openat(struct vcpu *vcpu, const uint64_t a[6])
{
	return open_at(vcpu, a[0], a[1], a[2], a[3]);
}

typedef long question(int fd, uint64_t answer, uint64_t option);

/* Queries the host about the file `fd`, closes it, and passes the answer to the guest. */
static long ask(struct vcpu *vcpu, int fd, question *put, uint64_t answer, size_t size,
		uint64_t option)
{
	cleanup_close int file = fd;

	if (file < 0)
		return file;
	if (!range_holds(vcpu->vmm->low, vcpu->vmm->high, answer, size))
		return -EFAULT;
	return put(file, answer, option) < 0 ? -errno : 0;
}

static long ask_stat(int fd, uint64_t answer, uint64_t option)
{
	(void)option;
	return syscall(SYS_newfstatat, fd, "", answer, AT_EMPTY_PATH);
}

static long ask_statx(int fd, uint64_t answer, uint64_t option)
{
	return syscall(SYS_statx, fd, "", AT_EMPTY_PATH, option & STATX_BASIC_STATS, answer);
}

static long ask_statfs(int fd, uint64_t answer, uint64_t option)
{
	(void)option;
	return syscall(SYS_fstatfs, fd, answer);
}

static long ask_access(int fd, uint64_t answer, uint64_t option)
{
	(void)answer;
	return syscall(SYS_faccessat2, fd, "", option & (R_OK | W_OK | X_OK), AT_EMPTY_PATH);
}

long file_stat(struct vcpu *vcpu, const uint64_t a[6])
{
	int fd = open_path(vcpu, (uint64_t)AT_FDCWD, a[0]);

	return ask(vcpu, fd, ask_stat, a[1], sizeof(struct stat), 0);
}

/* fstat() is this with an empty path. */
static int open_path_or_self(struct vcpu *vcpu, uint64_t number, uint64_t path, uint64_t flags)
{
	struct descriptor *descriptor;
	char first;
	int fd;

	if (!(flags & AT_EMPTY_PATH) || guest_read(vcpu->vmm, path, &first, 1) || first)
		return open_path(vcpu, number, path);
	descriptor = descriptors_get(&vcpu->vmm->descriptors, number);
	if (!descriptor)
		return -EBADF;
	fd = fcntl(descriptor->host, F_DUPFD_CLOEXEC, 0);
	descriptors_put(&vcpu->vmm->descriptors, descriptor);
	return fd < 0 ? -errno : fd;
}

long file_newfstatat(struct vcpu *vcpu, const uint64_t a[6])
{
	int fd = open_path_or_self(vcpu, a[0], a[1], a[3]);

	return ask(vcpu, fd, ask_stat, a[2], sizeof(struct stat), 0);
}

long file_statx(struct vcpu *vcpu, const uint64_t a[6])
{
	int fd = open_path_or_self(vcpu, a[0], a[1], a[2]);

	return ask(vcpu, fd, ask_statx, a[4], sizeof(struct statx), a[3]);
}

long file_statfs(struct vcpu *vcpu, const uint64_t a[6])
{
	int fd = open_path(vcpu, (uint64_t)AT_FDCWD, a[0]);

	return ask(vcpu, fd, ask_statfs, a[1], sizeof(struct statfs), 0);
}

long file_access(struct vcpu *vcpu, const uint64_t a[6])
{
	return ask(vcpu, open_path(vcpu, (uint64_t)AT_FDCWD, a[0]), ask_access, 0, 0, a[1]);
}

long file_faccessat(struct vcpu *vcpu, const uint64_t a[6])
{
	return ask(vcpu, open_path(vcpu, a[0], a[1]), ask_access, 0, 0, a[2]);
}

/* Opens the directory of a path in the scratch directory; *name gets the last component. The caller
 * closes. */
static int open_parent(struct vcpu *vcpu, uint64_t directory, uint64_t path, struct location *at,
		       const char **name)
{
	long rc = locate(vcpu, directory, path, at);
	char *slash;

	*name = at->name;
	if (!rc && at->read_only)
		rc = -EACCES;
	slash = rc ? NULL : strrchr(at->name, '/');
	if (slash) {
		*name = slash + 1;
		*slash = 0;
	}
	if (!rc && (!**name || !strcmp(*name, ".") || !strcmp(*name, "..")))
		rc = -EINVAL;
	if (!rc)
		rc = open_beneath(at->directory, slash && at->name[0] ? at->name : ".",
				  O_PATH | O_DIRECTORY, 0);
	leave(vcpu, at);
	return (int)rc;
}

static long change(struct vcpu *vcpu, uint64_t number, uint64_t directory, uint64_t path,
		   uint64_t option)
{
	struct location at;
	const char *name;
	cleanup_close int parent = open_parent(vcpu, directory, path, &at, &name);

	if (parent < 0)
		return parent;
	return syscall((long)number, parent, name, option) < 0 ? -errno : 0;
}

long file_unlink(struct vcpu *vcpu, const uint64_t a[6])
{
	return change(vcpu, SYS_unlinkat, (uint64_t)AT_FDCWD, a[0], 0);
}

long file_unlinkat(struct vcpu *vcpu, const uint64_t a[6])
{
	return change(vcpu, SYS_unlinkat, a[0], a[1], a[2] & AT_REMOVEDIR);
}

long file_mkdir(struct vcpu *vcpu, const uint64_t a[6])
{
	return change(vcpu, SYS_mkdirat, (uint64_t)AT_FDCWD, a[0], a[1] & 0777);
}

long file_mkdirat(struct vcpu *vcpu, const uint64_t a[6])
{
	return change(vcpu, SYS_mkdirat, a[0], a[1], a[2] & 0777);
}

long file_rmdir(struct vcpu *vcpu, const uint64_t a[6])
{
	return change(vcpu, SYS_unlinkat, (uint64_t)AT_FDCWD, a[0], AT_REMOVEDIR);
}

long file_rename(struct vcpu *vcpu, const uint64_t a[6])
{
	struct location from_at, to_at;
	const char *from_name, *to_name;
	cleanup_close int from = open_parent(vcpu, (uint64_t)AT_FDCWD, a[0], &from_at, &from_name);
	cleanup_close int to = open_parent(vcpu, (uint64_t)AT_FDCWD, a[1], &to_at, &to_name);

	if (from < 0 || to < 0)
		return from < 0 ? from : to;
	return renameat(from, from_name, to, to_name) ? -errno : 0;
}

static long read_link(struct vcpu *vcpu, uint64_t path, uint64_t to, uint64_t size)
{
	char text[PATH_LIMIT];
	long rc = guest_string(vcpu->vmm, path, text, sizeof(text));

	if (rc)
		return rc;
	if (strcmp(text, GUEST_PROGRAM))
		return -EINVAL;
	if (size > strlen(GUEST_PROGRAM_NAME))
		size = strlen(GUEST_PROGRAM_NAME);
	return guest_write(vcpu->vmm, to, GUEST_PROGRAM_NAME, size) ?: (long)size;
}

long file_readlink(struct vcpu *vcpu, const uint64_t a[6])
{
	return read_link(vcpu, a[0], a[1], a[2]);
}

long file_readlinkat(struct vcpu *vcpu, const uint64_t a[6])
{
	return read_link(vcpu, a[1], a[2], a[3]);
}

long file_getcwd(struct vcpu *vcpu, const uint64_t a[6])
{
	if (a[1] < sizeof(GUEST_SCRATCH))
		return -ERANGE;
	return guest_write(vcpu->vmm, a[0], GUEST_SCRATCH, sizeof(GUEST_SCRATCH))
		       ?: (long)sizeof(GUEST_SCRATCH);
}
