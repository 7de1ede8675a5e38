/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When a workload has had enough blocks: on precision, never on significance (docs/method.md, rule
 * 7). A rule that looks at how wide the interval is, and not at where it lies, hardly touches its
 * coverage (Chow and Robbins, Annals of Mathematical Statistics 36, 1965; tests/prove.c measures
 * by how much).
 *
 * The null arm has a target of its own. It is a gate with a fixed margin: were its interval as
 * wide as the margin, equal things would fail it nearly always. At PRECISION_NULL of the margin
 * the gate lets the baseline pass against itself in at least 98 of 100 runs.
 */
#ifndef TARE_PRECISION_H
#define TARE_PRECISION_H

#include "results/record.h"

#define PRECISION_NULL 0.45

struct precision {
	int blocks, starts; /* the fewest of the arms that have any */
	double half_width;  /* of log relative, the widest of the subjects; NaN: unknown */
	double null_half;   /* of the null arm; NaN: unknown */
	double target, null_target;
	bool reached; /* all arms that have any trial are precise enough */
};

/* Looks at the headline metric of a workload. `target`: log half-width of the subjects. Counts no
 * minimum of blocks or starts but the estimate's own. -ENOMEM. */
int estimate_precision(const struct record *record, int workload, double target,
		       struct precision *precision, struct error *err);
/* The plan's rule as a whole: at least min_blocks and starts, and the workload's target. False
 * where it cannot be told. */
bool estimate_precise(const struct record *record, int workload);

#endif
