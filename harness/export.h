/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run in formats that other programs read. */
#ifndef TARE_EXPORT_H
#define TARE_EXPORT_H

#include <stdio.h>

#include "results/record.h"

/* One line a trial and metric, warm-up and left-out ones, too: `valid` and `reason` tell them. */
int export_csv(const struct record *record, FILE *out, struct error *err);

/* Latency distributions as HdrHistogram prints them (its .hgrm files, which its plotter reads):
 * one file a workload, arm and histogram in `directory`; valid trials merged.
 * Values are microseconds. *count gets how many there are. */
int export_hgrm(const struct record *record, const struct directory *directory, int *count,
		struct error *err);

#endif
