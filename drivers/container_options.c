/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The container's option table and the meaning of each value. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "drivers/container.h"

#define NAMESPACE_DOCKER (NAMESPACE_MOUNT | NAMESPACE_PID | NAMESPACE_IPC | NAMESPACE_UTS)

static const struct {
	const char *name;
	enum container_namespace flag;
} namespaces[] = {
	{"mount", NAMESPACE_MOUNT}, {"pid", NAMESPACE_PID},       {"ipc", NAMESPACE_IPC},
	{"uts", NAMESPACE_UTS},     {"cgroup", NAMESPACE_CGROUP},
};
#define NAMESPACE_COUNT (sizeof(namespaces) / sizeof(*namespaces))

static const char *const runsc_arguments[] = {"--platform=ptrace", "--network=none",
					      "--ignore-cgroups", NULL};

static const struct runtime runtimes[] = {
	{.name = "runc", .package = "runc"},
	{.name = "crun", .package = "crun", .pure_cgroups = true},
	{
		.name = "runsc",
		.package = "runsc",
		.arguments = runsc_arguments,
		.ignores_cgroups = true,
		.no_network = true,
		.caveat = "gVisor handles system calls itself; platform=ptrace, its slowest, which "
			  "works everywhere; no network, no cgroup; its file server's CPU time is "
			  "not counted",
	},
};

static const char *const runtime_names[] = {"runc", "crun", "runsc", NULL};
static const char *const net_names[] = {"bridge", "nat", "host", NULL};
static const char *const storage_names[] = {"overlay", "volume", "tmpfs", NULL};
static const char *const cpu_names[] = {"set", "shares", "quota", NULL};
static const char *const seccomp_names[] = {"default", "off", NULL};
static const char *const capability_names[] = {"default", "all", NULL};
static const char *const on_off[] = {"on", "off", NULL};

/* "all" or names joined by "+". Always with mount: otherwise a runtime would set up the container's
 * /dev, /proc and root in the host's mount namespace. */
static int parse_namespaces(const char *text, bool v2, unsigned int *flags, struct error *err)
{
	*flags = 0;
	if (!strcmp(text, "all")) {
		*flags = NAMESPACE_DOCKER | (v2 ? (unsigned int)NAMESPACE_CGROUP : 0);
		return 0;
	}
	while (*text) {
		size_t length = strcspn(text, "+"), i = 0;

		while (i < NAMESPACE_COUNT && (strlen(namespaces[i].name) != length ||
					       strncmp(namespaces[i].name, text, length)))
			i++;
		if (i == NAMESPACE_COUNT)
			return error_set(err, -EINVAL,
					 "invalid namespace \"%.*s\"; give all, or mount and any "
					 "of pid, ipc, uts, cgroup, joined by +",
					 (int)length, text);
		*flags |= namespaces[i].flag;
		text += length + (text[length] == '+');
	}
	if (!(*flags & NAMESPACE_MOUNT))
		return error_set(
			err, -EINVAL,
			"without mount the runtime would change the host's own mounts (an agent "
			"without namespaces is `bare`)");
	return 0;
}

static int check_namespaces(const char *value, struct error *err)
{
	unsigned int flags;

	return parse_namespaces(value, false, &flags, err);
}

const struct option_spec container_option_table[] = {
	{"runtime", "runc", "the OCI runtime", .choices = runtime_names},
	{"net", "bridge",
	 "a veth on a bridge; the same with Docker's masquerading and published ports; or the "
	 "host's network namespace",
	 .choices = net_names},
	{"storage", "overlay",
	 "where the scratch directory is: the writable layer of the overlay root; a bind-mounted "
	 "volume; or memory",
	 .choices = storage_names},
	{"cpu", "set",
	 "how CPU time is limited: to the trial's CPUs; by weight only, on all CPUs; by a quota of "
	 "as many CPUs, on all CPUs",
	 .choices = cpu_names},
	{"namespaces", "all",
	 "mount, pid, ipc, uts, cgroup; all: those of Docker (cgroup only on cgroups v2); net "
	 "decides on the network namespace",
	 .placeholder = "all|mount+NAME...", .check = check_namespaces},
	{"cgroup", "on", "a cgroup that limits memory, CPU time and processes", .choices = on_off},
	{"seccomp", "default", "Docker's default system call filter", .choices = seccomp_names},
	{"caps", "default", "Docker's default capabilities, or all", .choices = capability_names},
	{"no_new_privs", "off", "as `docker run --security-opt no-new-privileges`",
	 .choices = on_off},
	{"readonly", "off", "a read-only root; the scratch directory stays writable",
	 .choices = on_off},
	{0},
};

