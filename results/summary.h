/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The summary of a run, one row for each workload, metric and arm: the source of summary.csv,
 * summary.json, the table and the figures. No other code computes a relative, an overhead or a
 * verdict. */
#pragma once

#include "results/estimate.h"
#include "results/luck.h"
#include "results/reason.h"
#include "results/record.h"
#include "results/verdict.h"

/* What would narrow an interval. */
#define ADVICE_STARTS "more starts would narrow this, more blocks would not"
#define ADVICE_LONGER "a longer run would narrow this, longer trials would not"
#define ADVICE_BLOCKS "more blocks would narrow this"

struct summary_row {
	const char *figure; /* "overhead" */
	const struct record_workload *workload;
	const struct record_metric *metric;
	const struct record_arm *arm;
	const struct record_condition *condition;
	bool headline;
	int starts, blocks;       /* that entered the estimate */
	struct interval value;    /* in the metric's unit */
	struct interval relative; /* performance / that of what it is compared with: below 1 is
				   * always worse */
	struct interval overhead; /* percent: (1 / relative - 1) * 100, positive is worse */
	/* Host CPU seconds per operation, all CPUs, without load generators and neighbours. */
	struct interval cpu_per_op;
	/* Relative without flagged trials; NaN if none was flagged. */
	struct interval without_flagged;
	/* Of the variance of log relative (results/estimate.h); NaN: unknown. */
	double share_trial, share_block, share_start;
	const char *advice; /* what would narrow the interval, a sentence; "" */
	bool differs;       /* the interval of relative excludes 1 */
	struct estimate
		log;       /* of relative, including the luck of the start, except the null arm's */
	double luck;       /* standard deviation of log between starts included in it; 0: none */
	bool luck_assumed; /* there is no null arm */
	double null_value; /* log of the null arm's relative in this metric; NaN: none */
	double bound;      /* the minimum (negligible: maximum) overhead in percent; NaN */
	bool stalls; /* the mean of logs lies outside the interval: few trials were far slower */
	enum verdict verdict;
	struct reason reason;    /* why unavailable or unresolved; otherwise none */
	struct remedy remedy;    /* unresolved: what would decide it */
	int flagged, left_out;   /* trials */
	json_t *counters_per_op; /* NULL, or name -> number or string "n/a (reason)"; owned */
};

struct summary {
	const struct record *record; /* borrowed, must outlive it */
	struct summary_row *rows;    /* workload, then metric, then arm, in the plan's order */
	int row_count;
	struct luck luck;
	int verdict_count;     /* number of verdicts that may be wrong by chance */
	double expected_false; /* of them, expected to be wrong by chance */
};

int summary_create(const struct record *record, struct summary **summary, struct error *err);
void summary_destroy(struct summary *summary);

/* The headline row of a workload and arm, NULL if there is none. */
const struct summary_row *summary_headline(const struct summary *summary, int workload, int arm);

/* summary.csv and summary.json, always the same bytes for the same record. */
int summary_write(const struct summary *summary, const struct directory *directory,
		  struct error *err);
/* Their text; caller frees, NULL: no memory. */
char *summary_csv(const struct summary *summary);
char *summary_json_text(const struct summary *summary);
json_t *summary_json(const struct summary *summary); /* new reference */
