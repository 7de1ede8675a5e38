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
#include "harness/run/run.h"

#define LOAD_HELLO_MS 5000
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

/* A directory that stands in the journal already; what was there before is not the run's. */
static int make_registered(struct run *run, const char *path, mode_t mode, struct error *err)
{
	int rc = mkdir(path, mode) ? -errno : 0;

	if (!rc)
		return 0;
	resources_drop(run->resources, RESOURCE_DIRECTORY, path);
	return error_errno(err, rc, "creating %s (what is there is not this run's and stays)",
			   path);
}

/* Sockets lie in it, and a socket's path has but 108 bytes: a short one, on no disk. */
static int make_state_dir(struct run *run, struct error *err)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR"), *parent = STATE_PARENT;
	int rc;

	if (geteuid() != 0)
		parent = runtime && *runtime ? runtime : "/tmp";
	else if (!mkdir(STATE_PARENT, 0755))
		chmod(STATE_PARENT, 0755); /* QEMU's user passes through, whatever the umask */
	if (asprintf(&run->state_dir, "%s/%s", parent, run->id) < 0) {
		run->state_dir = NULL;
		return error_errno(err, -ENOMEM, "the run");
	}
	rc = resources_add(run->resources, RESOURCE_DIRECTORY, run->state_dir, err);
	return rc ? rc : make_registered(run, run->state_dir, 0700, err);
}

static bool has_peers(const struct plan *plan)
{
	for (int i = 0; i < plan->workload_count; i++)
		if (plan->workloads[i].peer)
			return true;
	return false;
}

/* Without root there are no namespaces: everything but networked workloads still works. */
static int make_network(struct run *run, struct error *err)
{
	if (network_allowed())
		return network_create(run->id, run->resources, &run->network, err);
	if (has_peers(run->plan))
		run_warn(run,
			 "not root on this host, so no network namespaces: networked workloads "
			 "are left out; "
			 "run it with sudo");
	return 0;
}

static int start_load(struct run *run, struct error *err)
{
	struct agent_place place = {
		.path = run->agent_path,
		.namespace_fd = run->network ? network_far(run->network) : -1,
		.cpus = run->placement.other_cpus,
		.cpu_count = run->placement.other_cpu_count,
		.directory = "/",
	};
	cleanup_json json_t *hello = NULL;
	int rc;

	if (!run->network || !has_peers(run->plan))
		return 0;
	rc = agent_spawn(&run->load, &place, err);
	if (!rc)
		rc = resources_add_process(run->resources, run->load.pid, err);
	if (!rc)
		rc = agent_hello(&run->load, run->site.agent_hash, LOAD_HELLO_MS, &hello, err);
	return rc ? error_prefix(err, "the load generator") : 0;
}

static void end_load(struct run *run)
{
	pid_t pid = run->load.pid;

	if (pid <= 0)
		return;
	agent_finish(&run->load);
	resources_drop_process(run->resources, pid);
}

int run_load_restart(struct run *run, struct error *err)
{
	end_load(run);
	return start_load(run, err);
}

static void fill_site(struct run *run)
{
	struct site *site = &run->site;

	site->run_id = run->id;
	site->state_dir = run->state_dir;
	site->scratch_dir = run->scratch_dir;
	site->agent_path = run->agent_path;
	site->trial_cpus = run->placement.trial_cpus;
	site->trial_cpu_count = run->placement.trial_cpu_count;
	site->other_cpus = run->placement.other_cpus;
	site->other_cpu_count = run->placement.other_cpu_count;
	site->memory_node = run->placement.memory_node;
	site->memory_bytes = run->placement.memory_bytes;
	site->scratch_bytes = run->placement.scratch_bytes;
	site->network = run->network;
	site->resources = run->resources;
}

int run_site_open(struct run *run, struct error *err)
{
	int rc;

	fill_site(run);
	if (run->simulated)
		return 0;
	rc = make_state_dir(run, err);
	if (!rc)
		rc = run_scratch_make(run, err);
	if (!rc)
		rc = make_network(run, err);
	if (rc)
		return rc;
	fill_site(run);
	rc = counter_set_create(run->options.counters, NULL, &run->counter_set, err);
	if (!rc)
		rc = start_load(run, err);
	/* From here on this process keeps off the trials' CPUs; what it starts is placed by itself.
	 */
	return rc ? rc
		  : placement_pin(run->placement.other_cpus, run->placement.other_cpu_count, err);
}

void run_site_close(struct run *run)
{
	struct error err;

	if (run->resources) {
		end_load(run);
		network_destroy(run->network);
		run->network = NULL;
		/* by descriptor, wherever the directory has been moved to */
		if (run->scratch_dir && !run->options.scratch)
			unlinkat(run->files.fd, "scratch", AT_REMOVEDIR);
		/* What is left is what a failed stop left, and the directories. */
		if (resources_remove_all(run->resources, &err))
			run_warn(run,
				 "%s: some things could not be removed from this host; `tare "
				 "clean' tries again",
				 err.message);
		if (geteuid() == 0)
			rmdir(STATE_PARENT);
	}
	counter_set_destroy(run->counter_set);
	run->counter_set = NULL;
	resources_close(run->resources);
	run->resources = NULL;
}
