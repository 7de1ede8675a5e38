/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Compares a run with a published study: for each published point what measures it here.
 *
 *   reproduced   the whole 95 % interval of our relative performance lies within the published
 *                value or bound, widened by REPRODUCE_WIDER, on the same side of 1
 *   differs      no part of it does
 *   cannot tell  it lies partly within, the environment is not comparable (software emulation, KVM
 *                without hardware virtualization), or the published value is ambiguous, unverified
 *                or not a number
 *   not measured no workload or environment of the run measures it
 */
#pragma once

#include "results/published.h"
#include "results/summary.h"

#define REPRODUCE_WIDER 0.20

enum reproduced { REPRODUCED, REPRODUCE_DIFFERS, REPRODUCE_CANNOT_TELL, REPRODUCE_NOT_MEASURED };

struct reproduce_row {
	const struct published_point *point;
	const struct summary_row *ours; /* NULL: not measured */
	struct interval relative;       /* ours, to the point's baseline; NaN: none */
	enum reproduced verdict;
	struct reason reason; /* of cannot tell and not measured; else none */
};

struct reproduction {
	const struct summary *summary; /* borrowed, must outlive it */
	struct published *published;
	struct reproduce_row *rows; /* in the order of the published points */
	int count;
};

int reproduce_create(const struct summary *summary, const char *study,
		     struct reproduction **reproduction, struct error *err);
void reproduce_destroy(struct reproduction *reproduction);
const char *reproduced_name(enum reproduced verdict);
/* Only the rule: `relative` is ours, with its interval. */
enum reproduced reproduce_judge(const struct published_point *point,
				const struct interval *relative, struct reason *reason);