const struct preset container_presets[] = {
	{"docker", "net=nat", "what `docker run -p` sets up"},
	{"host", "net=host,storage=volume", "`docker run --network host` with a volume"},
	{0},
};

static int choice(const struct environment *env, const char *name, const char *const *names)
{
	const char *value = environment_option(env, name);
	int i = 0;

	while (names[i] && strcmp(names[i], value))
		i++;
	return i;
}

static bool is_on(const struct environment *env, const char *name)
{
	return choice(env, name, on_off) == 0;
}

/* Options that conflict with each other or with this host. */
static int check_together(const struct container_options *options, const struct cgroups *cgroups,
			  struct error *err)
{
	const struct runtime *runtime = options->runtime;

	if (!options->cgroup && options->cpu != CPU_LIMIT_SET)
		return error_set(err, -ENOTSUP, "cpu=shares and cpu=quota need cgroup=on");
	if (cgroup_obstacle(cgroups))
		return error_set(err, -ENOTSUP, "%s cannot start a container: %s", runtime->name,
				 cgroup_obstacle(cgroups));
	if (runtime->pure_cgroups && cgroups->mode == CGROUP_HYBRID)
		return error_set(
			err, -ENOTSUP,
			"this host mounts cgroups v1 and v2 side by side (hybrid), which %s does "
			"not support; boot with systemd.unified_cgroup_hierarchy=1, or use "
			"runtime=runc",
			runtime->name);
	if (runtime->ignores_cgroups && (options->cpu != CPU_LIMIT_SET))
		return error_set(err, -ENOTSUP, "%s runs without cgroups, so it needs cpu=set",
				 runtime->name);
	return 0;
}

int container_resolve(const struct environment *env, const struct cgroups *cgroups,
		      struct container_options *options, struct error *err)
{
	int rc;

	*options = (struct container_options){
		.runtime = &runtimes[choice(env, "runtime", runtime_names)],
		.net = (enum container_net)choice(env, "net", net_names),
		.storage = (enum container_storage)choice(env, "storage", storage_names),
		.cpu = (enum container_cpu)choice(env, "cpu", cpu_names),
		.seccomp = choice(env, "seccomp", seccomp_names) == 0,
		.all_capabilities = choice(env, "caps", capability_names) == 1,
		.cgroup = is_on(env, "cgroup"),
		.no_new_privileges = is_on(env, "no_new_privs"),
		.read_only = is_on(env, "readonly"),
	};
	rc = parse_namespaces(environment_option(env, "namespaces"), cgroups->mode == CGROUP_V2,
			      &options->namespaces, err);
	return rc ? rc : check_together(options, cgroups, err);
}

void container_label(const struct environment *env, char *label, size_t size)
{
	size_t used =
		(size_t)snprintf(label, size, "container (%s", environment_option(env, "runtime"));

	for (int i = 1; container_option_table[i].name && used < size; i++)
		if (strcmp(env->values[i], container_option_table[i].fallback))
			used += (size_t)snprintf(label + used, size - used, ", %s=%s",
						 container_option_table[i].name, env->values[i]);
	if (used < size)
		used += (size_t)snprintf(label + used, size - used, ")");
	if (used >= size)
		snprintf(label + size - 5, 5, "...)");
}
