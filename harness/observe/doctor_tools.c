/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all environments need: privileges and namespaces; and what figures need. */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "drivers/cgroup.h"
#include "harness/observe/doctor_checks.h"

void check_root(struct check_result *result)
{
	if (geteuid() == 0) {
		say_value(result, "yes");
		return;
	}
	say_value(result, "no (user %u)", geteuid());
	say_consequence(result, CHECK_UNAVAILABLE,
			"no containers, no QEMU virtual machines and no network workloads; reports "
			"and comparisons need no root");
	say_command(result, "sudo tare run");
}

/* In a child, so that this process stays where it is. */
static int try_namespaces(void)
{
	int status;
	pid_t child = fork();

	if (child < 0)
		return errno;
	if (child == 0)
		_exit(unshare(CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC |
			      CLONE_NEWUTS)
			      ? errno
			      : 0);
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EIO;
}

void check_namespaces(struct check_result *result)
{
	int code = try_namespaces();

	if (!code) {
		say_value(result, "network, mount, pid, ipc and uts can be created");
		return;
	}
	say_value(result, "cannot be created: %s", strerror(code));
	say_consequence(result, CHECK_UNAVAILABLE, "no containers and no network workloads");
	if (geteuid() != 0)
		say_command(result, "sudo tare run");
}

void check_cgroups(struct check_result *result)
{
	struct cgroups cgroups;
	struct error err;

	if (cgroups_read("/proc/self/mounts", &cgroups, &err)) {
		say_value(result, "unknown: %s", err.message);
		return;
	}
	say_value(result, "%s", cgroup_mode_name(cgroups.mode));
	if (!cgroup_obstacle(&cgroups))
		return;
	say_consequence(
		result, CHECK_UNAVAILABLE,
		"containers cannot be measured, as their CPUs and memory cannot be limited: %s",
		cgroup_obstacle(&cgroups));
	say_command(result, "mount -t cgroup2 none /sys/fs/cgroup");
}

void check_gnuplot(struct check_result *result)
{
	check_program(
		result, "gnuplot", "gnuplot-nox",
		"figures cannot be drawn; tables, summary.csv and the figures' data are still "
		"written");
}
