/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Describes a running container from outside. */
#include <stdio.h>
#include <string.h>

#include "drivers/container.h"
#include "drivers/process.h"
#include "base/cleanup.h"
#include "base/command.h"

#define RUNTIME_TIMEOUT_MS 20000

int container_stats(struct instance *instance, struct instance_cost *cost)
{
	struct container *container = instance->state;
	int rc;

	*cost = (struct instance_cost){
		.guest_seconds = -1,
		.exits = -1,
		.call_seconds = -1,
	};
	rc = process_tree_cost(container->pid, &cost->cpu_seconds, &cost->memory_bytes);
	if (rc || !container->in_cgroup)
		return rc;
	cost->cpu_seconds = cgroup_cpu(&container->cgroups, instance->target.cgroup);
	return 0;
}

static json_t *runtime_version(const struct container *container)
{
	const char *const argv[] = {container->options.runtime->name, "--version", NULL};
	cleanup_free char *output = NULL;

	if (command_run(argv, NULL, RUNTIME_TIMEOUT_MS, &output, NULL) || !output)
		return json_null();
	return json_stringn(output, strcspn(output, "\n"));
}

/* What the kernel reports about the agent, whatever was configured. */
static json_t *read_back(const struct container *container)
{
	static const char *const fields[] = {"Cpus_allowed_list", "CapEff",          "CapBnd",
					     "Seccomp",           "Seccomp_filters", "NoNewPrivs"};
	static const char *const types[] = {"mnt", "pid", "ipc", "uts", "cgroup", "net"};
	json_t *status = json_object(), *namespaces = json_object();

	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		json_object_set_new(status, fields[i],
				    process_status_field(container->pid, fields[i]));
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		json_object_set_new(namespaces, types[i],
				    process_namespace(container->pid, types[i]));
	return json_pack("{s:o, s:o}", "status", status, "namespaces", namespaces);
}

/* The 350 system calls are not listed, only their source. */
static json_t *config_told(const struct container *container, const struct site *site)
{
	json_t *config = container_config(container, site, NULL);
	json_t *part = json_object_get(config, "linux");
	json_t *seccomp = json_object_get(part, "seccomp");

	if (seccomp)
		json_object_set_new(
			part, "seccomp",
			json_pack("{s:s, s:i}", "origin", container_seccomp_origin, "rules",
				  (int)json_array_size(json_object_get(seccomp, "syscalls"))));
	return config ? config : json_null();
}

/* What a fair comparison must keep equal or report as different. */
static json_t *parity(const struct container *container, const struct instance *instance)
{
	const struct environment *env = instance->environment;
	bool tmpfs = container->options.storage == STORAGE_TMPFS;
	json_t *facts = json_pack(
		"{s:s, s:s, s:o, s:s}", "cpu_limit",
		container->in_cgroup ? environment_option(env, "cpu") : "affinity",
		"scratch_storage", environment_option(env, "storage"), "scratch_file_system",
		tmpfs ? json_string("tmpfs") : file_system_type(container->scratch), "network",
		instance->address[0] ? environment_option(env, "net") : "none");

	json_object_set_new(facts, "memory_limit",
			    container->in_cgroup
				    ? json_integer((json_int_t)instance->site->memory_bytes)
				    : json_string("none"));
	return facts;
}

json_t *container_describe(struct instance *instance)
{
	struct container *container = instance->state;

	return json_pack("{s:s, s:o, s:s, s:i, s:o, s:o, s:{s:s, s:s, s:o}, s:s, s:o}", "driver",
			 "container", "runtime", runtime_version(container), "cgroups",
			 cgroup_mode_name(container->cgroups.mode), "pid", container->pid, "config",
			 config_told(container, instance->site), "read_back", read_back(container),
			 "scratch", "storage", environment_option(instance->environment, "storage"),
			 "directory", container->scratch, "file_system",
			 file_system_type(container->scratch), "apparmor",
			 "none (Docker loads docker-default where the host has AppArmor)", "parity",
			 parity(container, instance));
}
