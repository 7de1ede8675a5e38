/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Resolving power: how small a difference a machine can resolve, known before a run. `tare run aa`
 * compares the baseline with itself; the variation of its blocks affects every comparison on this
 * machine. Stored as JSON between runs:
 *   {"workloads": {"disk.randomrw": {"panel": "disk", "block_sd": 0.031, "blocks": 40,
 *                                    "trial_seconds": 0.32}, ...}}
 * block_sd: standard deviation of log relative of the null arm, block by block. trial_seconds: wall
 * time from one trial to the next, including everything in between.
 */
#pragma once

#include "results/summary.h"

/* From this run's null arm; a new reference. Omits workloads without one. */
json_t *resolving_measure(const struct summary *summary, struct error *err);

/* The expected half-width of log relative from `blocks` blocks of one start: t * sd / sqrt(n). NaN
 * for a workload that was not measured. */
double resolving_half_width(const json_t *power, const char *workload, int blocks);
/* The difference, as a log, that is found in 9 of 10 runs of `blocks` blocks and one start:
 * (t(0.975) + t(0.9)) sqrt(3 / 4) sd / sqrt(n), the usual approximation of a t test's power.
 * Against both baselines the variance is 3 / 4 of that of one against the other. (A difference as
 * large as the half-width is found in only half of the runs.) Excludes the luck of the start. NaN
 * as above. */
double resolving_found(const json_t *power, const char *workload, int blocks);
/* How many blocks of `arms` trials fit in `seconds`; 0: unknown. */
int resolving_blocks(const json_t *power, const char *workload, double seconds, int arms);
/* "in 120 s, 9 of 10 runs on this machine find a difference of 4 % on disk.randomrw (too coarse for
 * a verdict of negligible), 0.8 % on cpu.compress", with the time divided evenly among those of the
 * `count` workloads that were measured. The caller frees; NULL: none was. */
char *resolving_sentence(const json_t *power, const char *const *workloads, int count,
			 double seconds, int arms);
