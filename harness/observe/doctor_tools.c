/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the host has: rights, runtimes, virtual machines, figures. */
#include <errno.h>
#include <libvirt/libvirt.h>
#include <pwd.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "drivers/cgroup.h"
#include "drivers/guest/kernel.h"
#include "drivers/kvm_probe.h"
#include "harness/observe/doctor_checks.h"
#include "harness/observe/host.h"

#define QEMU_USER "libvirt-qemu"

void check_root(struct check_result *result)
{
	if (geteuid() == 0) {
		say_value(result, "yes");
		return;
	}
	say_value(result, "no (user %u)", geteuid());
	say_consequence(result, CHECK_UNAVAILABLE,
			"no container, no virtual machine and no network of the run's own: bare "
			"alone is measured; reports and comparisons need no root");
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
		say_value(result, "network, mount, pid, ipc and uts can be made");
		return;
	}
	say_value(result, "cannot be made: %s", strerror(code));
	say_consequence(result, CHECK_UNAVAILABLE,
			"no container and no network workload in the run's own network");
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
		"a container cannot be limited in CPUs and memory, and none is measured: %s",
		cgroup_obstacle(&cgroups));
	say_command(result, "mount -t cgroup2 none /sys/fs/cgroup");
}

/* The version of a program, or that it is missing and what follows. */
static bool check_program(struct check_result *result, const char *program, const char *package,
			  const char *consequence)
{
	char line[128];
	int rc = host_program_version(program, "--version", line, sizeof(line));

	if (!rc) {
		say_value(result, "%s", line);
		return true;
	}
	if (rc == -ENOENT)
		say_value(result, "%s is not installed", program);
	else
		say_value(result, "%s --version fails: %s", program, *line ? line : strerror(-rc));
	say_consequence(result, CHECK_UNAVAILABLE, "%s", consequence);
	say_command(result, "apt-get install %s", package);
	return false;
}

void check_runc(struct check_result *result)
{
	check_program(result, "runc", "runc", "no container is measured");
}

void check_gnuplot(struct check_result *result)
{
	check_program(result, "gnuplot", "gnuplot-nox",
		      "no figure is drawn; tables, summary.csv and the figures' data are written");
}

void check_qemu(struct check_result *result)
{
	check_program(result, "qemu-system-x86_64", "qemu-system-x86",
		      "no virtual machine is measured");
}

void check_kvm(struct check_result *result)
{
	struct kvm_probe probe;

	kvm_probe(&probe);
	if (probe.linux_guest) {
		if (probe.booted)
			say_value(result, "%s, %s; boots a Linux kernel", probe.module,
				  probe.paging);
		else
			say_value(result, "%s, %s; %.2f ns an instruction in ring 0", probe.module,
				  probe.paging, probe.ring0_ns);
		if (*kvm_probe_caveat(&probe))
			say_consequence(result, CHECK_NOTE,
					"%s: its figures are labelled so, and not compared with "
					"published ones",
					kvm_probe_caveat(&probe));
		return;
	}
	if (probe.ring3)
		say_value(result, "%s, %s: guests run in ring 3 alone", probe.module, probe.paging);
	else
		say_value(result, "no guest runs");
	say_consequence(
		result, CHECK_UNAVAILABLE,
		"virtual machines are emulated (TCG), labelled so, and not comparable%s; %s",
		probe.ring3 ? "; microvm works" : "", probe.reason);
}

void check_libvirt(struct check_result *result)
{
	static const char *const drivers[] = {
		"/usr/lib/x86_64-linux-gnu/libvirt/connection-driver/libvirt_driver_qemu.so",
		"/usr/lib64/libvirt/connection-driver/libvirt_driver_qemu.so",
		"/usr/lib/libvirt/connection-driver/libvirt_driver_qemu.so",
	};
	unsigned long version = 0;
	bool has_driver = false;

	virGetVersion(&version, NULL, NULL);
	for (size_t i = 0; i < sizeof(drivers) / sizeof(*drivers); i++)
		has_driver |= access(drivers[i], R_OK) == 0;
	say_value(result, "%lu.%lu.%lu, embedded: no daemon is needed", version / 1000000,
		  version / 1000 % 1000, version % 1000);
	if (!has_driver) {
		say_value(result, "its QEMU driver is not installed");
		say_consequence(result, CHECK_UNAVAILABLE, "no virtual machine is measured");
		say_command(result, "apt-get install libvirt-daemon-driver-qemu");
	} else if (!getpwnam(QEMU_USER)) {
		say_value(result, "the user %s does not exist", QEMU_USER);
		say_consequence(result, CHECK_UNAVAILABLE,
				"QEMU would run as root, which Tare refuses: no virtual machine");
		say_command(result, "apt-get install libvirt-daemon-system");
	}
}

void check_guest_kernel(struct check_result *result)
{
	struct guest_kernel kernel;
	struct error err;

	if (!guest_kernel_find(NULL, NULL, false, false, &kernel, &err)) {
		say_value(result, "%.60s, %.120s", kernel.version, kernel.source);
		return;
	}
	say_value(result, "none is here yet");
	say_consequence(result, CHECK_NOTE,
			"the first run with a virtual machine fetches one (27 MB) into a cache and "
			"installs nothing: %.200s",
			err.message);
}
