/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A closed loop: each operation starts when the previous one has completed. */
#pragma once

#include "workloads/workload.h"

/* Runs `operation` until the deadline. Counts in trial->operations, records in the trial's first
 * histogram and sets the value "throughput". Stops at the first error of `operation` (negative
 * errno, `err` set) and returns it. */
int closed_loop(struct trial *trial, int (*operation)(struct trial *trial, struct error *err),
		struct error *err);
