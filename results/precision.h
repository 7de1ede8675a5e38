/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When a workload has enough blocks: by precision, never by significance (docs/method.md, rule 7).
 * A rule that looks at the width of the interval and not at its position hardly affects its
 * coverage (Chow and Robbins, Annals of Mathematical Statistics 36, 1965; tests/prove.c measures
 * how much).
 *
 * It uses the interval without the luck of the start (results/luck.h), which is what more blocks
 * narrow. For a ratio far from 1 a tenth of its log is precise enough: "thirteen times slower" need
 * not be known to 5 %.
 */
#pragma once

#include "results/record.h"

#define PRECISION_OF_RATIO 0.1

struct precision {
	int blocks, starts; /* the fewest of the arms that have any */
	double half_width;  /* of log relative, the widest of the subjects; NaN: unknown */
	double null_half;   /* of the null arm; NaN: unknown */
	double target;
	double wanting; /* the largest factor by which a subject's half-width exceeds its target; at
			 * most 1: precise; NaN: unknown */
	bool reached;   /* all subjects with trials are precise enough */
};

/* Evaluates the headline metric of a workload. `target`: log half-width of the subjects. Requires
 * no minimum of blocks or starts except the estimate's. -ENOMEM. */
int estimate_precision(const struct record *record, int workload, double target,
		       struct precision *precision, struct error *err);
/* The plan's whole rule: at least min_blocks and starts, and the workload's target. False if
 * unknown. */
bool estimate_precise(const struct record *record, int workload);
