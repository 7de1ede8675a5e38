/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Resolving power: how small a difference a machine can see, known before a run. `tare run aa`
 * compares the baseline with itself; what its blocks vary is what any comparison on this machine
 * has to live with. Kept as JSON between runs:
 *   {"workloads": {"disk.randomrw": {"panel": "disk", "block_sd": 0.031, "blocks": 40,
 *                                    "trial_seconds": 0.32}, ...}}
 * block_sd: standard deviation of log relative of the null arm, block by block. trial_seconds:
 * wall time from one trial to the next, all that lies between them counted in.
 */
#pragma once

#include "results/summary.h"

/* What this run's null arm shows; a new reference. Workloads without one are not in it. */
json_t *resolving_measure(const struct summary *summary, struct error *err);

/* The half-width of log relative to expect of `blocks` blocks of one start: t * sd / sqrt(n). NaN
 * for a workload that was not measured. */
double resolving_half_width(const json_t *power, const char *workload, int blocks);
/* The difference, as a log, that is found in 9 of 10 runs of `blocks` blocks and one start:
 * (t(0.975) + t(0.9)) sqrt(3 / 4) sd / sqrt(n), the usual approximation of a t test's power.
 * Against both baselines the variance is 3 / 4 of that of one against the other. The half-width
 * itself is found in half of the runs only. The luck of the start is not in it. NaN as above. */
double resolving_found(const json_t *power, const char *workload, int blocks);
/* Blocks of `arms` trials each that `seconds` have room for; 0 where it cannot be told. */
int resolving_blocks(const json_t *power, const char *workload, double seconds, int arms);
/* "in 120 s this machine finds, in 9 of 10 runs, a difference of 4 % on disk.randomrw (negligible
 * cannot be decided), 0.8 % on cpu.compress": the time divided
 * evenly among those of the `count` workloads that were measured. Caller frees; NULL: none was. */
char *resolving_sentence(const json_t *power, const char *const *workloads, int count,
			 double seconds, int arms);
