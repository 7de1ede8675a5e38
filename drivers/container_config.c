/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The OCI configuration (config.json) of a container. Mounts, masked and read-only paths and
 * capabilities are those of Docker (oci/defaults.go and oci/caps/defaults.go, 20.10.24).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "drivers/container.h"
#include "drivers/network.h"
#include "base/cleanup.h"

#define PIDS_LIMIT 4096
#define QUOTA_PERIOD_US 100000
#define SHARES_PER_CPU 1024

/* By number. Those that the kernel lacks are not in its bounding set. */
static const char *const capability_names[] = {
	"CAP_CHOWN",
	"CAP_DAC_OVERRIDE",
	"CAP_DAC_READ_SEARCH",
	"CAP_FOWNER",
	"CAP_FSETID",
	"CAP_KILL",
	"CAP_SETGID",
	"CAP_SETUID",
	"CAP_SETPCAP",
	"CAP_LINUX_IMMUTABLE",
	"CAP_NET_BIND_SERVICE",
	"CAP_NET_BROADCAST",
	"CAP_NET_ADMIN",
	"CAP_NET_RAW",
	"CAP_IPC_LOCK",
	"CAP_IPC_OWNER",
	"CAP_SYS_MODULE",
	"CAP_SYS_RAWIO",
	"CAP_SYS_CHROOT",
	"CAP_SYS_PTRACE",
	"CAP_SYS_PACCT",
	"CAP_SYS_ADMIN",
	"CAP_SYS_BOOT",
	"CAP_SYS_NICE",
	"CAP_SYS_RESOURCE",
	"CAP_SYS_TIME",
	"CAP_SYS_TTY_CONFIG",
	"CAP_MKNOD",
	"CAP_LEASE",
	"CAP_AUDIT_WRITE",
	"CAP_AUDIT_CONTROL",
	"CAP_SETFCAP",
	"CAP_MAC_OVERRIDE",
	"CAP_MAC_ADMIN",
	"CAP_SYSLOG",
	"CAP_WAKE_ALARM",
	"CAP_BLOCK_SUSPEND",
	"CAP_AUDIT_READ",
	"CAP_PERFMON",
	"CAP_BPF",
	"CAP_CHECKPOINT_RESTORE",
};
#define CAPABILITY_COUNT (sizeof(capability_names) / sizeof(*capability_names))

static const char *const docker_capabilities[] = {
	"CAP_CHOWN",   "CAP_DAC_OVERRIDE", "CAP_FSETID",           "CAP_FOWNER",
	"CAP_MKNOD",   "CAP_NET_RAW",      "CAP_SETGID",           "CAP_SETUID",
	"CAP_SETFCAP", "CAP_SETPCAP",      "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT",
	"CAP_KILL",    "CAP_AUDIT_WRITE",
};

static const char *const masked_paths[] = {
	"/proc/asound",        "/proc/acpi",       "/proc/kcore",       "/proc/keys",
	"/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug",
	"/proc/scsi",          "/sys/firmware",
};

static const char *const read_only_paths[] = {
	"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger",
};

static const struct {
	const char *destination, *type, *source, *options;
} mounts[] = {
	{"/proc", "proc", "proc", "nosuid,noexec,nodev"},
	{"/dev", "tmpfs", "tmpfs", "nosuid,strictatime,mode=755,size=65536k"},
	{"/dev/pts", "devpts", "devpts", "nosuid,noexec,newinstance,ptmxmode=0666,mode=0620,gid=5"},
	{"/sys", "sysfs", "sysfs", "nosuid,noexec,nodev,ro"},
	{"/sys/fs/cgroup", "cgroup", "cgroup", "ro,nosuid,noexec,nodev"},
	{"/dev/mqueue", "mqueue", "mqueue", "nosuid,noexec,nodev"},
	{"/dev/shm", "tmpfs", "shm", "nosuid,noexec,nodev,mode=1777,size=65536k"},
};

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))

static json_t *string_array(const char *const *strings, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, json_string(strings[i]));
	return array;
}

/* "a,b,c" as an array. */
static json_t *split(const char *text)
{
	json_t *array = json_array();

	while (*text) {
		size_t length = strcspn(text, ",");

		json_array_append_new(array, json_stringn(text, length));
		text += length + (text[length] == ',');
	}
	return array;
}

