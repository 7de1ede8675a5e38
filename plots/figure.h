/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The interface of a figure: one file, one `const struct figure`. */
#pragma once

#include <stdbool.h>

#include "plots/canvas.h"
#include "plots/language.h"
#include "plots/style.h"
#include "results/reproduce.h"
#include "results/summary.h"

/* The input of every figure. */
struct picture {
	const struct summary *summary;
	const struct record *record;
	const struct style *styles;        /* one an arm */
	struct reproduction *reproduction; /* the study's published values; NULL: it has none */
	enum language language;
	struct sheet *sheet; /* the figure being written */
};

struct facets;

struct figure {
	const char *name;
	const char *title[LANGUAGE_COUNT], *caption[LANGUAGE_COUNT];
	bool (*wanted)(const struct picture *picture); /* whether the data allow it; NULL: always */
	int (*write)(const struct picture *picture, struct error *err);
	/* Instead of both: one panel for each workload with suitable data (facets.h). */
	bool (*has)(const struct picture *picture, int workload);
	void (*draw)(struct facets *facets, int i);
};

/* The pointer table; ends with NULL (figures.c). */
extern const struct figure *const figures[];

/* The figure of single events: the main one of runs from before studies listed their figures. */
extern const struct figure figure_events;

/* Whether the data allow it. */
bool figure_possible(const struct figure *figure, const struct picture *picture);
/* Whether the data allow it and the study lists it. */
bool figure_shown(const struct figure *figure, const struct picture *picture);
/* Writes its script and data to picture->sheet. */
int figure_write(const struct figure *figure, const struct picture *picture, struct error *err);
/* The first of the study's figures that is shown; NULL: none. */
const struct figure *figure_lead(const struct picture *picture);

/* Parts that figures share. */

int picture_create(const struct summary *summary, enum language language, struct picture *picture,
		   struct error *err);
void picture_destroy(struct picture *picture);

/* "CPU", "Disk"; an unknown panel's name as in run.json. */
const char *panel_title(const struct picture *picture, const char *panel);
/* What the conditions are compared with: the baseline's label; "each alone" if there are several.
 */
struct arm_label baseline_label(const struct picture *picture);
/* The arm's label; the null arm's is "bare metal again" in the language. */
struct arm_label {
	char text[160];
};
struct arm_label arm_label(const struct picture *picture, int arm);
/* A unit for display: "us" as "µs". */
const char *unit_text(const char *unit);
/* The first baseline, null arm or subject; -1: none. */
int arm_that_is(const struct record *record,
		bool (*what)(const struct record_condition *condition));
/* The row's number of its arm. */
int row_arm(const struct picture *picture, const struct summary_row *row);
