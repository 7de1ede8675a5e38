/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all instances of a run share: resource journal, directories, network, load generator. */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "harness/run/run_private.h"

#define LOAD_HELLO_MS 5000
#define LOAD_USER 65533 /* an unused number: Debian assigns none from 65000 to 65533 */
#define STATE_PARENT "/run/tare"

char *run_agent_path(struct error *err)
{
	static const char *const places[] = {"tare-agent", "../lib/tare/tare-agent",
					     "../libexec/tare/tare-agent"};
	char self[PATH_MAX] = "", *slash;
	char path[PATH_MAX + 64];

	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0 ||
	    !(slash = strrchr(self, '/'))) {
		error_set(err, -ENOENT, "cannot find the path of this program: is /proc mounted?");
		return NULL;
	}
	*slash = 0;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		snprintf(path, sizeof(path), "%s/%s", self, places[i]);
		if (access(path, X_OK) == 0)
			return realpath(path, NULL);
	}
	error_set(err, -ENOENT,
		  "%s/tare-agent does not exist, so nothing can be run; `make' builds it", self);
	return NULL;
}

/* It contains sockets, whose paths are limited to 108 bytes: a short path, not on a disk. */
static int make_state_dir(struct run *run, struct error *err)
{
	cleanup_directory struct directory parent = DIRECTORY_CLOSED, made = DIRECTORY_CLOSED;
	const char *runtime = getenv("XDG_RUNTIME_DIR"), *path = STATE_PARENT;
	int rc;

	if (geteuid() != 0)
		path = runtime && *runtime ? runtime : "/tmp";
	else if (!mkdir(STATE_PARENT, 0755))
		chmod(STATE_PARENT, 0755); /* whatever the umask, for QEMU's user */
	else if (errno != EEXIST)
		return error_errno(err, -errno, "creating " STATE_PARENT);
	rc = directory_open(path, &parent, err);
	if (!rc)
		rc = resources_make_directory(run->hosts.resources, &parent, run->setup.id, 0700,
					      &made, err);
	if (!rc) {
		run->setup.state_dir = made.path;
		made.path = NULL;
	}
	return rc;
}

static bool has_peers(const struct plan *plan)
{
	for (int i = 0; i < plan->workload_count; i++)
		if (plan->workloads[i].peer)
			return true;
	return false;
}

/* Without root there are no namespaces, but everything except network workloads works. */
static int make_network(struct run *run, struct error *err)
{
	if (network_allowed())
		return network_create(run->setup.id, run->hosts.resources, &run->hosts.network,
				      err);
	if (has_peers(run->setup.plan))
		run_warn(&run->record,
			 "not root on this host, so no network namespaces: network workloads are "
			 "left out; run with sudo");
	return 0;
}

/* The most that one cast has. */
static int loads_needed(const struct plan *plan)
{
	int most = 0;

	for (int i = 0; i < plan->condition_count; i++) {
		int loads = 0;

		for (int m = 0; m < plan->conditions[i].cast_count; m++)
			loads += plan->conditions[i].cast[m].role == CAST_LOAD;
		most = loads > most ? loads : most;
	}
	return most;
}

static int start_load(struct run *run, struct agent *load, struct error *err)
{
	struct agent_place place = {
		.path = run->setup.agent_path,
		.namespace_fd = run->hosts.network ? network_far(run->hosts.network) : -1,
		.cpus = run->setup.placement.other_cpus,
		.cpu_count = run->setup.placement.other_cpu_count,
		.directory = "/",
		.user = LOAD_USER,
	};
	cleanup_json json_t *hello = NULL;
	int rc;

	rc = agent_spawn(load, &place, err);
	if (!rc)
		rc = resources_add_process(run->hosts.resources, load->pid, err);
	if (!rc)
		rc = agent_hello(load, run->setup.site.agent_hash, LOAD_HELLO_MS, &hello, err);
	return rc ? error_prefix(err, "the load generator") : 0;
}

static int start_loads(struct run *run, struct error *err)
{
	int count = run->hosts.network ? loads_needed(run->setup.plan) : 0, rc = 0;

	for (int i = 0; i < count && !rc; i++)
		rc = start_load(run, &run->hosts.loads[i], err);
	return rc;
}

static void end_load(struct run *run, struct agent *load)
{
	pid_t pid = load->pid;

	if (pid <= 0)
		return;
	agent_finish(load);
	resources_drop_process(run->hosts.resources, pid);
}

int run_loads_restart(struct run *run, struct error *err)
{
	int rc = 0;

	for (int i = 0; i < LOADS_MAX && !rc; i++) {
		struct agent *load = &run->hosts.loads[i];

		if (load->pid <= 0 || !agent_ping(load, 1, err))
			continue;
		run_warn(&run->record, "the load generator died (%s) and was restarted",
			 err->message);
		end_load(run, load);
		rc = start_load(run, load, err);
	}
	return rc;
}

static void fill_site(struct run *run)
{
	struct site *site = &run->setup.site;

	site->run_id = run->setup.id;
	site->state_dir = run->setup.state_dir;
	site->scratch_dir = run->setup.scratch_dir;
	site->agent_path = run->setup.agent_path;
	site->trial_cpus = run->setup.placement.trial_cpus;
	site->trial_cpu_count = run->setup.placement.trial_cpu_count;
	site->other_cpus = run->setup.placement.other_cpus;
	site->other_cpu_count = run->setup.placement.other_cpu_count;
	site->memory_node = run->setup.placement.memory_node;
	site->memory_bytes = run->setup.placement.memory_bytes;
	site->scratch_bytes = run->setup.placement.scratch_bytes;
	site->network = run->hosts.network;
	site->resources = run->hosts.resources;
}

int run_site_open(struct run *run, struct error *err)
{
	int rc;

	fill_site(run);
	if (run->setup.simulated)
		return 0;
	rc = make_state_dir(run, err);
	if (!rc)
		rc = run_scratch_make(run, err);
	if (!rc)
		rc = make_network(run, err);
	if (rc)
		return rc;
	fill_site(run);
	rc = counter_set_create(run->setup.options.counters, NULL, &run->hosts.counter_set, err);
	if (!rc)
		rc = start_loads(run, err);
	/* From here on this process stays off the trials' CPUs; what it starts is placed
	 * separately. */
	return rc ? rc
		  : placement_pin(run->setup.placement.other_cpus,
				  run->setup.placement.other_cpu_count, err);
}

void run_site_close(struct run *run)
{
	struct error err;

	if (run->hosts.resources) {
		for (int i = 0; i < LOADS_MAX; i++)
			end_load(run, &run->hosts.loads[i]);
		network_destroy(run->hosts.network);
		run->hosts.network = NULL;
		/* by descriptor, even if the directory was moved */
		if (run->setup.scratch_dir && !run->setup.options.scratch)
			unlinkat(run->setup.files.fd, "scratch", AT_REMOVEDIR);
		/* All that is left is the directories, and what failed stops left. */
		if (resources_remove_all(run->hosts.resources, &err))
			run_warn(&run->record,
				 "%s: some resources could not be removed from this host; `tare "
				 "clean' tries again",
				 err.message);
		if (geteuid() == 0)
			rmdir(STATE_PARENT);
	}
	counter_set_destroy(run->hosts.counter_set);
	run->hosts.counter_set = NULL;
	resources_close(run->hosts.resources);
	run->hosts.resources = NULL;
}
