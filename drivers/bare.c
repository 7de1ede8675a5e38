/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `bare`: the agent as a process of the host, pinned to the trial's CPUs, in namespace H. As the
 * baseline it has no cgroup, no limit and no filter. */
#include "drivers/driver.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/memory_node.h"
#include "drivers/agent_stream.h"
#include "drivers/network.h"
#include "drivers/process.h"
#include "drivers/resources.h"

#define STOP_TIMEOUT_MS 1000

struct bare {
	pthread_t keeper; /* forks the agent and waits for it */
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	int forked; /* 0: not started yet; pid; or negative errno */
	bool ended, keeper_runs;
	uint64_t start_time;
	cpu_set_t cpus;
	int memory_node;  /* of the site */
	int namespace_fd; /* -1: the caller's */
	const char *agent_path;
	struct agent_stream stream;
	char scratch[PATH_MAX];
};

static int check_share(const char *value, struct error *err)
{
	char *end;
	double share = strtod(value, &end);

	if (end == value || strcmp(end, "%") || !(share >= 0 && share <= 1000))
		return error_set(err, -EINVAL, "give a share from 0%% to 1000%%, as in 3%%");
	return 0;
}

static const struct option_spec options[] = {
	{"slow", "0%",
	 "the agent spins for this share of each slice of work: an overhead of known size",
	 .placeholder = "SHARE", .check = check_share},
	{0},
};

static int bare_probe(const struct environment *env, const struct site *site,
		      struct availability *availability)
{
	const char *slow = environment_option(env, "slow");

	(void)site;
	*availability =
		(struct availability){.usable = true, .comparable = strtod(slow, NULL) == 0};
	if (availability->comparable) {
		snprintf(availability->label, sizeof(availability->label), "bare metal");
		return 0;
	}
	snprintf(availability->label, sizeof(availability->label), "bare metal, slowed by %s",
		 slow);
	snprintf(availability->reason, sizeof(availability->reason),
		 "slowed by %s on purpose: an overhead of known size", slow);
	return 0;
}

/* In the child, between fork and exec: only what is safe after forking a threaded process. */
static void become_agent(const struct bare *bare)
{
	const char *const argv[] = {bare->agent_path, NULL};
	const char *const environment[] = AGENT_ENVIRONMENT;
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* Its own session, like every other environment: the kernel's autogroups distribute CPU
	 * time between sessions, and the harness handles a terminal's interrupt. */
	setsid();
	if (sched_setaffinity(0, sizeof(bare->cpus), &bare->cpus) ||
	    memory_from_node(bare->memory_node))
		_exit(126);
	if (bare->namespace_fd >= 0 && setns(bare->namespace_fd, CLONE_NEWNET))
		_exit(126);
	if (dup2(bare->stream.child_in, 0) < 0 || dup2(bare->stream.child_out, 1) < 0 ||
	    dup2(bare->stream.child_error, 2) < 0 || chdir("/"))
		_exit(126);
	close_range(3, ~0U, 0);
	execve(argv[0], (char *const *)argv, (char *const *)environment);
	_exit(127);
}

/* The death signal is sent when the THREAD that forked exits, so the forking thread lives as long
 * as the agent; other harness threads may come and go. */
static void *keep(void *argument)
{
	struct bare *bare = argument;
	pid_t pid = fork();
	int error = errno;
	siginfo_t info;

	if (pid == 0)
		become_agent(bare);
	pthread_mutex_lock(&bare->mutex);
	bare->forked = pid < 0 ? -error : pid;
	bare->start_time = pid < 0 ? 0 : process_start_time(pid);
	bare->ended = pid < 0;
	pthread_cond_broadcast(&bare->changed);
	pthread_mutex_unlock(&bare->mutex);
	if (pid < 0)
		return NULL;
	while (waitid(P_PID, (id_t)pid, &info, WEXITED) && errno == EINTR)
		;
	pthread_mutex_lock(&bare->mutex);
	bare->ended = true;
	pthread_cond_broadcast(&bare->changed);
	pthread_mutex_unlock(&bare->mutex);
	return NULL;
}

static int start_keeper(struct bare *bare, struct error *err)
{
	int rc = pthread_create(&bare->keeper, NULL, keep, bare);

	if (rc)
		return error_errno(err, -rc, "starting a thread");
	bare->keeper_runs = true;
	pthread_mutex_lock(&bare->mutex);
	while (!bare->forked)
		pthread_cond_wait(&bare->changed, &bare->mutex);
	pthread_mutex_unlock(&bare->mutex);
	return bare->forked < 0 ? error_errno(err, bare->forked, "starting the agent") : 0;
}

