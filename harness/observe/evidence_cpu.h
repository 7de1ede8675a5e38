/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CPU time of the whole host, from the source with the best resolution. The times in /proc/stat are
 * sampled by the timer tick in units of 10 ms, 5 % of a 200 ms trial; schedstat and cpuacct have
 * what the scheduler measured, in nanoseconds. Interrupts while a CPU is idle are only in the
 * sampled times. */
#pragma once

enum cpu_source {
	CPU_SCHEDSTAT,
	CPU_CPUACCT,
	CPU_CPUACCT_JOINT, /* the same, if cpu and cpuacct are mounted together */
	CPU_CGROUP2,
	CPU_STAT,
	CPU_SOURCES
};

const char *cpu_source_path(enum cpu_source source);

/* Seconds used on CPU `cpu`, or on all CPUs if it is negative, until `text` was read from the
 * source's path; NaN if they are not in the text. */
double cpu_source_seconds(enum cpu_source source, const char *text, int cpu);
