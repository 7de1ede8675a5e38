/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How each kind of resource is removed. What is already gone counts as removed. */
#include "drivers/resources_remove.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <net/if.h>
#include <netlink/route/link.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "drivers/process.h"
#include "drivers/vm.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/command.h"
#include "base/file.h"
#include "base/hypervisor.h"

#define REMOVE_TIMEOUT_MS 5000
#define CGROUP_TIMEOUT_MS 2000

static int open_directory(int parent, const char *name, uint64_t resolve)
{
	struct open_how how = {.flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
			       .resolve = resolve};

	return (int)syscall(SYS_openat2, parent, name, &how, sizeof(how));
}

static struct dirent *next_entry(DIR *dir)
{
	struct dirent *entry;

	do
		entry = readdir(dir);
	while (entry && (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")));
	return entry;
}

/* A file or an empty directory. */
static int remove_entry(int parent, const char *name)
{
	if (!unlinkat(parent, name, 0) || errno == ENOENT)
		return 0;
	return errno == EISDIR && !unlinkat(parent, name, AT_REMOVEDIR) ? 0 : -errno;
}

/* Moves a directory up into `top`, under a name that is free there. */
static int move_up(int parent, const char *name, int top, unsigned *moved)
{
	char place[32];

	do {
		snprintf(place, sizeof(place), "removed-%u", ++*moved);
		if (!renameat(parent, name, top, place))
			return 0;
	} while (errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR);
	return -errno;
}

/* Removes a directory in `top`. Its own non-empty directories move up into `top`, to be removed
 * from there, so that a tree may have any depth. */
static int remove_level(int top, const char *name, unsigned *moved)
{
	/* NO_XDEV stops at bind mounts, too, which have the same device number */
	int fd = open_directory(top, name, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV);
	cleanup_dir DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	int rc = 0;

	if (!dir && fd >= 0)
		close(fd);
	if (!dir)
		return fd >= 0 ? -ENOMEM : errno == ENOENT ? 0 : errno == EXDEV ? -EBUSY : -errno;
	for (struct dirent *entry; (entry = next_entry(dir));) {
		int one = remove_entry(fd, entry->d_name);

		if (one == -ENOTEMPTY)
			one = move_up(fd, entry->d_name, top, moved);
		rc = rc ?: one;
	}
	return rc ?: remove_entry(top, name);
}

/* Removes what is in the directory `fd`, which it takes ownership of, in passes until one removes
 * nothing. */
static int remove_content(int fd)
{
	cleanup_dir DIR *dir = fdopendir(fd);
	unsigned moved = 0, removed;
	int rc;

	if (!dir) {
		close(fd);
		return -ENOMEM;
	}
	do {
		rc = 0;
		removed = 0;
		rewinddir(dir);
		for (struct dirent *entry; (entry = next_entry(dir));) {
			int one = remove_entry(fd, entry->d_name);

			if (one == -ENOTEMPTY)
				one = remove_level(fd, entry->d_name, &moved);
			removed += one == 0;
			rc = rc ?: one;
		}
	} while (removed);
	return rc;
}

/* Whether it is the directory that was created. If the inode was never recorded, nobody else can
 * own it yet. */
static bool is_ours(int fd, uint64_t inode)
{
	struct stat st;

	if (fstat(fd, &st))
		return false;
	return inode ? st.st_ino == inode : st.st_uid == geteuid();
}

static int remove_below(int parent, const char *name, uint64_t inode)
{
	int fd = open_directory(parent, name, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS), rc;

	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	if (!is_ours(fd, inode)) {
		close(fd);
		return -EPERM;
	}
	rc = remove_content(fd);
	if (unlinkat(parent, name, AT_REMOVEDIR) && errno != ENOENT && !rc)
		rc = -errno;
	return rc;
}

/* Opens the parent directory of `path`; *name gets the last component. Root follows no links: paths
 * were resolved when they were registered, so a link is from somebody who owns a directory. */
static int open_parent(const char *path, const char **name)
{
	cleanup_free char *parent = strdup(path);
	char *slash = parent ? strrchr(parent, '/') : NULL;
	uint64_t resolve = geteuid() == 0 ? RESOLVE_NO_SYMLINKS : 0;
	int fd;

	if (!parent)
		return -ENOMEM;
	*name = slash ? path + (slash - parent) + 1 : path;
	if (slash)
		slash[slash == parent] = '\0';
	fd = open_directory(AT_FDCWD, slash ? parent : ".", resolve);
	return fd < 0 ? -errno : fd;
}

static int remove_directory(const char *path, uint64_t inode, struct error *err)
{
	const char *name;
	cleanup_close int parent = open_parent(path, &name);
	int rc = parent == -ENOENT || parent == -ENOTDIR ? 0
		 : parent < 0                            ? parent
							 : remove_below(parent, name, inode);

	if (rc == -EPERM || rc == -ELOOP)
		return error_set(
			err, rc,
			"%s is not the directory that the run created: it was replaced, so it is "
			"not removed",
			path);
	return rc ? error_errno(err, rc, "removing %s", path) : 0;
}

int remove_tree(const char *path, struct error *err)
{
	return remove_directory(path, 0, err);
}

static int remove_file(const char *path, struct error *err)
{
	const char *name;
	cleanup_close int parent = open_parent(path, &name);

	if (parent == -ENOENT || parent == -ENOTDIR)
		return 0;
	if (parent < 0)
		return error_errno(err, parent, "removing %s", path);
	if (!unlinkat(parent, name, 0) || errno == ENOENT)
		return 0;
	return error_errno(err, -errno, "removing %s", path);
}

static int remove_mount(const char *path, struct error *err)
{
	/* EINVAL: not a mount point */
	if (!umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW) || errno == EINVAL || errno == ENOENT ||
	    errno == ENOTDIR)
		return 0;
	return error_errno(err, -errno, "unmounting %s", path);
}

static void write_control(int dir, const char *name, const char *text)
{
	cleanup_close int fd = openat(dir, name, O_WRONLY | O_CLOEXEC);

	if (fd >= 0 && write(fd, text, strlen(text)) < 0)
		return; /* not supported by this kernel: continue file by file */
}

static void kill_processes(int cgroup)
{
	int fd = openat(cgroup, "cgroup.procs", O_RDONLY | O_CLOEXEC);
	cleanup_file FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	int pid;

	write_control(cgroup, "freezer.state", "THAWED");
	write_control(cgroup, "cgroup.kill", "1");
	while (file && fscanf(file, "%d", &pid) == 1)
		if (pid > 0)
			kill(pid, SIGKILL);
}

static int remove_cgroup_once(int parent, const char *name)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	cleanup_dir DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (!dir)
		return errno == ENOENT ? 0 : -errno;
	for (struct dirent *entry; (entry = readdir(dir));)
		if (entry->d_type == DT_DIR && entry->d_name[0] != '.')
			remove_cgroup_once(fd, entry->d_name);
	kill_processes(fd);
	return unlinkat(parent, name, AT_REMOVEDIR) && errno != ENOENT ? -errno : 0;
}

