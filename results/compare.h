/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two runs side by side: two hosts, two kernels, before and after. Nothing pairs their blocks, so
 * the interval is Welch's for two independent estimates of logs (Biometrika 34, 1947), and all that
 * differs between the runs may be its cause: the parity table comes first.
 *
 * What is judged is whether the cost of an environment is another: the runs' relatives, each to its
 * own baseline, which what the two hosts or days differ by drops out of. Of absolute values of two
 * equal runs a third "differs"; they are shown and not judged.
 */
#pragma once

#include <stdio.h>

#include "results/luck.h"
#include "results/reason.h"
#include "results/record.h"
#include "results/verdict.h"

/* One workload's headline in one environment that both runs have. */
struct comparison_row {
	const struct record_workload *workload; /* of the first run */
	const char *environment, *label;
	struct interval a, b;        /* values, in the metric's unit */
	struct interval performance; /* the second's / the first's: below 1 is worse, always */
	/* Relative to its own baseline, the second's / the first's: is the overhead another? NaN
	 * for the baseline. */
	struct interval relative;
	bool differs;         /* the interval of relative excludes 1 */
	enum verdict verdict; /* of relative; none for the baseline */
	struct reason reason; /* unavailable, unresolved: why; else none */
};

struct comparison {
	const struct record *a, *b; /* borrowed */
	json_t *parity;             /* array of {fact, a, b}: what differs */
	int alike;                  /* facts that are the same */
	json_t *forced;             /* array of strings: what should have stopped it; empty */
	struct luck luck_a, luck_b;
	struct comparison_row *rows;
	int row_count;
};

/* -EINVAL with the reason where the runs have no workload and environment in common, or one of a
 * different version or with different parameters, unless `force`. */
int compare_create(const struct record *a, const struct record *b, bool force,
		   struct comparison **comparison, struct error *err);
void compare_destroy(struct comparison *comparison);

json_t *compare_json(const struct comparison *comparison); /* new reference */
