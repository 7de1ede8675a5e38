/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `container`: the agent as PID 1 of an OCI container, set up as in Docker, by a runtime (runc,
 * crun, runsc) that is executed on a bundle written here. Each option removes or replaces one of
 * Docker's techniques, so that its cost can be measured. */
#include "drivers/container.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "drivers/network.h"
#include "drivers/resources_remove.h"
#include "base/cleanup.h"
#include "base/command.h"
#include "base/file.h"
#include "base/hypervisor.h"

#define RUNTIME_TIMEOUT_MS 20000
#define STOP_TIMEOUT_MS 1000
#define ARGUMENTS_MAX 24

static int check_host(const struct environment *env, struct container_options *options,
		      struct cgroups *cgroups, struct error *err)
{
	char path[PATH_MAX];
	int rc = cgroups_read("/proc/self/mounts", cgroups, err);

	rc = rc ?: container_resolve(env, cgroups, options, err);
	if (rc)
		return rc;
	if (program_find(options->runtime->name, path))
		return error_set(
			err, -ENOENT,
			"%s is not installed, so the container cannot start: apt-get install %s",
			options->runtime->name, options->runtime->package);
	if (geteuid() != 0)
		return error_set(
			err, -EPERM,
			"containers with limits and a network need root (sudo tare run ...)");
	return 0;
}

static int container_probe(const struct environment *env, const struct site *site,
			   struct availability *availability)
{
	struct container_options options;
	struct cgroups cgroups;
	const char *why = "";
	struct error err;

	(void)site;
	*availability = (struct availability){0};
	container_label(env, availability->label, sizeof(availability->label));
	availability->usable = !check_host(env, &options, &cgroups, &err);
	if (!availability->usable) {
		snprintf(availability->reason, sizeof(availability->reason), "%.500s", err.message);
		return 0;
	}
	if (options.runtime->caveat)
		why = options.runtime->caveat;
	else if (options.storage == STORAGE_TMPFS)
		why = "its scratch directory is in memory, so no disk is measured";
	availability->comparable = !*why;
	availability->no_network = options.runtime->no_network;
	snprintf(availability->reason, sizeof(availability->reason), "%s", why);
	return 0;
}

/* ---- start ---- */

static int attach_network(struct container *container, struct instance *instance, struct error *err)
{
	struct network *network = instance->site->network;
	int rc = 0;

	if (!network || container->options.runtime->no_network)
		return 0;
	switch (container->options.net) {
	case NET_BRIDGE:
		rc = network_attach_namespace(network, instance->id, instance->address,
					      container->namespace_path, err);
		break;
	case NET_NAT:
		rc = network_attach_nat(network, instance->id, instance->address,
					container->namespace_path, err);
		break;
	case NET_HOST:
		snprintf(instance->address, sizeof(instance->address), "%s", NETWORK_ADDRESS_HOST);
		snprintf(container->namespace_path, sizeof(container->namespace_path),
			 "/run/netns/%s", network_host_name(network));
		return 0;
	}
	container->attached = !rc;
	return rc;
}

static int write_config(const struct container *container, const struct site *site,
			struct error *err)
{
	cleanup_json json_t *config = container_config(container, site, err);
	cleanup_free char *path = NULL;

	if (!config)
		return err ? err->code : -EIO;
	if (asprintf(&path, "%s/config.json", container->bundle) < 0)
		return error_errno(err, -ENOMEM, "the container's configuration");
	errno = 0;
	if (json_dump_file(config, path, JSON_COMPACT))
		return error_errno(err, errno ? -errno : -EIO, "writing %s", path);
	return 0;
}

/* "RUNTIME [OPTION...] --root STATE COMMAND [ARGUMENT...]"; both lists end with NULL. */
static void runtime_arguments(const struct container *container, const char *state,
			      const char *const *command, const char *argv[ARGUMENTS_MAX])
{
	const char *const *options = container->options.runtime->arguments;
	int count = 0;

	argv[count++] = container->options.runtime->name;
	for (; options && *options; options++)
		argv[count++] = *options;
	argv[count++] = "--root";
	argv[count++] = state;
	for (; *command && count < ARGUMENTS_MAX - 1; command++)
		argv[count++] = *command;
	argv[count] = NULL;
}

static void state_path(const struct container *container, char path[PATH_MAX + 8])
{
	snprintf(path, PATH_MAX + 8, "%s/state", container->bundle);
}

