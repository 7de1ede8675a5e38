/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drivers/agent_stream.h"
#include "drivers/guest/guest.h"
#include "drivers/guest/init_image.h"
#include "drivers/guest/initramfs.h"
#include "drivers/guest/module_file.h"
#include "drivers/resources_remove.h"
#include "drivers/vm_instance.h"
#include "base/cleanup.h"
#include "base/command.h"
#include "base/file.h"

#define COMMAND_MS 60000
#define FILE_SYSTEM_BYTES (64ULL << 20) /* ext4's own: journal, inode tables */

/* Names of the files in the instance's directory. */
#define SCRATCH_MOUNT "scratch"
#define IMAGE "disk.img"

static int join(char path[PATH_MAX], const char *directory, const char *name, struct error *err)
{
	if (snprintf(path, PATH_MAX, "%s/%s", directory, name) >= PATH_MAX)
		return error_errno(err, -ENAMETOOLONG, "%s/%s", directory, name);
	return 0;
}

/* QEMU's user must be able to pass through every directory above what it opens. */
static int check_reach(const char *path, const struct vm *vm, struct error *err)
{
	char above[PATH_MAX];
	struct stat info;

	snprintf(above, sizeof(above), "%s", path);
	for (char *slash = above; (slash = strchr(slash + 1, '/'));) {
		*slash = 0;
		if (stat(above, &info) == 0 && !(info.st_mode & S_IXOTH) && info.st_uid != vm->uid)
			return error_set(err, -EACCES,
					 "%s does not let QEMU's user %s through to the files "
					 "below: chmod o+x %s, or use another directory",
					 above, vm->user, above);
		*slash = '/';
	}
	return 0;
}

static int make_directory(struct instance *instance, struct vm *vm, struct error *err)
{
	const char *state = instance->site->state_dir;
	char mount_point[PATH_MAX];
	int rc = join(vm->directory, state, instance->id, err);

	rc = rc ?: join(mount_point, vm->directory, SCRATCH_MOUNT, err);
	if (rc < 0)
		return rc;
	/* so that QEMU's user can pass through, but not list it, whatever the umask */
	if (mkdir(vm->directory, 0711) < 0 || mkdir(mount_point, 0711) < 0 ||
	    chmod(vm->directory, 0711) < 0 || chmod(state, 0711) < 0)
		return error_errno(err, -errno, "making %s", vm->directory);
	return check_reach(mount_point, vm, err);
}

static int give(const char *path, const struct vm *vm, struct error *err)
{
	if (chown(path, vm->uid, vm->gid) < 0 || chmod(path, 0600) < 0)
		return error_errno(err, -errno, "changing the owner of %s to %s", path, vm->user);
	return 0;
}

/* The instance's directory on the file system under test, for image, kernel and initramfs: on most
 * hosts the state directory is in memory and small. */
static int make_scratch(struct instance *instance, struct vm *vm, struct error *err)
{
	int rc = instance_make_scratch(instance, vm->scratch, sizeof(vm->scratch), err);

	if (rc < 0) {
		vm->scratch[0] = 0;
		return rc;
	}
	if (chmod(vm->scratch, 0711) < 0)
		return error_errno(err, -errno, "opening %s to QEMU's user", vm->scratch);
	return 0;
}

/* File `name` of the scratch directory: its path here and the path for QEMU. */
static int in_scratch(const struct vm *vm, const char *name, char path[PATH_MAX],
		      char seen[PATH_MAX], struct error *err)
{
	char mounted[64];
	int rc = join(path, vm->scratch, name, err);

	if (rc < 0)
		return rc;
	if (!vm->root[0])
		return join(seen, vm->scratch, name, err);
	snprintf(mounted, sizeof(mounted), SCRATCH_MOUNT "/%s", name);
	return join(seen, vm->directory, mounted, err);
}

/* A copy: some distributions let only root read kernels. */
static int copy_kernel(struct vm *vm, struct error *err)
{
	char path[PATH_MAX];
	int rc = in_scratch(vm, "kernel", path, vm->config.kernel, err);

	rc = rc ?: file_copy(vm->kernel.image, path, 0600, err);
	return rc ? rc : give(path, vm, err);
}

/* Decompressed, with a name that makes init load it as number `index`. */
static int add_module(struct initramfs *archive, const char *path, size_t index, struct error *err)
{
	const char *base = strrchr(path, '/') + 1;
	cleanup_free char *data = NULL;
	char name[PATH_MAX];
	size_t size;
	int rc = module_file_read(path, &data, &size, err);

	if (rc < 0)
		return rc;
	snprintf(name, sizeof(name), "%s/%02zu-%.*s", GUEST_MODULES + 1, index,
		 (int)module_file_plain_length(base, strlen(base)), base);
	return initramfs_add_data(archive, name, 0644, data, size, err);
}

static int add_modules(struct initramfs *archive, const struct vm *vm, struct error *err)
{
	struct module_list list = {.count = 0};
	int rc = vm_modules(&vm->config, vm->kernel.modules, &list, err);

	for (size_t i = 0; i < list.count && rc == 0; i++)
		rc = add_module(archive, list.paths[i], i, err);
	module_list_finish(&list);
	return rc;
}