static unsigned long long own_capabilities(void)
{
	json_t *field = process_status_field((pid_t)getpid(), "CapBnd");
	unsigned long long mask =
		json_is_string(field) ? strtoull(json_string_value(field), NULL, 16) : 0;

	json_decref(field);
	return mask;
}

static bool is_docker_default(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(docker_capabilities); i++)
		if (!strcmp(docker_capabilities[i], name))
			return true;
	return false;
}

/* Docker lets a container create device nodes, because the cgroup's device list restricts what it
 * can open. Without a cgroup it could open the host's disks. */
static bool is_given(const struct container_options *options, const char *name)
{
	if (options->all_capabilities)
		return true;
	return is_docker_default(name) && (options->cgroup || strcmp(name, "CAP_MKNOD") != 0);
}

json_t *container_capabilities(const struct container_options *options)
{
	unsigned long long own = own_capabilities();
	json_t *names = json_array();

	for (size_t i = 0; i < CAPABILITY_COUNT; i++)
		if (own >> i & 1 && is_given(options, capability_names[i]))
			json_array_append_new(names, json_string(capability_names[i]));
	return names;
}

static json_t *process(const struct container *container, json_t *capabilities)
{
	const char *const environment[] = AGENT_ENVIRONMENT;

	return json_pack("{s:b, s:{s:i, s:i}, s:[s], s:o, s:s, s:{s:O, s:O, s:O}, s:b}", "terminal",
			 0, "user", "uid", 0, "gid", 0, "args", "/tare-agent", "env",
			 string_array(environment, COUNT_OF(environment) - 1), "cwd", "/",
			 "capabilities", "bounding", capabilities, "effective", capabilities,
			 "permitted", capabilities, "noNewPrivileges",
			 container->options.no_new_privileges);
}

static json_t *mount_entry(const char *destination, const char *type, const char *source,
			   const char *options)
{
	return json_pack("{s:s, s:s, s:s, s:o}", "destination", destination, "type", type, "source",
			 source, "options", split(options));
}

/* The overlay's scratch directory needs its own mount only if the root is read-only. */
static json_t *scratch_mount(const struct container *container, const struct site *site)
{
	char source[PATH_MAX + 16], size[64];

	switch (container->options.storage) {
	case STORAGE_VOLUME:
		snprintf(source, sizeof(source), "%s/volume", container->scratch);
		return mount_entry(CONTAINER_SCRATCH, "bind", source, "rbind,rprivate,rw");
	case STORAGE_TMPFS:
		snprintf(size, sizeof(size), "nosuid,nodev,mode=755,size=%llu",
			 (unsigned long long)site->scratch_bytes);
		return mount_entry(CONTAINER_SCRATCH, "tmpfs", "tmpfs", size);
	case STORAGE_OVERLAY:
		if (!container->options.read_only)
			return NULL;
		snprintf(source, sizeof(source), "%s" CONTAINER_SCRATCH, container->root);
		return mount_entry(CONTAINER_SCRATCH, "bind", source, "rbind,rprivate,rw");
	}
	return NULL;
}

static json_t *all_mounts(const struct container *container, const struct site *site)
{
	json_t *array = json_array(), *scratch;

	for (size_t i = 0; i < COUNT_OF(mounts); i++) {
		if (!strcmp(mounts[i].type, "cgroup") &&
		    container->options.runtime->ignores_cgroups)
			continue;
		json_array_append_new(array, mount_entry(mounts[i].destination, mounts[i].type,
							 mounts[i].source, mounts[i].options));
	}
	scratch = scratch_mount(container, site);
	if (scratch)
		json_array_append_new(array, scratch);
	return array;
}

