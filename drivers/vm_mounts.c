/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mount namespace in which QEMU is started, with a private /dev. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "drivers/driver.h"
#include "drivers/vm_libvirt.h"
#include "base/cleanup.h"

/* A node like the host's, also for QEMU's user; missing ones are left out. */
static int copy_device(const char *directory, const char *name, gid_t group, struct error *err)
{
	char host[64], path[PATH_MAX + 16];
	struct stat info;

	snprintf(host, sizeof(host), "/dev/%s", name);
	snprintf(path, sizeof(path), "%s/%s", directory, name);
	if (stat(host, &info) < 0)
		return 0;
	if (mknod(path, S_IFCHR | 0600, info.st_rdev) < 0 || chown(path, 0, group) < 0 ||
	    chmod(path, group ? 0660 : 0666) < 0)
		return error_errno(err, -errno, "making a private %s", host);
	return 0;
}

static int copy_devices(const char *directory, bool kvm, gid_t group, struct error *err)
{
	static const char *const names[] = {"null", "zero", "full", "random", "urandom", "ptmx"};
	int rc = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && rc == 0; i++)
		rc = copy_device(directory, names[i], 0, err);
	rc = rc ?: copy_device(directory, "vhost-net", group, err);
	if (rc == 0 && kvm)
		rc = copy_device(directory, "kvm", group, err);
	rc = rc ?: copy_device(directory, "net/tun", 0, err);
	return rc;
}

static int keep_mounts(const char *directory, struct error *err)
{
	static const char *const names[] = {"pts", "shm", "hugepages"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char host[64], path[PATH_MAX + 16];

		snprintf(host, sizeof(host), "/dev/%s", names[i]);
		snprintf(path, sizeof(path), "%s/%s", directory, names[i]);
		if (access(host, F_OK) < 0)
			continue;
		if (mkdir(path, 0755) < 0 || mount(host, path, NULL, MS_BIND, NULL) < 0)
			return error_errno(err, -errno, "keeping %s", host);
	}
	return 0;
}

/* QEMU's /dev has only what it needs. It has /dev/kvm only if QEMU uses KVM, and then QEMU's user
 * can open it, whatever the host's permissions: if libvirt found one that this user cannot open, it
 * would query QEMU's capabilities repeatedly, which takes seconds each time. */
static int make_private_dev(const char *root, bool use_kvm, struct error *err)
{
	struct group entry, *kvm = NULL;
	char buffer[4096], path[PATH_MAX], net[PATH_MAX + 4];
	int rc;

	getgrnam_r("kvm", &entry, buffer, sizeof(buffer), &kvm);
	if (snprintf(path, sizeof(path), "%s/dev", root) >= PATH_MAX)
		return error_errno(err, -ENAMETOOLONG, "%s/dev", root);
	snprintf(net, sizeof(net), "%s/net", path);
	if (mkdir(path, 0711) < 0 && errno != EEXIST)
		return error_errno(err, -errno, "making %s", path);
	/* a separate file system: on others device files may be disabled */
	if (mount("tmpfs", path, "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=0755,size=64k") < 0 ||
	    mkdir(net, 0755) < 0)
		return error_errno(err, -errno, "mounting a private /dev on %s", path);
	rc = copy_devices(path, use_kvm, kvm ? kvm->gr_gid : 0, err);
	rc = rc ?: keep_mounts(path, err);
	if (rc == 0 && mount(path, "/dev", NULL, MS_BIND | MS_REC, NULL) < 0)
		rc = error_errno(err, -errno, "mounting a private /dev");
	return rc;
}

static int mount_small(const char *directory, int inodes, struct error *err)
{
	char options[64];

	snprintf(options, sizeof(options), "mode=0711,nr_inodes=%d,size=%u", inodes, OUTPUT_LIMIT);
	if (mount("tmpfs", directory, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, options))
		return error_errno(err, -errno, "mounting %s", directory);
	return 0;
}

/* A guest may write to its serial port endlessly, so the file system for it is small and disappears
 * with the mount namespace. Outside, the file is accessible only by its descriptor. */
int vm_mount_console(const char *path, uid_t uid, gid_t gid, int *fd, struct error *err)
{
	cleanup_free char *directory = strndup(path, (size_t)(strrchr(path, '/') - path));
	int rc = directory ? mount_small(directory, 2, err) : error_errno(err, -ENOMEM, "%s", path);

	if (rc)
		return rc;
	*fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (*fd < 0 || fchown(*fd, uid, gid))
		return error_errno(err, -errno, "making %s", path);
	return 0;
}

int vm_mount_log(const char *root, int *fd, struct error *err)
{
	char directory[PATH_MAX];
	int rc;

	if (snprintf(directory, sizeof(directory), "%s/log/qemu", root) >= PATH_MAX)
		return error_errno(err, -ENAMETOOLONG, "%s/log/qemu", root);
	rc = mount_small(directory, 8, err);
	if (rc)
		return rc;
	*fd = open(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return *fd < 0 ? error_errno(err, -errno, "opening %s", directory) : 0;
}

bool vm_log_is_full(int fd)
{
	struct statvfs space;

	return fd > 0 && !fstatvfs(fd, &space) && space.f_bfree == 0;
}

int vm_enter_mounts(const char *root, bool kvm, struct error *err)
{
	if (unshare(CLONE_NEWNS) < 0)
		return error_errno(err, -errno, "creating a mount namespace (needs root)");
	umask(022); /* private to this thread since unshare: QEMU's user must pass libvirt's
		     * directories */
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return error_errno(err, -errno, "making mounts private");
	return make_private_dev(root, kvm, err);
}