static int bare_start(struct instance *instance, struct error *err)
{
	const struct site *site = instance->site;
	struct bare *bare = calloc(1, sizeof(*bare));
	int rc;

	instance->in = instance->out = -1;
	instance->state = bare;
	if (!bare)
		return error_errno(err, -ENOMEM, "starting the agent");
	pthread_mutex_init(&bare->mutex, NULL);
	pthread_cond_init(&bare->changed, NULL);
	bare->agent_path = site->agent_path;
	bare->namespace_fd = site->network ? network_host(site->network) : -1;
	bare->memory_node = site->memory_node;
	CPU_ZERO(&bare->cpus);
	for (int i = 0; i < site->trial_cpu_count; i++)
		CPU_SET((size_t)site->trial_cpus[i], &bare->cpus);
	rc = agent_stream_open(&bare->stream, instance, err);
	rc = rc ?: instance_make_scratch(instance, bare->scratch, sizeof(bare->scratch), err);
	if (rc)
		bare->scratch[0] = 0;
	rc = rc ?: start_keeper(bare, err);
	rc = rc ?: resources_add_process(site->resources, bare->forked, err);
	if (rc)
		return rc;
	agent_stream_hand_over(&bare->stream, instance);
	instance->scratch = bare->scratch;
	snprintf(instance->address, sizeof(instance->address), "%s",
		 site->network ? NETWORK_ADDRESS_HOST : "");
	instance->target = (struct target){.kind = TARGET_PROCESS_TREE, .pid = bare->forked};
	return 0;
}

/* Waits until the keeper has reaped the agent; kills the agent if that takes too long. */
static void end_agent(struct bare *bare)
{
	struct timespec limit;
	int rc = 0;

	clock_gettime(CLOCK_MONOTONIC, &limit); /* the other clock may be stepped */
	limit.tv_sec += STOP_TIMEOUT_MS / 1000;
	pthread_mutex_lock(&bare->mutex);
	while (!bare->ended && !rc)
		rc = pthread_cond_clockwait(&bare->changed, &bare->mutex, CLOCK_MONOTONIC, &limit);
	pthread_mutex_unlock(&bare->mutex);
	if (rc)
		process_kill(bare->forked, bare->start_time, STOP_TIMEOUT_MS);
	pthread_join(bare->keeper, NULL);
}

static int bare_stop(struct instance *instance, struct error *err)
{
	struct bare *bare = instance->state;

	(void)err;
	if (!bare)
		return 0;
	instance_close_stream(instance);
	agent_stream_close(&bare->stream);
	if (bare->keeper_runs)
		end_agent(bare);
	if (bare->forked > 0)
		resources_drop_process(instance->site->resources, bare->forked);
	if (bare->scratch[0])
		instance_remove_scratch(instance, bare->scratch);
	pthread_cond_destroy(&bare->changed);
	pthread_mutex_destroy(&bare->mutex);
	instance_log_close(instance, "standard error");
	free(bare);
	instance->state = NULL;
	return 0;
}

static int bare_stats(struct instance *instance, struct instance_cost *cost)
{
	*cost = (struct instance_cost){
		.guest_seconds = -1,
		.exits = -1,
		.call_seconds = -1,
	};
	return process_tree_cost(instance->target.pid, &cost->cpu_seconds, &cost->memory_bytes);
}

static json_t *bare_describe(struct instance *instance)
{
	const struct site *site = instance->site;
	struct bare *bare = instance->state;
	pid_t pid = instance->target.pid;
	json_t *parity = json_pack("{s:s, s:s, s:s, s:o, s:s}", "cpu_limit", "affinity",
				   "memory_limit", "none", "scratch_storage", "directory",
				   "scratch_file_system", file_system_type(bare->scratch),
				   "network", site->network ? "the wire" : "the host's");

	return json_pack("{s:s, s:s, s:i, s:o, s:o, s:s, s:s, s:o}", "driver", "bare", "agent",
			 bare->agent_path, "pid", (int)pid, "cpus_allowed",
			 process_status_field(pid, "Cpus_allowed_list"), "network_namespace",
			 process_namespace(pid, "net"), "network",
			 site->network ? network_host_name(site->network) : "the caller's",
			 "scratch", bare->scratch, "parity", parity);
}

const struct driver bare_driver = {
	.name = "bare",
	.summary = "a process of the host, pinned to the trial's CPUs",
	.style = STYLE_BLACK_SQUARE,
	.options = options,
	.probe = bare_probe,
	.start = bare_start,
	.stop = bare_stop,
	.stats = bare_stats,
	.describe = bare_describe,
	.last_words = instance_log_tail,
};
