/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workloads/workload.h"

/* Each in the file of its name. */
extern const struct workload cpu_compile, cpu_compress;
extern const struct workload memory_kv, memory_stream;
extern const struct workload disk_randomrw;
extern const struct workload network_rr;

const struct workload *const workloads[] = {
	&cpu_compile, &cpu_compress, &memory_kv, &memory_stream, &disk_randomrw, &network_rr, NULL,
};
