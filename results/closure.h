/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The closure check: do exits explain a guest's overhead? In an environment whose system calls are
 * exits (the microvm), an operation takes
 *
 *	exits x cost of an exit  +  what its system calls take  +  the program's own work
 *
 * The cost of an exit is the time of cpu.syscall, which makes the cheapest system call, without the
 * calls themselves. The time of another workload's calls is measured at the guest's boundary; the
 * program's own work is taken from the baseline (user CPU time). Their sum, less the baseline's
 * operation, is the prediction, which is compared with the measured added time.
 *
 * The calls may take longer than in the baseline, because an exit disturbs caches and TLB, or less
 * time, because exits overlap with waiting (network.rr: the answer travels during the exits of
 * send() and recv()). Meant for workloads that do one operation at a time.
 */
#pragma once

#include <stdio.h>

#include "results/estimate.h"
#include "results/record.h"

#define CLOSURE_WORKLOAD "cpu.syscall" /* each of its operations is one system call */

/* Everything is in seconds per operation: medians over the blocks that both arms have; values with
 * an interval are Hodges-Lehmann estimates of the blocks' values (results/estimate.h). */
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

/* The rows of a record, with *count; the caller frees. NULL if there are none: no cpu.syscall, no
 * exits, or no memory. */
struct closure_row *closure_rows(const struct record *record, int *count);
/* `part` of the row as a percentage of the added time; NaN if the interval of that time includes 0.
 */
double closure_percent(const struct closure_row *row, double part);
