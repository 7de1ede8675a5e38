/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A closed loop: each operation starts when the previous one has completed. */
#ifndef TARE_CLOSED_LOOP_H
#define TARE_CLOSED_LOOP_H

#include "workloads/workload.h"

/* Runs `operation` until the deadline. Counts in trial->operations, records into the trial's first
 * histogram and sets the value "throughput". Stops at the first error of `operation` (negative
 * errno, `err` set) and returns it. */
int closed_loop(struct trial *trial, int (*operation)(struct trial *trial, struct error *err),
		struct error *err);

#endif
