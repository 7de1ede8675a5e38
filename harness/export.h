/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run in other programs' formats. */
#pragma once

#include <stdio.h>

#include "results/record.h"

/* One line per trial and metric, including warm-up and left-out trials, which `valid` and `reason`
 * mark. */
int export_csv(const struct record *record, FILE *out, struct error *err);

/* Latency distributions in HdrHistogram's text format (.hgrm, for its plotter): one file per
 * workload, arm and histogram in `directory`, with the valid trials merged. Values are
 * microseconds. *count gets the number of files. */
int export_hgrm(const struct record *record, const struct directory *directory, int *count,
		struct error *err);
