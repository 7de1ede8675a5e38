/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workloads/workload.h"

extern const struct workload cpu_compress, disk_randomrw;

const struct workload *const workloads[] = {
	&cpu_compress,
	&disk_randomrw,
	NULL,
};
