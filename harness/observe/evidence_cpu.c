/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/observe/evidence_cpu.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/observe/procfs.h"

static const char *const cpu_sources[CPU_SOURCES] = {
	[CPU_SCHEDSTAT] = "/proc/schedstat",
	[CPU_CPUACCT] = "/sys/fs/cgroup/cpuacct/cpuacct.usage_percpu",
	[CPU_CPUACCT_JOINT] = "/sys/fs/cgroup/cpu,cpuacct/cpuacct.usage_percpu",
	[CPU_CGROUP2] = "/sys/fs/cgroup/cpu.stat",
	[CPU_STAT] = "/proc/stat",
};

const char *cpu_source_path(enum cpu_source source)
{
	return cpu_sources[source];
}

/* "cpu3 0 0 0 0 0 0 RUN WAIT SLICES" */
static double schedstat_seconds(const char *text, int cpu)
{
	double sum = 0, value;
	int lines = 0, number;

	for (; text; text = proc_next_line(text)) {
		if (strncmp(text, "cpu", 3) || sscanf(text + 3, "%d", &number) != 1)
			continue;
		if ((cpu < 0 || number == cpu) && proc_number(text, "", 8, &value)) {
			sum += value;
			lines++;
		}
	}
	return lines ? sum / 1e9 : NAN;
}

/* One number per possible CPU, all on one line. */
static double cpuacct_seconds(const char *text, int cpu)
{
	double sum = 0, value;
	int field;

	if (cpu >= 0)
		return proc_number(text, "", cpu + 1, &value) ? value / 1e9 : NAN;
	for (field = 1; proc_number(text, "", field, &value); field++)
		sum += value;
	return field > 1 ? sum / 1e9 : NAN;
}

static double stat_seconds(const char *text, int cpu)
{
	/* user, nice, system, irq, softirq; user already includes guests */
	static const int busy[] = {1, 2, 3, 6, 7};
	char line[32] = "cpu";
	double sum = 0, value;

	if (cpu >= 0)
		snprintf(line, sizeof(line), "cpu%d", cpu);
	for (size_t i = 0; i < sizeof(busy) / sizeof(*busy); i++) {
		if (!proc_number(text, line, busy[i], &value))
			return NAN;
		sum += value;
	}
	return sum / (double)sysconf(_SC_CLK_TCK);
}

double cpu_source_seconds(enum cpu_source source, const char *text, int cpu)
{
	double value;

	switch (source) {
	case CPU_SCHEDSTAT:
		return schedstat_seconds(text, cpu);
	case CPU_CPUACCT:
	case CPU_CPUACCT_JOINT:
		return cpuacct_seconds(text, cpu);
	case CPU_CGROUP2:
		if (cpu >= 0 || !proc_number(text, "usage_usec", 1, &value))
			return NAN;
		return value / 1e6;
	default:
		return stat_seconds(text, cpu);
	}
}
