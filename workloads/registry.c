/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workloads/workload.h"

/* Each in the file of its name. */
extern const struct workload cpu_compile, cpu_compress, cpu_linpack, cpu_prime, cpu_syscall,
	cpu_switch, cpu_fork, cpu_wakeup, cpu_exit;
extern const struct workload memory_kv, memory_stream, memory_latency, memory_gups, memory_fault;
extern const struct workload disk_randomrw, disk_randread, disk_randwrite, disk_seqread,
	disk_seqwrite, disk_fsync, disk_metadata;
extern const struct workload network_web, network_rr, network_udp_rr, network_stream,
	network_connect;

const struct workload *const workloads[] = {
	&cpu_compile,    &cpu_compress,    &cpu_linpack,   &cpu_prime,
	&cpu_syscall,    &cpu_switch,      &cpu_fork,      &cpu_wakeup,
	&cpu_exit,       &memory_kv,       &memory_stream, &memory_latency,
	&memory_gups,    &memory_fault,    &disk_randomrw, &disk_randread,
	&disk_randwrite, &disk_seqread,    &disk_seqwrite, &disk_fsync,
	&disk_metadata,  &network_web,     &network_rr,    &network_udp_rr,
	&network_stream, &network_connect, NULL,
};
