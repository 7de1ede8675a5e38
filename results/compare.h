/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Compares two runs: two hosts, two kernels, before and after. Their blocks cannot be paired, so
 * the interval is Welch's for two independent estimates of logs (Biometrika 34, 1947), and anything
 * that differs between the runs may be the cause: the parity table comes first.
 *
 * It judges whether an environment costs more in one run, from the runs' relatives, each to its own
 * baseline, so that differences between the hosts or days drop out. Absolute values are shown but
 * not judged: a third of those of two equal runs "differs".
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
	struct interval performance; /* the second's / the first's: below 1 is always worse */
	/* Relatives to the own baseline, the second's / the first's: has the overhead changed? NaN
	 * for the baseline. */
	struct interval relative;
	bool differs;         /* the interval of relative excludes 1 */
	enum verdict verdict; /* of relative; none for the baseline */
	struct reason reason; /* why unavailable or unresolved; otherwise none */
};

struct comparison {
	const struct record *a, *b; /* borrowed */
	json_t *parity;             /* array of {fact, a, b}: what differs */
	int alike;                  /* number of equal facts */
	json_t *forced;             /* array of strings: what would have stopped it without `force`;
				     * may be empty */
	struct luck luck_a, luck_b;
	struct comparison_row *rows;
	int row_count;
};

/* -EINVAL with the reason if the runs have no workload and environment in common or, unless
 * `force`, one with a different version or parameters. */
int compare_create(const struct record *a, const struct record *b, bool force,
		   struct comparison **comparison, struct error *err);
void compare_destroy(struct comparison *comparison);

json_t *compare_json(const struct comparison *comparison); /* new reference */
