/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names shared by the agent, run.json, the estimates and the figures: each is spelled only
 * here. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* What a workload exercises, in the order of presentation. */
enum panel { PANEL_CPU, PANEL_MEMORY, PANEL_DISK, PANEL_NETWORK, PANEL_COUNT };
extern const char *const panel_names[]; /* ends with NULL */

/* Of reports; the first is that of tables, CSV and JSON. */
enum language { LANGUAGE_EN, LANGUAGE_PT_BR, LANGUAGE_COUNT };

enum better { BETTER_HIGHER, BETTER_LOWER };
extern const char *const better_names[]; /* ends with NULL */

/* What a member of a condition's cast does: it is measured, it loads the subject over the network,
 * or it runs beside the subject. */
enum cast_role { CAST_SUBJECT, CAST_LOAD, CAST_NEIGHBOUR };
extern const char *const cast_role_names[]; /* ends with NULL */

/* What a member of the cast may use; 0: the run's default share. */
struct allotment {
	int cpus;
	uint64_t memory_bytes, scratch_bytes;
};

enum metric_kind { METRIC_RATE, METRIC_TIME, METRIC_BYTES, METRIC_COUNT };
extern const char *const metric_kind_names[]; /* ends with NULL */

/* One value of a trial. Tables of metrics end with an empty name; the first is the headline. */
struct metric {
	const char *name; /* "throughput", "p99" */
	const char *unit; /* "MB/s", "us" */
	enum better better;
	enum metric_kind kind;
	/* Where the value is a percentile of a histogram, not one that run() sets: */
	const char *histogram; /* "latency" */
	double percentile;     /* 0.99; 0 with a histogram: its mean; 1: its maximum */
	bool per_operation;    /* time or bytes of one operation */
	bool zero_valid;       /* otherwise 0 means that nothing was measured */
};

/* A table of metrics as catalogue and run.json have it. A new reference. */
json_t *metrics_json(const struct metric *metrics);

/* How an arm is drawn in every figure; plots/style.c has the colours. */
enum arm_style {
	STYLE_ANY, /* one that no other arm of the run has */
	STYLE_BLACK_SQUARE,
	STYLE_BLUE_CIRCLE,
	STYLE_VERMILLION_TRIANGLE,
	STYLE_GREEN_DIAMOND,
	STYLE_PURPLE_INVERTED_TRIANGLE,
	STYLE_SKY_PENTAGON,
	STYLE_ORANGE_SQUARE,
	STYLE_BROWN_CIRCLE,
	STYLE_VIOLET_TRIANGLE,
	STYLE_RED_DIAMOND,
	STYLE_COUNT
};

enum parameter_kind { PARAMETER_INTEGER, PARAMETER_SIZE, PARAMETER_REAL, PARAMETER_CHOICE };
extern const char *const parameter_kind_names[]; /* ends with NULL */

/* The index of `name` in one of the tables above; -1 if it is not there, or NULL. */
int vocabulary_find(const char *const *names, const char *name);