static int run_runtime(const struct container *container, const char *const *command,
		       struct error *err)
{
	const char *argv[ARGUMENTS_MAX];
	char state[PATH_MAX + 8];

	state_path(container, state);
	runtime_arguments(container, state, command, argv);
	return command_run(argv, NULL, RUNTIME_TIMEOUT_MS, NULL, err);
}

/* Its name in the journal, by which resources_remove.c deletes it. */
static void journal_name(const struct container *container, const struct instance *instance,
			 char *name, size_t size)
{
	char state[PATH_MAX + 8];

	state_path(container, state);
	snprintf(name, size, "%s %s %s", container->options.runtime->name, state, instance->id);
}

/* Its cgroups, which the runtime creates at the same path in every hierarchy. */
static void cgroup_path(const struct container *container, int i, char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, "%s/%s", container->cgroups.mounts[i].path, container->name);
}

static int enter_in_journal(const struct container *container, const struct instance *instance,
			    struct error *err)
{
	struct resources *res = instance->site->resources;
	char path[PATH_MAX], name[PATH_MAX + 256];
	int rc = 0;

	for (int i = 0; i < container->cgroups.count && !rc; i++) {
		cgroup_path(container, i, path);
		rc = resources_add(res, RESOURCE_CGROUP, path, err);
	}
	journal_name(container, instance, name, sizeof(name));
	return rc ? rc : resources_add(res, RESOURCE_CONTAINER, name, err);
}

static int create(struct container *container, struct instance *instance, struct error *err)
{
	char state[PATH_MAX + 8], pid_file[PATH_MAX + 8], line[32];
	const char *const command[] = {"create",     "--bundle", container->bundle,
				       "--pid-file", pid_file,   instance->id,
				       NULL};
	const char *argv[ARGUMENTS_MAX];
	int rc;

	state_path(container, state);
	snprintf(pid_file, sizeof(pid_file), "%s/pid", container->bundle);
	runtime_arguments(container, state, command, argv);
	rc = agent_stream_spawn(&container->stream, argv, instance,
				host_limit_ms(RUNTIME_TIMEOUT_MS), err);
	if (rc)
		return rc;
	rc = file_line(pid_file, line, sizeof(line));
	container->pid = atoi(line);
	if (rc || container->pid <= 1)
		return error_set(err, -EIO, "%s wrote no process id to %s", argv[0], pid_file);
	container->pidfd = (int)syscall(SYS_pidfd_open, container->pid, 0);
	return container->pidfd < 0 ? error_errno(err, -errno, "process %d", container->pid) : 0;
}

/* All threads: a runtime's process has several, any of which may become the agent. */
static int pin_threads(int pid, const struct site *site, struct error *err)
{
	cleanup_dir DIR *dir = NULL;
	char path[64];
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	for (int i = 0; i < site->trial_cpu_count; i++)
		CPU_SET((size_t)site->trial_cpus[i], &cpus);
	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	dir = opendir(path);
	if (!dir)
		return error_errno(err, -errno, "opening %s", path);
	for (struct dirent *task; (task = readdir(dir));)
		if (atoi(task->d_name) > 0 &&
		    sched_setaffinity(atoi(task->d_name), sizeof(cpus), &cpus) && errno != ESRCH)
			return error_errno(err, -errno, "pinning the container");
	return 0;
}

/* Between create and start: what the runtime does not do without a cgroup. */
static int settle(struct container *container, const struct site *site, struct error *err)
{
	int rc = 0;

	container->in_cgroup =
		container->options.cgroup && !container->options.runtime->ignores_cgroups;
	if (container->in_cgroup)
		return 0;
	if (!container->options.runtime->ignores_cgroups)
		rc = cgroup_move_here(&container->cgroups, container->pid, err);
	return rc ? rc : pin_threads(container->pid, site, err);
}

static int prepare(struct container *container, struct instance *instance, struct error *err)
{
	const struct site *site = instance->site;
	int rc = check_host(instance->environment, &container->options, &container->cgroups, err);

	if (rc)
		return rc;
	snprintf(container->name, sizeof(container->name), "tare-%s-%s", site->run_id,
		 instance->id);
	if (snprintf(container->bundle, PATH_MAX, "%s/%s", site->state_dir, instance->id) >=
		    PATH_MAX ||
	    snprintf(container->root, PATH_MAX, "%s/rootfs", container->bundle) >= PATH_MAX)
		return error_errno(err, -ENAMETOOLONG, "%s", site->state_dir);
	rc = agent_stream_open(&container->stream, instance, err);
	rc = rc ?: container_make_root(container, instance, err);
	rc = rc ?: attach_network(container, instance, err);
	rc = rc ?: write_config(container, site, err);
	return rc ? rc : enter_in_journal(container, instance, err);
}

