/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CPU time of the whole host, from the source with the best resolution. The times of /proc/stat are
 * sampled by the timer tick and shown in units of 10 ms, 5 % of a 200 ms trial; those of schedstat
 * and cpuacct are what the scheduler measured, to the nanosecond. Interrupts that come while a CPU
 * is idle are only in the sampled times.
 */
#ifndef TARE_EVIDENCE_CPU_H
#define TARE_EVIDENCE_CPU_H

enum cpu_source {
	CPU_SCHEDSTAT,
	CPU_CPUACCT,
	CPU_CPUACCT_JOINT, /* the same, where cpu and cpuacct are mounted together */
	CPU_CGROUP2,
	CPU_STAT,
	CPU_SOURCES
};

const char *cpu_source_path(enum cpu_source source);

/* Seconds used on CPU `cpu`, or on all where it is negative, until `text` was read from the
 * source's path; NaN where the text does not say. */
double cpu_source_seconds(enum cpu_source source, const char *text, int cpu);

#endif