static int fill_initramfs(struct initramfs *archive, const struct instance *instance,
			  const struct vm *vm, struct error *err)
{
	static const char *const directories[] = {
		"dev", "proc", "sys", "tmp", GUEST_MODULES + 1, GUEST_SCRATCH + 1};
	int rc = 0;

	for (size_t i = 0; i < sizeof(directories) / sizeof(directories[0]) && rc == 0; i++)
		rc = initramfs_add_directory(archive, directories[i], err);
	if (rc == 0)
		rc = initramfs_add_data(archive, "init", 0755, guest_init_start,
					(size_t)(guest_init_end - guest_init_start), err);
	if (rc == 0)
		rc = initramfs_add_file(archive, GUEST_AGENT + 1, 0755, instance->site->agent_path,
					err);
	if (rc == 0 && vm->fill)
		rc = vm->fill(archive, instance, err);
	return rc ? rc : add_modules(archive, vm, err);
}

static int make_initramfs(const struct instance *instance, struct vm *vm, struct error *err)
{
	struct initramfs *archive = NULL;
	char path[PATH_MAX];
	int rc = in_scratch(vm, "initramfs", path, vm->config.initramfs, err);

	rc = rc ?: initramfs_create(path, &archive, err);
	rc = rc ?: fill_initramfs(archive, instance, vm, err);
	if (rc < 0) {
		initramfs_destroy(archive);
		return error_prefix(err, "the guest's initramfs");
	}
	rc = initramfs_finish(archive, err);
	return rc ? rc : give(path, vm, err);
}

/* Allocates all blocks now, so that no trial has to. */
static int make_raw(const char *path, uint64_t bytes, struct error *err)
{
	const char *const argv[] = {"mkfs.ext4",
				    "-q",
				    "-F",
				    "-m",
				    "0",
				    "-E",
				    "nodiscard,lazy_itable_init=0,lazy_journal_init=0",
				    path,
				    NULL};
	cleanup_close int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int rc;

	if (fd < 0)
		return error_errno(err, -errno, "making %s", path);
	rc = -posix_fallocate(fd, 0, (off_t)bytes);
	if (rc < 0)
		return error_errno(err, rc, "allocating the %llu MiB of the scratch image %s",
				   (unsigned long long)bytes >> 20, path);
	rc = command_run(argv, NULL, COMMAND_MS, NULL, err);
	if (rc == -ENOENT)
		return error_set(err, rc,
				 "mkfs.ext4 is not installed, so the VM's scratch disk cannot be "
				 "created: apt-get install e2fsprogs");
	return rc;
}

static int convert(const char *raw, const char *image, const char *format, struct error *err)
{
	const char *const argv[] = {"qemu-img", "convert", "-q",
				    "-f",       "raw",     "-O",
				    format,     "-o",      "preallocation=falloc",
				    raw,        image,     NULL};
	int rc = command_run(argv, NULL, COMMAND_MS, NULL, err);

	unlink(raw);
	if (rc == -ENOENT)
		return error_set(err, rc,
				 "qemu-img, which creates %s images, is not installed: apt-get "
				 "install qemu-utils, or use format=raw",
				 format);
	return rc;
}

static int make_image(const struct instance *instance, struct vm *vm, struct error *err)
{
	uint64_t bytes = instance->site->scratch_bytes;
	char image[PATH_MAX], raw[PATH_MAX];
	int rc = in_scratch(vm, IMAGE, image, vm->config.image, err);

	bytes += bytes / 20 + FILE_SYSTEM_BYTES;
	bytes -= bytes % 4096;
	rc = rc ?: join(raw, vm->scratch, "raw.img", err);
	if (rc == 0 && strcmp(vm->config.format, "raw") == 0)
		rc = make_raw(image, bytes, err);
	else if (rc == 0 && (rc = make_raw(raw, bytes, err)) == 0)
		rc = convert(raw, image, vm->config.format, err);
	return rc ? rc : give(image, vm, err);
}

/* libvirt opens it as QEMU's user, so it must contain nothing foreign. */
static int make_console(struct vm *vm, struct error *err)
{
	char directory[PATH_MAX];
	int rc = join(directory, vm->directory, "console", err), fd;

	rc = rc ?: join(vm->config.console, directory, "log", err);
	if (rc < 0)
		return rc;
	if (mkdir(directory, 0711) < 0 || chmod(directory, 0711) < 0)
		return error_errno(err, -errno, "making %s", directory);
	fd = open(vm->config.console, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_errno(err, -errno, "making %s", vm->config.console);
	close(fd);
	return give(vm->config.console, vm, err);
}

int vm_files_make(struct instance *instance, struct vm *vm, struct error *err)
{
	int rc = make_directory(instance, vm, err);

	rc = rc ?: make_scratch(instance, vm, err);
	rc = rc ?: copy_kernel(vm, err);
	rc = rc ?: make_initramfs(instance, vm, err);
	rc = rc ?: make_console(vm, err);
	rc = rc ?: make_image(instance, vm, err);
	if (rc == 0 && !vm->root[0])
		rc = check_reach(vm->config.image, vm, err);
	return rc;
}

void vm_files_remove(struct instance *instance, struct vm *vm)
{
	if (vm->scratch[0])
		instance_remove_scratch(instance, vm->scratch);
	if (vm->directory[0])
		resource_remove(RESOURCE_DIRECTORY, vm->directory, NULL);
}
