/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The closure check: do its exits explain a guest's overhead? In an environment whose system calls
 * are exits (the microvm), an operation takes
 *
 *	exits x cost of an exit  +  what its system calls take  +  the program's own work
 *
 * The cost of an exit is that of cpu.syscall, which makes the cheapest call there is: its time
 * without that of the calls themselves. What the calls of another workload take is measured at
 * the guest's boundary; the program's own work is taken from the baseline (user CPU time). Their
 * sum, less the baseline's operation, is predicted beside the added time that was measured.
 *
 * The calls need not take what they take in the baseline: longer, as an exit leaves caches and
 * TLB to others; shorter, where what they wait for goes on meanwhile (network.rr: the answer
 * comes nearer while the exits of send() and recv() last). Meant for workloads that do one
 * operation at a time.
 */
#pragma once

#include <stdio.h>

#include "results/estimate.h"
#include "results/record.h"

#define CLOSURE_WORKLOAD "cpu.syscall" /* each of its operations is one system call */

/* All in seconds of one operation; medians over the blocks that both arms have, but for what has an
 * interval: Hodges-Lehmann estimates of the blocks' values (results/estimate.h). */
struct closure_row {
	const char *workload, *label; /* of the record */
	double exits;                 /* an operation */
	double exit_cost;
	double by_exits;  /* exits x exit_cost */
	double by_calls;  /* its system calls and its own work, less the baseline's operation */
	double predicted; /* both */
	double measured;  /* added to the baseline's time */
	struct interval added;       /* the same with its 95 % interval */
	struct interval unexplained; /* measured less predicted, block by block */
};

/* The rows of a record, with *count; the caller frees. NULL where there are none: no cpu.syscall,
 * no exits, or no memory. */
struct closure_row *closure_rows(const struct record *record, int *count);
/* What `part` of the row is of the time that was added, in percent; NaN where the interval of that
 * time reaches 0: there is nothing of which it could be a part. */
double closure_percent(const struct closure_row *row, double part);
