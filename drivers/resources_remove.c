/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How each kind of resource is removed. What is gone already counts as removed, everywhere. */
#include "drivers/resources_remove.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <net/if.h>
#include <netlink/route/link.h>
#include <signal.h>
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

#define REMOVE_TIMEOUT_MS 5000
#define CGROUP_TIMEOUT_MS 2000
#define TREE_DEPTH_MAX 64

static int remove_below(int parent, const char *name, int depth);

/* Of the directory that `fd` stands for; takes fd over. */
static int remove_content(int fd, int depth)
{
	cleanup_dir DIR *dir = fdopendir(fd);
	int rc = 0;

	if (!dir) {
		close(fd);
		return -ENOMEM;
	}
	for (struct dirent *entry; (entry = readdir(dir));) {
		int one;

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		one = unlinkat(dirfd(dir), entry->d_name, 0) ? -errno : 0;
		if (one == -EISDIR)
			one = remove_below(dirfd(dir), entry->d_name, depth + 1);
		if (one && one != -ENOENT && !rc)
			rc = one;
	}
	return rc;
}

static int remove_below(int parent, const char *name, int depth)
{
	struct open_how how = {
		.flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
		/* bind mounts too, which have the same device number */
		.resolve = depth ? RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS : 0,
	};
	int fd, rc;

	if (depth > TREE_DEPTH_MAX)
		return -ELOOP;
	fd = (int)syscall(SYS_openat2, parent, name, &how, sizeof(how));
	if (fd < 0)
		return errno == ENOENT ? 0 : errno == EXDEV ? -EBUSY : -errno;
	rc = remove_content(fd, depth);
	if (unlinkat(parent, name, AT_REMOVEDIR) && errno != ENOENT && !rc)
		rc = -errno;
	return rc;
}

int remove_tree(const char *path, struct error *err)
{
	int rc = remove_below(AT_FDCWD, path, 0);

	return rc ? error_errno(err, rc, "removing %s", path) : 0;
}

static int remove_file(const char *path, struct error *err)
{
	if (!unlink(path) || errno == ENOENT || errno == ENOTDIR)
		return 0;
	return error_errno(err, -errno, "removing %s", path);
}

static int remove_mount(const char *path, struct error *err)
{
	/* EINVAL: no mount point */
	if (!umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW) || errno == EINVAL || errno == ENOENT ||
	    errno == ENOTDIR)
		return 0;
	return error_errno(err, -errno, "unmounting %s", path);
}

static void write_control(int dir, const char *name, const char *text)
{
	cleanup_close int fd = openat(dir, name, O_WRONLY | O_CLOEXEC);

	if (fd >= 0 && write(fd, text, strlen(text)) < 0)
		return; /* the kernel is of another age: the file by file way follows */
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

int remove_cgroup(const char *path, struct error *err)
{
	uint64_t deadline = clock_now() + CGROUP_TIMEOUT_MS * NSEC_PER_MSEC;
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
		return error_set(err, -EBADMSG, "\"%s\" names no process", name);
	rc = process_kill(pid, start_time, REMOVE_TIMEOUT_MS);
	return rc ? error_errno(err, rc, "ending process %d", pid) : 0;
}

/* "RUNTIME ROOT ID"; where ROOT/ID is gone the runtime knows nothing of it. */
static int remove_container(const char *name, struct error *err)
{
	char runtime[64], root[512], id[128], state[768];
	const char *const argv[] = {runtime, "--root", root, "delete", "--force", id, NULL};
	int rc;

	if (sscanf(name, "%63s %511s %127s", runtime, root, id) != 3)
		return error_set(err, -EBADMSG, "\"%s\" names no container", name);
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
		return remove_tree(name, err);
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
