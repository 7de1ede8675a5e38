/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The container's root, laid out below its scratch directory, on the file system under test:
 *
 *   lower/   the image: the agent and empty directories
 *   upper/   what the container writes (overlay), work/ is the kernel's
 *   volume/  storage=volume
 *
 * The overlay is mounted on <bundle>/rootfs, in the host's mount namespace, as Docker does it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drivers/container.h"
#include "drivers/resources_remove.h"
#include "base/cleanup.h"
#include "base/file.h"

static const char *const image_directories[] = {"proc", "sys", "dev", "etc", "tmp", "scratch"};

static int make_directory(const char *parent, const char *name, struct error *err)
{
	cleanup_free char *path = NULL;

	if (asprintf(&path, "%s/%s", parent, name) < 0)
		return error_errno(err, -ENOMEM, "the container's root");
	return mkdir(path, 0755) ? error_errno(err, -errno, "creating %s", path) : 0;
}

static int make_image(const struct container *container, const struct site *site, struct error *err)
{
	char lower[PATH_MAX + 8], agent[PATH_MAX + 24];
	int rc = make_directory(container->scratch, "lower", err);

	snprintf(lower, sizeof(lower), "%s/lower", container->scratch);
	for (size_t i = 0; i < sizeof(image_directories) / sizeof(*image_directories) && !rc; i++)
		rc = make_directory(lower, image_directories[i], err);
	snprintf(agent, sizeof(agent), "%s/tare-agent", lower);
	return rc ? rc : file_copy(site->agent_path, agent, 0755, err);
}

static int mount_overlay(struct container *container, struct instance *instance, struct error *err)
{
	struct resources *res = instance->site->resources;
	/* by descriptor: a path in the options would need escapes for commas, colons and
	 * backslashes */
	cleanup_close int scratch = open(container->scratch, O_PATH | O_DIRECTORY | O_CLOEXEC);
	char options[192];
	int rc;

	if (scratch < 0)
		return error_errno(err, -errno, "opening %s", container->scratch);
	rc = resources_add(res, RESOURCE_MOUNT, container->root, err);
	if (rc)
		return rc;
	snprintf(options, sizeof(options),
		 "lowerdir=/proc/self/fd/%d/lower,upperdir=/proc/self/fd/%d/upper,"
		 "workdir=/proc/self/fd/%d/work,index=off",
		 scratch, scratch, scratch);
	if (mount("overlay", container->root, "overlay", 0, options))
		rc = error_errno(err, -errno, "mounting an overlay of %s", container->scratch);
	container->mounted = !rc;
	if (rc)
		resources_drop(res, RESOURCE_MOUNT, container->root);
	return rc;
}

int container_make_root(struct container *container, struct instance *instance, struct error *err)
{
	int rc = instance_make_scratch(instance, container->scratch, sizeof(container->scratch),
				       err);

	if (rc) {
		container->scratch[0] = 0;
		return rc;
	}
	if (mkdir(container->bundle, 0700))
		return error_errno(err, -errno, "creating %s", container->bundle);
	rc = make_directory(container->bundle, "rootfs", err);
	rc = rc ?: make_directory(container->scratch, "volume", err);
	if (rc)
		return rc;
	rc = make_image(container, instance->site, err);
	rc = rc ?: make_directory(container->scratch, "upper", err);
	rc = rc ?: make_directory(container->scratch, "work", err);
	return rc ? rc : mount_overlay(container, instance, err);
}

void container_remove_root(struct container *container, struct instance *instance)
{
	struct resources *res = instance->site->resources;

	if (container->mounted && !resource_remove(RESOURCE_MOUNT, container->root, NULL))
		resources_drop(res, RESOURCE_MOUNT, container->root);
	if (container->bundle[0])
		remove_tree(container->bundle, NULL);
	if (container->scratch[0])
		instance_remove_scratch(instance, container->scratch);
}
