/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything but the declarations of disk.randread, randwrite, seqread and seqwrite: random or
 * sequential reads or writes of one file at a given queue depth. */
#ifndef TARE_DISK_LOAD_H
#define TARE_DISK_LOAD_H

#include "workloads/workload.h"

enum disk_pattern { DISK_RANDOM_READ, DISK_RANDOM_WRITE, DISK_ORDERED_READ, DISK_ORDERED_WRITE };

extern const char *const disk_engines[], *const disk_cached[];

/* block, depth: the defaults */
/* clang-format off */
#define DISK_LOAD_PARAMETERS(block, depth)                                                        \
	(const struct parameter[]) {                                                               \
		{"size", "bytes of the file", PARAMETER_SIZE, .fallback = 1 << 30,                 \
		 .low = 1 << 16, .high = 0x1p43},                                                  \
		{"block", "bytes of one operation", PARAMETER_SIZE, .fallback = block,             \
		 .low = 512, .high = 16 << 20},                                                    \
		{"depth", "operations in flight", PARAMETER_INTEGER, .fallback = depth,           \
		 .low = 1, .high = 256},                                                           \
		{"engine", "sync takes a thread for each operation in flight", PARAMETER_CHOICE,   \
		 .choices = disk_engines, .resolve = RESOLVE_COMMON},                              \
		{"cached", "through the page cache; off: O_DIRECT", PARAMETER_CHOICE,              \
		 .choices = disk_cached},                                                          \
		{0},                                                                               \
	}
/* clang-format on */

int disk_load_prepare(struct trial *trial, enum disk_pattern pattern, struct error *err);
/* Sets "latency", operations, and `metric` to `scale` x operations a second. */
int disk_load_run(struct trial *trial, const char *metric, double scale, struct error *err);
int disk_load_verify(struct trial *trial, struct error *err);
void disk_load_cleanup(struct trial *trial);

#endif