/* With its children; first kills their processes. */
static int remove_cgroup(const char *path, struct error *err)
{
	uint64_t deadline =
		clock_now() + (uint64_t)host_limit_ms(CGROUP_TIMEOUT_MS) * NSEC_PER_MSEC;
	int rc;

	while ((rc = remove_cgroup_once(AT_FDCWD, path)) == -EBUSY && clock_now() < deadline)
		usleep(500);
	return rc ? error_errno(err, rc, "removing the cgroup %s", path) : 0;
}

static int remove_netns(const char *name, struct error *err)
{
	char path[300];
	int rc;

	snprintf(path, sizeof(path), "/run/netns/%s", name);
	rc = remove_mount(path, err);
	return rc ? rc : remove_file(path, err);
}

static int remove_link(const char *name, struct error *err)
{
	struct nl_sock *socket = nl_socket_alloc();
	struct rtnl_link *link = rtnl_link_alloc();
	int rc = socket && link ? nl_connect(socket, NETLINK_ROUTE) : -NLE_NOMEM;

	if (!rc) {
		rtnl_link_set_name(link, name);
		rc = rtnl_link_delete(socket, link);
	}
	rtnl_link_put(link);
	nl_socket_free(socket);
	if (!rc || rc == -NLE_NODEV || rc == -NLE_OBJ_NOTFOUND)
		return 0;
	return error_set(err, -EIO, "removing the link %s: %s", name, nl_geterror(rc));
}

static int remove_process(const char *name, struct error *err)
{
	unsigned long long start_time;
	int pid, rc;

	if (sscanf(name, "%d:%llu", &pid, &start_time) != 2 || pid <= 1)
		return error_set(err, -EBADMSG, "invalid process \"%s\"", name);
	rc = process_kill(pid, start_time, host_limit_ms(REMOVE_TIMEOUT_MS));
	return rc ? error_errno(err, rc, "ending process %d", pid) : 0;
}

/* "RUNTIME ROOT ID"; if ROOT/ID is gone, the runtime does not know the container. */
static int remove_container(const char *name, struct error *err)
{
	char runtime[64], root[512], id[128], state[768];
	const char *const argv[] = {runtime, "--root", root, "delete", "--force", id, NULL};
	int rc;

	if (sscanf(name, "%63s %511s %127s", runtime, root, id) != 3)
		return error_set(err, -EBADMSG, "invalid container \"%s\"", name);
	snprintf(state, sizeof(state), "%s/%s", root, id);
	if (access(state, F_OK))
		return 0;
	rc = command_run(argv, NULL, REMOVE_TIMEOUT_MS, NULL, err);
	return rc ? error_prefix(err, "deleting container %s", id) : 0;
}

int resource_remove(enum resource_kind kind, const char *name, struct error *err)
{
	switch (kind) {
	case RESOURCE_DIRECTORY:
		return remove_directory(name, 0, err);
	case RESOURCE_FILE:
		return remove_file(name, err);
	case RESOURCE_MOUNT:
		return remove_mount(name, err);
	case RESOURCE_CGROUP:
		return remove_cgroup(name, err);
	case RESOURCE_NETNS:
		return remove_netns(name, err);
	case RESOURCE_LINK:
		return remove_link(name, err);
	case RESOURCE_PROCESS:
		return remove_process(name, err);
	case RESOURCE_DOMAIN:
		return vm_remove_domain(name, err);
	case RESOURCE_CONTAINER:
		return remove_container(name, err);
	}
	return error_set(err, -EINVAL, "resource kind %d", (int)kind);
}

int resource_remove_inode(enum resource_kind kind, const char *name, uint64_t inode,
			  struct error *err)
{
	return kind == RESOURCE_DIRECTORY ? remove_directory(name, inode, err)
					  : resource_remove(kind, name, err);
}
