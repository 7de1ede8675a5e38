/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Studies as data: a named set of workloads and environments that produces named figures.
 *
 * A workload is written NAME or NAME:PARAMETER=VALUE,...; the text is its key in plan, journal and
 * summary, so that a study can have one workload at several settings. "?" before a workload or
 * environment makes it optional.
 */
#pragma once

#include "base/error.h"

/* A scene: the study measures each environment alone, and in each scene beside a second instance of
 * the same environment. */
struct scene {
	const char *name;      /* "competing" */
	const char *neighbour; /* the workload that it runs; NULL: it stays idle */
};

#define SCENE_SAME "=" /* the neighbour runs what the subject runs */

struct study {
	const char *name;
	const char *title;               /* one line: the question that it answers */
	const char *const *figures;      /* names of figures in plots/, the main one first;
					  * NULL-terminated */
	const char *baseline;            /* environment */
	const char *const *environments; /* NULL-terminated, the baseline not among them */
	const char *const *rungs;        /* in a ladder: what each environment adds; NULL: none */
	const char *const *workloads;    /* NULL-terminated */
	const struct scene *scenes;      /* ends with an empty name; NULL: none */
};

extern const struct study studies[]; /* ends with an empty name; the first is the default */

/* NULL: the default study. -EINVAL with the valid names. */
int study_find(const char *name, const struct study **study, struct error *err);