static int container_start(struct instance *instance, struct error *err)
{
	struct container *container = calloc(1, sizeof(*container));
	const char *const start[] = {"start", instance->id, NULL};
	int rc;

	instance->in = instance->out = -1;
	instance->state = container;
	if (!container)
		return error_errno(err, -ENOMEM, "starting a container");
	container->pidfd = -1;
	container->stream = (struct agent_stream){-1, -1, -1, -1, -1};
	rc = prepare(container, instance, err);
	rc = rc ?: create(container, instance, err);
	rc = rc ?: settle(container, instance->site, err);
	rc = rc ?: run_runtime(container, start, err);
	if (rc)
		return error_prefix(err, "starting %s", instance->environment->name);
	agent_stream_hand_over(&container->stream, instance);
	instance->scratch = CONTAINER_SCRATCH;
	/* a runtime with its own kernel numbers CPUs differently, so it is pinned from outside */
	instance->unpinned = container->options.cpu != CPU_LIMIT_SET ||
			     container->options.runtime->ignores_cgroups;
	instance->target = (struct target){
		.kind = container->in_cgroup ? TARGET_CGROUP : TARGET_PROCESS_TREE,
		.pid = container->pid,
	};
	if (container->in_cgroup)
		snprintf(instance->target.cgroup, sizeof(instance->target.cgroup), "/%s",
			 container->name);
	return 0;
}

/* ---- stop ---- */

static void end_agent(struct container *container)
{
	struct pollfd pfd = {.fd = container->pidfd, .events = POLLIN};

	if (container->pidfd < 0)
		return;
	if (poll(&pfd, 1, host_limit_ms(STOP_TIMEOUT_MS)) <= 0) {
		syscall(SYS_pidfd_send_signal, container->pidfd, SIGKILL, NULL, 0);
		poll(&pfd, 1, host_limit_ms(STOP_TIMEOUT_MS));
	}
	/* to be reaped here if the harness is a subreaper; otherwise ECHILD */
	waitpid(container->pid, NULL, WNOHANG);
	close(container->pidfd);
}

static int delete_container(struct container *container, struct instance *instance,
			    struct error *err)
{
	struct resources *res = instance->site->resources;
	char name[PATH_MAX + 256], path[PATH_MAX];
	int rc;

	journal_name(container, instance, name, sizeof(name));
	rc = resource_remove(RESOURCE_CONTAINER, name, err);
	if (!rc)
		resources_drop(res, RESOURCE_CONTAINER, name);
	for (int i = 0; i < container->cgroups.count; i++) {
		int one;

		cgroup_path(container, i, path);
		one = resource_remove(RESOURCE_CGROUP, path, rc ? NULL : err);
		if (!one)
			resources_drop(res, RESOURCE_CGROUP, path);
		rc = rc ? rc : one;
	}
	return rc;
}

static int container_stop(struct instance *instance, struct error *err)
{
	struct container *container = instance->state;
	int rc = 0;

	if (!container)
		return 0;
	instance_close_stream(instance);
	agent_stream_close(&container->stream);
	end_agent(container);
	if (container->name[0])
		rc = delete_container(container, instance, err);
	if (container->attached)
		network_detach(instance->site->network, instance->id);
	container_remove_root(container, instance);
	instance_log_close(instance, "standard error");
	free(container);
	instance->state = NULL;
	return rc;
}

static void check_runc(struct check_result *result)
{
	check_program(result, "runc", "runc", "containers cannot be measured");
}

static const struct check checks[] = {{"runc", check_runc}, {0}};

static const struct driver_program programs[] = {
	{"runc", "runc", "--version"},
	{"crun", "crun", "--version"},
	{"runsc", "runsc", "--version"},
	{0},
};

const struct driver container_driver = {
	.name = "container",
	.summary = "an OCI container, set up as Docker does",
	.style = STYLE_BLUE_CIRCLE,
	.programs = programs,
	.checks = checks,
	.options = container_option_table,
	.presets = container_presets,
	.needs_root = true,
	.probe = container_probe,
	.start = container_start,
	.stop = container_stop,
	.stats = container_stats,
	.describe = container_describe,
	.last_words = instance_log_tail,
};
