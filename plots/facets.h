/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small multiples: one panel for each workload, in rows, with a common legend below. */
#pragma once

#include "plots/figure.h"

#define FACETS_MOST 64

struct facets {
	struct canvas canvas;
	const struct picture *picture;
	int workloads[FACETS_MOST];
	int count, columns;
	double cell, legend;
};

/* Whether there is a workload for which `has` holds. */
bool facets_any(const struct picture *picture,
		bool (*has)(const struct picture *picture, int workload));
/* Writes a whole figure of facets. */
int facets_write(const struct picture *picture, const struct figure *figure, struct error *err);

/* Begins figure `name` with `count` panels of whatever kind. */
int facets_open(struct facets *facets, const struct picture *picture, const char *name, int count,
		struct error *err);
/* The place of facet `i`'s plot. */
struct box facets_box(const struct facets *facets, int i);
/* Its title (NULL: the workload's name) and axis labels. */
void facets_words(struct facets *facets, int i, const char *title, const char *x_axis,
		  const char *y_axis);
/* The legend of all arms, then the end of the figure. */
int facets_close(struct facets *facets, struct error *err);
