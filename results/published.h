/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Published values as data (results/published/README.md): only what was read there, bounds as
 * bounds, with ambiguous and unverified ones marked. The files are embedded in the program. */
#pragma once

#include <stdbool.h>

#include "base/error.h"

enum relation {
	RELATION_EQUAL,     /* a number */
	RELATION_ABOUT,     /* "about" */
	RELATION_AT_LEAST,  /* a bound, of the performance relative to the baseline */
	RELATION_AT_MOST,   /* the same */
	RELATION_AMBIGUOUS, /* ambiguous */
	RELATION_NONE,      /* "no difference", without a number */
};

/* One environment against its baseline. The set owns the strings. */
struct published_point {
	const char *figure, *panel, *what, *metric, *unit, *source;
	enum relation relation;
	bool verified;
	bool is_vm;                   /* else a container */
	const char *baseline;         /* "bare" or "container": what it was compared with */
	const char *environment;      /* Tare's name for the set-up: "vm:tuned" */
	double value, baseline_value; /* in `unit`; NaN: no number */
	double relative;        /* performance / baseline's, below 1 is worse; NaN: no number */
	const char *workload;   /* pattern of the workloads that measure it; "": not covered */
	const char *our_metric; /* "": the headline */
	const char *differs;    /* what differs in the set-up; "" */
};

/* A line of the file: one or two points, or none if it compares no environments. */
struct published_line {
	const char *figure, *workload; /* as in its points */
};

struct published {
	const char *study;
	struct published_line *lines;
	int line_count;
	struct published_point *points;
	int count;
	char *text; /* private: what the strings point into */
};

/* The available studies; ends with NULL. */
extern const char *const published_studies[];

/* -ENOENT: unknown study; -EINVAL with the line: malformed. */
int published_load(const char *study, struct published **published, struct error *err);
/* Likewise from memory, for tests and fuzzing; copies `text`. */
int published_parse(const char *study, const char *text, struct published **published,
		    struct error *err);
void published_destroy(struct published *published);

const char *relation_name(enum relation relation);
