/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `nested`: a container inside the Linux guest, the study's LXCVM. The guest is that of `vm`, with
 * all its options; the container is that of `container`, with Docker's settings: the same code
 * writes the same OCI configuration, and the host's runc, which is in the initramfs with its
 * libraries, runs it. Its root is an overlay on the scratch disk, its network a veth and a bridge
 * inside the guest. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "drivers/container.h"
#include "drivers/guest/guest.h"
#include "drivers/vm_checks.h"
#include "drivers/vm_instance.h"
#include "drivers/vm_options.h"
#include "base/cleanup.h"
#include "base/command.h"
#include "base/file.h"

#define LOADER "/lib64/ld-linux-x86-64.so.2"
#define LIST_MS 10000
#define DIRECTORIES_MAX 64

/* Directories already in the archive. */
struct tree {
	struct initramfs *archive;
	char *names[DIRECTORIES_MAX];
	size_t count;
};

static void tree_finish(struct tree *tree)
{
	for (size_t i = 0; i < tree->count; i++)
		free(tree->names[i]);
}

static int add_directory(struct tree *tree, const char *name, struct error *err)
{
	for (size_t i = 0; i < tree->count; i++)
		if (strcmp(tree->names[i], name) == 0)
			return 0;
	if (tree->count == DIRECTORIES_MAX)
		return error_set(err, -E2BIG, "too many directories in the initramfs");
	tree->names[tree->count] = strdup(name);
	if (!tree->names[tree->count])
		return error_errno(err, -ENOMEM, "the initramfs");
	tree->count++;
	return initramfs_add_directory(tree->archive, name, err);
}

/* Adds all directories of the absolute path `path`, up to its last slash. */
static int add_above(struct tree *tree, const char *path, struct error *err)
{
	char name[PATH_MAX];
	int rc = 0;

	snprintf(name, sizeof(name), "%s", path + 1);
	for (char *slash = name; rc == 0 && (slash = strchr(slash, '/')); slash++) {
		*slash = 0;
		rc = add_directory(tree, name, err);
		*slash = '/';
	}
	return rc;
}

static int add_copy(struct tree *tree, const char *path, const char *source, struct error *err)
{
	int rc = add_above(tree, path, err);

	return rc ? rc : initramfs_add_file(tree->archive, path + 1, 0755, source, err);
}

/* The loader lists "NAME => PATH (ADDRESS)" or "PATH (ADDRESS)", one library per line. */
static int add_libraries(struct tree *tree, const char *program, struct error *err)
{
	const char *const argv[] = {LOADER, "--list", program, NULL};
	cleanup_free char *text = NULL;
	int rc = command_run(argv, NULL, LIST_MS, &text, NULL);

	if (rc < 0)
		return 0; /* a static program */
	for (char *rest = text, *line; rc == 0 && (line = strsep(&rest, "\n"));) {
		char *path = strchr(line, '/');

		if (!path)
			continue; /* the vDSO */
		path[strcspn(path, " ")] = 0;
		rc = add_copy(tree, path, path, err);
	}
	return rc;
}

static int find_runtime(char path[PATH_MAX], struct error *err)
{
	if (program_find("runc", path) == 0)
		return 0;
	return error_set(
		err, -ENOENT,
		"runc is not installed, so it cannot go into the guest: apt-get install runc");
}

/* `container` with its defaults, in a guest that has cgroups v2 and numbers its CPUs from 0. */
static json_t *make_config(const struct instance *instance, struct error *err)
{
	struct container container = {
		.options = {.net = NET_BRIDGE,
			    .storage = STORAGE_OVERLAY,
			    .cpu = CPU_LIMIT_SET,
			    .namespaces = NAMESPACE_MOUNT | NAMESPACE_PID | NAMESPACE_IPC |
					  NAMESPACE_UTS | NAMESPACE_CGROUP,
			    .seccomp = true,
			    .cgroup = true},
		.name = "tare-nested",
		.root = GUEST_ROOT,
		.namespace_path = GUEST_NETNS,
	};
	static const struct runtime runc = {.name = "runc"};
	struct site guest = *instance->site;
	int cpus[64];

	container.options.runtime = &runc;
	guest.memory_node = -1; /* the guest has one */
	guest.trial_cpus = cpus;
	if (guest.trial_cpu_count > 64)
		guest.trial_cpu_count = 64;
	for (int i = 0; i < guest.trial_cpu_count; i++)
		cpus[i] = i;
	return container_config(&container, &guest, err);
}

