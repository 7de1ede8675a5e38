/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When a workload has had enough blocks: on precision, never on significance (docs/method.md, rule
 * 7). A rule that looks at how wide the interval is, and not at where it lies, hardly touches its
 * coverage (Chow and Robbins, Annals of Mathematical Statistics 36, 1965; tests/prove.c measures
 * by how much).
 *
 * What is measured here is what more blocks narrow: the interval without the luck of the start
 * (results/luck.h). A comparison far from 1 is precise enough at a tenth of its log ratio: thirteen
 * times slower is no clearer for being known within 5 %.
 */
#pragma once

#include "results/record.h"

#define PRECISION_OF_RATIO 0.1

struct precision {
	int blocks, starts; /* the fewest of the arms that have any */
	double half_width;  /* of log relative, the widest of the subjects; NaN: unknown */
	double null_half;   /* of the null arm; NaN: unknown */
	double target;
	double wanting; /* the most that a subject's half width exceeds what is wanted of it by, as
			 * a factor; 1 and below: precise; NaN: unknown */
	bool reached;   /* all subjects that have any trial are precise enough */
};

/* Looks at the headline metric of a workload. `target`: log half-width of the subjects. Counts no
 * minimum of blocks or starts but the estimate's own. -ENOMEM. */
int estimate_precision(const struct record *record, int workload, double target,
		       struct precision *precision, struct error *err);
/* The plan's rule as a whole: at least min_blocks and starts, and the workload's target. False
 * where it cannot be told. */
bool estimate_precise(const struct record *record, int workload);
