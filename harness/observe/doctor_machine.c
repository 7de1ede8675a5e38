/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Properties of the host: processors, memory, clock, disk, counters. */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/hypervisor.h"
#include "harness/observe/counters.h"
#include "harness/observe/doctor_checks.h"
#include "harness/observe/evidence_device.h"
#include "harness/observe/host.h"
#include "harness/plan/placement.h"
#include "harness/observe/procfs.h"

#define GIB (double)(1ULL << 30)
#define LOAD_LIMIT 0.5     /* load per CPU above which other programs disturb */
#define SCRATCH_LEAST 0.25 /* GiB of scratch below which a disk workload fits in caches */

void check_cpus(struct check_result *result)
{
	struct placement placement;
	struct error err;

	if (placement_init(&placement, ".", &err)) {
		say_value(result, "unknown");
		say_consequence(result, CHECK_UNAVAILABLE, "trials cannot be placed on CPUs: %s",
				err.message);
		return;
	}
	say_value(result, "%ld: %d for trials, %d for the harness", sysconf(_SC_NPROCESSORS_ONLN),
		  placement.trial_cpu_count, placement.shared ? 0 : placement.other_cpu_count);
	if (placement.shared)
		say_consequence(result, CHECK_NOTE,
				"the harness and the load generator disturb the trials on the only "
				"CPU: credible figures need 2 CPUs or more");
	placement_finish(&placement);
}

void check_memory(struct check_result *result)
{
	struct placement placement;
	struct sysinfo info;

	if (sysinfo(&info) || placement_init(&placement, ".", NULL)) {
		say_value(result, "unknown");
		return;
	}
	say_value(result, "%.1f GiB, %.1f GiB for each environment",
		  (double)info.totalram * info.mem_unit / GIB,
		  (double)placement.memory_bytes / GIB);
	if (placement.memory_bytes < 1ULL << 30)
		say_consequence(result, CHECK_NOTE,
				"environments get less than 1 GiB: memory workloads may fit in the "
				"processor's caches");
	placement_finish(&placement);
}

void check_virtualized(struct check_result *result)
{
	struct hypervisor hypervisor;

	host_hypervisor("", &hypervisor);
	if (!hypervisor.present) {
		say_value(result, "bare metal");
		return;
	}
	say_value(result, "a virtual machine on %s", hypervisor.name);
	if (host_cpu() == HOST_CPU_EMULATED) {
		say_consequence(result, CHECK_NOTE,
				"the CPU is emulated in software: times are the emulator's and are "
				"not compared with published figures (%s)",
				hypervisor.evidence);
		return;
	}
	say_consequence(result, CHECK_NOTE,
			"\"bare\" means this virtual machine without further layers, and its "
			"neighbours add noise; figures are labelled so (%s)",
			hypervisor.evidence);
}

void check_clock(struct check_result *result)
{
	char source[64];

	if (!proc_line(source, sizeof(source), "",
		       "/sys/devices/system/clocksource/clocksource0/current_clocksource")) {
		say_value(result, "unknown");
		return;
	}
	say_value(result, "%s", source);
	if (!strcmp(source, "hpet") || !strcmp(source, "acpi_pm") || !strcmp(source, "jiffies")) {
		say_consequence(result, CHECK_NOTE,
				"reading the clock takes a system call, about 1 us, which is added "
				"to the latency of fast operations");
		say_command(result, "echo tsc > /sys/devices/system/clocksource/clocksource0/"
				    "current_clocksource");
	}
}

void check_frequency(struct check_result *result)
{
	char governor[64];

	if (!proc_line(governor, sizeof(governor), "",
		       "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")) {
		say_value(result, "cannot be seen from here");
		return;
	}
	say_value(result, "governor %s", governor);
	if (strcmp(governor, "performance")) {
		say_consequence(result, CHECK_NOTE,
				"the processor changes its frequency with the load: short trials "
				"start slowly");
		say_command(result, "cpupower frequency-set -g performance");
	}
}

void check_load(struct check_result *result)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	double load;

	if (getloadavg(&load, 1) != 1) {
		say_value(result, "unknown");
		return;
	}
	say_value(result, "load average %.2f on %ld CPUs in the last minute", load, cpus);
	if (load > LOAD_LIMIT * (double)cpus)
		say_consequence(result, CHECK_NOTE,
				"other programs are running: intervals will be wide and trials "
				"flagged");
}

/* Can files here bypass the page cache? In a memory file system they cannot. */
static bool reads_direct(void)
{
	int fd = open(".", O_TMPFILE | O_RDWR | O_DIRECT | O_CLOEXEC, 0600);

	if (fd < 0 && errno != EINVAL)
		return true; /* no unnamed files here, which says nothing about O_DIRECT */
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

void check_disk(struct check_result *result)
{
	struct evidence_device device;
	struct placement placement;
	struct statvfs space;
	double gib, scratch;

	if (statvfs(".", &space) || placement_init(&placement, ".", NULL)) {
		say_value(result, "unknown: %s", strerror(errno));
		return;
	}
	gib = (double)space.f_bavail * (double)space.f_frsize / GIB;
	scratch = (double)placement.scratch_bytes / GIB;
	placement_finish(&placement);
	evidence_device_find("", ".", &device);
	say_value(result, "%.1f GiB free on %s", gib, device.name[0] ? device.name : device.reason);
	if (scratch < SCRATCH_LEAST) {
		say_consequence(
			result, CHECK_UNAVAILABLE,
			"each environment's scratch file would have only %.2f GiB and fit in a "
			"cache: no disk workload can run",
			scratch);
		say_command(result, "cd to a file system with at least %.0f GiB free",
			    SCRATCH_LEAST * 8);
	} else if (!device.name[0] || !reads_direct()) {
		say_consequence(result, CHECK_NOTE,
				"this file system keeps files in memory or does not support "
				"O_DIRECT: disk figures would show memory");
		say_command(result, "cd to a file system on a disk");
	}
}

void check_counters(struct check_result *result)
{
	cleanup_json json_t *list = counters_available(false, NULL);
	int hardware = 0, software = 0;
	const char *reason = "";
	json_t *counter;
	size_t i;

	json_array_foreach (list, i, counter) {
		bool usable = json_is_true(json_object_get(counter, "usable"));
		bool in_hardware =
			!strcmp(json_string_value(json_object_get(counter, "kind")), "hardware");

		hardware += usable && in_hardware;
		software += usable && !in_hardware;
		if (!usable && in_hardware)
			reason = json_string_value(json_object_get(counter, "reason"));
	}
	say_value(result, "%d hardware events, %d software events", hardware, software);
	if (!hardware)
		say_consequence(result, CHECK_NOTE,
				"instructions, cycles and misses are n/a in every figure: %s",
				reason);
}
