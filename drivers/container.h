/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to the container driver: container.c starts and stops, container_options.c reads the
 * options, container_config.c and container_seccomp.c convert them to OCI, container_root.c creates
 * the root file system, container_describe.c describes the result. */
#pragma once

#include <limits.h>
#include <stdbool.h>

#include "drivers/agent_stream.h"
#include "drivers/cgroup.h"
#include "drivers/driver.h"

#define CONTAINER_SCRATCH "/scratch" /* as the agent sees it */

enum container_net { NET_BRIDGE, NET_NAT, NET_HOST };
enum container_storage { STORAGE_OVERLAY, STORAGE_VOLUME, STORAGE_TMPFS };
enum container_cpu { CPU_LIMIT_SET, CPU_LIMIT_SHARES, CPU_LIMIT_QUOTA };

/* `net` decides on the network namespace; there is always a mount namespace. */
enum container_namespace {
	NAMESPACE_MOUNT = 1 << 0,
	NAMESPACE_PID = 1 << 1,
	NAMESPACE_IPC = 1 << 2,
	NAMESPACE_UTS = 1 << 3,
	NAMESPACE_CGROUP = 1 << 4,
};

/* How the OCI runtimes differ. */
struct runtime {
	const char *name;
	const char *package;          /* package that installs it */
	const char *const *arguments; /* global options, NULL-terminated; NULL: none */
	bool ignores_cgroups;         /* options for creating no cgroup */
	bool no_network;              /* options for a network with only loopback */
	bool pure_cgroups;            /* does not support v1 and v2 side by side */
	const char *caveat;           /* why it is not comparable with containers; NULL: it is */
};

struct container_options {
	const struct runtime *runtime;
	enum container_net net;
	enum container_storage storage;
	enum container_cpu cpu;
	unsigned int namespaces; /* of enum container_namespace */
	bool seccomp, all_capabilities, cgroup, no_new_privileges, read_only;
};

struct container {
	struct container_options options;
	struct cgroups cgroups;
	char name[160];         /* "tare-<run>-<id>": its cgroup and host name */
	char bundle[PATH_MAX];  /* config.json, rootfs/, the runtime's state */
	char scratch[PATH_MAX]; /* on the host: lower, upper, work; or volume */
	char root[PATH_MAX];    /* where the overlay is mounted */
	char namespace_path[128];
	bool mounted, attached, in_cgroup;
	int pid, pidfd;
	struct agent_stream stream;
};

extern const struct option_spec container_option_table[];
extern const struct preset container_presets[];

/* Reads the options of `env` on a host with these cgroups; -ENOTSUP with the reason if they
 * conflict with each other or with this host. */
int container_resolve(const struct environment *env, const struct cgroups *cgroups,
		      struct container_options *options, struct error *err);
/* "container (runc, net=host)": lists what differs from the defaults. */
void container_label(const struct environment *env, char *label, size_t size);

/* Creates the root and the scratch directory and mounts what is needed; or undoes it. */
int container_make_root(struct container *container, struct instance *instance, struct error *err);
void container_remove_root(struct container *container, struct instance *instance);

/* The OCI configuration; a new reference; NULL if there is no memory. */
json_t *container_config(const struct container *container, const struct site *site,
			 struct error *err);
/* Names of its capabilities: Docker's defaults or all, as far as we have them. */
json_t *container_capabilities(const struct container_options *options);

/* The driver's stats and describe. */
int container_stats(struct instance *instance, struct instance_cost *cost);
json_t *container_describe(struct instance *instance);

/* Docker's default profile as OCI, for a container with these capabilities; a new reference. */
json_t *container_seccomp(json_t *capabilities, struct error *err);
/* Where that profile comes from, in one line. */
extern const char container_seccomp_origin[];
