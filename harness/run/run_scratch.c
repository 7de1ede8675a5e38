/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run's scratch directory is on the file system under test, often below another user's directory,
 * who could replace parts of its path at any time. So root creates it by descriptor and then uses a
 * mount of it below the run's state directory, whose path belongs to root. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "harness/run/run_private.h"

#define DESCRIPTOR_PATH 32

static void descriptor_path(int fd, char path[DESCRIPTOR_PATH])
{
	snprintf(path, DESCRIPTOR_PATH, "/proc/self/fd/%d", fd);
}

/* What --scratch names, or the run directory, with the real path of what was opened. */
static int open_parent(const struct run *run, struct directory *parent, struct error *err)
{
	int rc = directory_open(run->setup.options.scratch ? run->setup.options.scratch
							   : run->setup.directory,
				parent, err);

	if (rc)
		return error_prefix(err, "scratch directory");
	if (!run->setup.options.scratch) {
		close(parent->fd);
		parent->fd = fcntl(run->setup.files.fd, F_DUPFD_CLOEXEC, 3);
		if (parent->fd < 0)
			return error_errno(err, -errno, "%s", run->setup.directory);
	}
	free(parent->path);
	parent->path = directory_real_path(parent);
	return parent->path ? 0 : error_errno(err, -errno, "the path of %s", run->setup.directory);
}

/* -EPERM: root may not mount here, for example in a container. */
static int mount_at(struct run *run, const struct directory *made, const char *at,
		    struct error *err)
{
	char from[DESCRIPTOR_PATH];
	int rc;

	descriptor_path(made->fd, from);
	if (mkdir(at, 0700))
		return error_errno(err, -errno, "creating %s", at);
	rc = resources_add(run->hosts.resources, RESOURCE_MOUNT, at, err);
	if (rc || !mount(from, at, NULL, MS_BIND, NULL))
		return rc;
	rc = error_errno(err, -errno, "mounting %s on %s", made->path, at);
	resources_drop(run->hosts.resources, RESOURCE_MOUNT, at);
	return rc;
}

int run_scratch_make(struct run *run, struct error *err)
{
	cleanup_directory struct directory parent = DIRECTORY_CLOSED, made = DIRECTORY_CLOSED;
	cleanup_free char *at = NULL;
	int rc = open_parent(run, &parent, err);

	if (!rc)
		rc = resources_make_directory(
			run->hosts.resources, &parent,
			run->setup.options.scratch ? run->setup.id : "scratch", 0711, &made, err);
	if (!rc && asprintf(&at, "%s/scratch", run->setup.state_dir) < 0) {
		at = NULL;
		rc = error_errno(err, -ENOMEM, "the scratch directory");
	}
	if (rc)
		return rc;
	rc = geteuid() == 0 ? mount_at(run, &made, at, err) : -EPERM;
	if (rc && rc != -EPERM)
		return rc;
	run->setup.scratch_dir = strdup(rc ? made.path : at);
	return run->setup.scratch_dir ? 0 : error_errno(err, -ENOMEM, "the scratch directory");
}
