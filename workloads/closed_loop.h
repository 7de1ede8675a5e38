/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The run of a workload whose operations follow one another, each when the last has its answer. */
#ifndef TARE_CLOSED_LOOP_H
#define TARE_CLOSED_LOOP_H

#include "workloads/workload.h"

/* Operations until the deadline, counted in trial->operations: their latency goes into `latency`,
 * which is emptied first, and into the trial with the value "throughput". The first error of
 * `operation` (negative errno, `err` set) ends it and is returned. */
int closed_loop(struct trial *trial, struct histogram *latency,
		int (*operation)(struct trial *trial, struct error *err), struct error *err);

#endif
