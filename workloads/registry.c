/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workloads/workload.h"

extern const struct workload cpu_compress, disk_randomrw, memory_stream, network_rr;

const struct workload *const workloads[] = {
	&cpu_compress, &memory_stream, &disk_randomrw, &network_rr, NULL,
};
