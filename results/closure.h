/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The closure check: do its exits explain a guest's overhead? An environment whose system calls are
 * exits (the microvm) pays for each the same: what cpu.syscall takes there longer than in the
 * baseline. So for every other workload exits an operation x cost of an exit predicts the added
 * time of an operation, which is measured as well. A share near 1: nothing else costs; below: the
 * rest is something else (page faults, caches); above: exits that wait overlap with other work.
 * Meant for workloads that do one operation at a time.
 */
#ifndef TARE_CLOSURE_H
#define TARE_CLOSURE_H

#include <stdio.h>

#include "results/record.h"

/* All in seconds of one operation; medians over the blocks that both arms have. */
struct closure_row {
	const char *workload, *label; /* of the record */
	double exits;                 /* an operation */
	double exit_cost;
	double predicted; /* exits x exit_cost */
	double measured;  /* added to the baseline's time */
};

/* The rows of a record, with *count; the caller frees. NULL where there are none: no cpu.syscall,
 * no exits, or no memory. */
struct closure_row *closure_rows(const struct record *record, int *count);
/* A table; nothing where there are no rows. */
void closure_print(const struct record *record, FILE *out);

#endif
