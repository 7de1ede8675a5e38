/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/run/scratch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"

/* These directories; those marked deep include everything below. */
static const struct {
	const char *path;
	bool deep;
} system_directories[] = {
	{"/", false},     {"/bin", true}, {"/boot", true}, {"/dev", true},   {"/etc", true},
	{"/home", false}, {"/lib", true}, {"/proc", true}, {"/root", false}, {"/run", false},
	{"/sbin", true},  {"/sys", true}, {"/tmp", false}, {"/usr", true},   {"/var", false},
};

static bool is_system_directory(const char *path)
{
	for (size_t i = 0; i < sizeof(system_directories) / sizeof(*system_directories); i++) {
		const char *one = system_directories[i].path;
		size_t length = strlen(one);

		if (strcmp(path, one) == 0)
			return true;
		if (system_directories[i].deep && strncmp(path, one, length) == 0 &&
		    path[length] == '/')
			return true;
	}
	return false;
}

static int check_contents(const char *path, struct error *err)
{
	cleanup_dir DIR *dir = opendir(path);
	struct dirent *entry;

	if (!dir)
		return error_errno(err, -errno, "scratch directory %s", path);
	while ((entry = readdir(dir))) {
		const char *name = entry->d_name;

		if (!strcmp(name, ".") || !strcmp(name, "..") || !strcmp(name, "lost+found"))
			continue;
		return error_set(err, -EINVAL,
				 "scratch directory %s is not empty: it contains '%s'; give an "
				 "empty directory",
				 path, name);
	}
	return 0;
}

int scratch_check(const char *path, struct error *err)
{
	char real[PATH_MAX];
	struct stat st;

	if (!realpath(path, real) || stat(real, &st))
		return error_errno(err, -errno, "scratch directory %s", path);
	if (!S_ISDIR(st.st_mode))
		return error_set(err, -EINVAL, "scratch directory %s is %s; give a directory", path,
				 S_ISBLK(st.st_mode) || S_ISCHR(st.st_mode)
					 ? "a device, which would be overwritten"
					 : "not a directory");
	if (is_system_directory(real))
		return error_set(err, -EINVAL,
				 "scratch directory %s is a system directory; give an empty "
				 "directory of your own",
				 real);
	if (access(real, W_OK | X_OK))
		return error_errno(err, -errno, "scratch directory %s", path);
	return check_contents(real, err);
}

/* A container may replace its files, and directories on their path, at any time: by links, or by
 * devices, some of which act when they are opened. So the type is checked before opening. */
static int open_regular(const char *path)
{
	struct open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_NO_SYMLINKS};
	cleanup_close int found = (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));
	char link[32];
	struct stat st;

	if (found < 0 && errno == ENOSYS) /* before Linux 5.6 */
		found = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (found < 0 || fstat(found, &st) || !S_ISREG(st.st_mode))
		return -1;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", found);
	return open(link, O_RDONLY | O_CLOEXEC);
}

static int drop(const char *path, const struct stat *st, int kind, struct FTW *place)
{
	cleanup_close int fd = -1;

	(void)st, (void)place;
	if (kind != FTW_F)
		return 0;
	fd = open_regular(path);
	if (fd >= 0 && fdatasync(fd) == 0)
		posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	return 0;
}

void scratch_drop_caches(const char *path)
{
	nftw(path, drop, 8, FTW_PHYS | FTW_MOUNT);
}
