/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pointer table of workloads: a new workload is one file and a line here. */
#include "workloads/workload.h"

/* clang-format off */
#define WORKLOADS(X) \
	X(cpu_compile) \
	X(cpu_compress) \
	X(cpu_linpack) \
	X(cpu_prime) \
	X(cpu_syscall) \
	X(cpu_switch) \
	X(cpu_fork) \
	X(cpu_wakeup) \
	X(cpu_exit) \
	X(memory_kv) \
	X(memory_stream) \
	X(memory_latency) \
	X(memory_gups) \
	X(memory_fault) \
	X(disk_randomrw) \
	X(disk_randread) \
	X(disk_randwrite) \
	X(disk_seqread) \
	X(disk_seqwrite) \
	X(disk_fsync) \
	X(disk_metadata) \
	X(network_web) \
	X(network_rr) \
	X(network_udp_rr) \
	X(network_stream) \
	X(network_connect)
/* clang-format on */

#define DECLARE(name) extern const struct workload name;
#define POINTER(name) &name,

WORKLOADS(DECLARE)
const struct workload *const workloads[] = {WORKLOADS(POINTER) NULL};