static int add_config(struct tree *tree, const struct instance *instance, struct error *err)
{
	cleanup_json json_t *config = make_config(instance, err);
	cleanup_free char *text = config ? json_dumps(config, JSON_COMPACT) : NULL;
	int rc;

	if (!text)
		return config ? error_errno(err, -ENOMEM, "config.json") : -EIO;
	rc = add_above(tree, GUEST_BUNDLE "/config.json", err);
	if (rc < 0)
		return rc;
	return initramfs_add_data(tree->archive, GUEST_BUNDLE "/config.json" + 1, 0600, text,
				  strlen(text), err);
}

static int add_image(struct tree *tree, const struct instance *instance, struct error *err)
{
	static const char *const directories[] = {"proc", "sys", "dev", "etc", "tmp", "scratch"};
	int rc = add_copy(tree, GUEST_IMAGE "/tare-agent", instance->site->agent_path, err);

	for (size_t i = 0; i < sizeof(directories) / sizeof(directories[0]) && rc == 0; i++) {
		char name[64];

		snprintf(name, sizeof(name), "%s/%s", GUEST_IMAGE + 1, directories[i]);
		rc = add_directory(tree, name, err);
	}
	return rc;
}

/* The runtime, its libraries, the bundle, and the image. */
static int fill(struct initramfs *archive, const struct instance *instance, struct error *err)
{
	struct tree tree = {.archive = archive};
	char runtime[PATH_MAX];
	int rc = find_runtime(runtime, err);

	rc = rc ?: add_copy(&tree, GUEST_RUNTIME, runtime, err);
	rc = rc ?: add_libraries(&tree, runtime, err);
	rc = rc ?: add_config(&tree, instance, err);
	rc = rc ?: add_image(&tree, instance, err);
	rc = rc ?: add_directory(&tree, GUEST_ROOT + 1, err);
	rc = rc ?: add_directory(&tree, "run", err);
	tree_finish(&tree);
	return rc;
}

static int nested_probe(const struct environment *env, const struct site *site,
			struct availability *availability)
{
	char path[PATH_MAX], label[sizeof(availability->label)];
	struct error err;

	vm_probe(env, site, availability);
	snprintf(label, sizeof(label), "container in %.70s", availability->label);
	memcpy(availability->label, label, sizeof(label));
	if (availability->usable && find_runtime(path, &err) < 0) {
		availability->usable = false;
		snprintf(availability->reason, sizeof(availability->reason), "%.500s", err.message);
	}
	return 0;
}

static int nested_start(struct instance *instance, struct error *err)
{
	int rc = vm_start_guest(instance, fill, err);

	instance->scratch = CONTAINER_SCRATCH;
	return rc;
}

static json_t *nested_describe(struct instance *instance)
{
	json_t *description = vm_describe(instance);
	char path[PATH_MAX], hash[65] = "";
	struct error err = {0};

	if (find_runtime(path, NULL) == 0)
		file_sha256(path, hash, NULL);
	json_object_set_new(description, "driver", json_string("nested"));
	json_object_set_new(description, "container",
			    json_pack("{s:s, s:s, s:s, s:o*}", "runtime", "runc", "sha256", hash,
				      "seccomp_profile", container_seccomp_origin, "config",
				      make_config(instance, &err)));
	return description;
}

const struct driver nested_driver = {
	.name = "nested",
	.summary = "a container inside the virtual machine",
	.style = STYLE_PURPLE_INVERTED_TRIANGLE,
	.checks = vm_checks,
	.options = vm_options,
	.presets = vm_presets,
	.needs_root = true,
	.probe = nested_probe,
	.start = nested_start,
	.stop = vm_stop,
	.stats = vm_stats,
	.describe = nested_describe,
	.last_words = vm_last_words,
};