static json_t *namespaces(const struct container *container)
{
	static const struct {
		enum container_namespace flag;
		const char *type;
	} known[] = {
		{NAMESPACE_MOUNT, "mount"}, {NAMESPACE_PID, "pid"},       {NAMESPACE_IPC, "ipc"},
		{NAMESPACE_UTS, "uts"},     {NAMESPACE_CGROUP, "cgroup"},
	};
	json_t *array = json_array();

	for (size_t i = 0; i < COUNT_OF(known); i++)
		if (container->options.namespaces & known[i].flag)
			json_array_append_new(array, json_pack("{s:s}", "type", known[i].type));
	if (container->namespace_path[0])
		json_array_append_new(array, json_pack("{s:s, s:s}", "type", "network", "path",
						       container->namespace_path));
	else if (container->options.runtime->no_network)
		json_array_append_new(array, json_pack("{s:s}", "type", "network"));
	return array;
}

static json_t *cpu_limit(const struct container_options *options, const struct site *site)
{
	char cpus[1024];
	json_t *limit;

	switch (options->cpu) {
	case CPU_LIMIT_SHARES:
		return json_pack("{s:i}", "shares", SHARES_PER_CPU * site->trial_cpu_count);
	case CPU_LIMIT_QUOTA:
		return json_pack("{s:i, s:i}", "quota", QUOTA_PERIOD_US * site->trial_cpu_count,
				 "period", QUOTA_PERIOD_US);
	case CPU_LIMIT_SET:
		break;
	}
	cpu_list(site->trial_cpus, site->trial_cpu_count, cpus, sizeof(cpus));
	limit = json_pack("{s:s}", "cpus", cpus);
	if (site->memory_node >= 0)
		json_object_set_new(limit, "mems", json_sprintf("%d", site->memory_node));
	return limit;
}

/* Without swap a limit is neither needed nor, without swap accounting, accepted. */
static bool host_has_swap(void)
{
	cleanup_file FILE *file = fopen("/proc/swaps", "re");
	char line[512];
	int lines = 0;

	while (file && fgets(line, sizeof(line), file))
		lines++;
	return lines > 1;
}

static json_t *resources(const struct container_options *options, const struct site *site)
{
	json_t *limits = json_pack("{s:[{s:b, s:s}]}", "devices", "allow", 0, "access", "rwm");
	json_t *memory;

	if (!options->cgroup)
		return limits;
	memory = json_pack("{s:I}", "limit", (json_int_t)site->memory_bytes);
	if (host_has_swap()) /* memory plus swap, so no swap */
		json_object_set_new(memory, "swap", json_integer((json_int_t)site->memory_bytes));
	json_object_set_new(limits, "memory", memory);
	json_object_set_new(limits, "cpu", cpu_limit(options, site));
	json_object_set_new(limits, "pids", json_pack("{s:i}", "limit", PIDS_LIMIT));
	return limits;
}

static json_t *linux_part(const struct container *container, const struct site *site,
			  json_t *capabilities, struct error *err)
{
	const struct container_options *options = &container->options;
	char cgroup[sizeof(container->name) + 1];
	json_t *part, *seccomp;

	snprintf(cgroup, sizeof(cgroup), "/%s", container->name);
	part = json_pack("{s:s, s:o, s:o}", "cgroupsPath", cgroup, "namespaces",
			 namespaces(container), "resources", resources(options, site));
	json_object_set_new(part, "maskedPaths",
			    string_array(masked_paths, COUNT_OF(masked_paths)));
	json_object_set_new(part, "readonlyPaths",
			    string_array(read_only_paths, COUNT_OF(read_only_paths)));
	if (!options->seccomp)
		return part;
	seccomp = container_seccomp(capabilities, err);
	if (!seccomp) {
		json_decref(part);
		return NULL;
	}
	json_object_set_new(part, "seccomp", seccomp);
	return part;
}

json_t *container_config(const struct container *container, const struct site *site,
			 struct error *err)
{
	cleanup_json json_t *capabilities = container_capabilities(&container->options);
	json_t *config, *part = linux_part(container, site, capabilities, err);

	if (!part)
		return NULL;
	config = json_pack("{s:s, s:o, s:{s:s, s:b}, s:o, s:o}", "ociVersion", "1.0.2", "process",
			   process(container, capabilities), "root", "path", container->root,
			   "readonly", container->options.read_only, "mounts",
			   all_mounts(container, site), "linux", part);
	if (config && container->options.namespaces & NAMESPACE_UTS)
		json_object_set_new(config, "hostname", json_string("tare"));
	if (!config)
		error_errno(err, -ENOMEM, "the container's configuration");
	return config;
}
