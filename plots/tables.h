/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Results of a run as text for a terminal. libsmartcols prints the tables; `utf8` and `colour`:
 * what the terminal supports. -ENOMEM. */
#pragma once

#include "results/compare.h"
#include "results/ladder.h"
#include "results/reproduce.h"
#include "results/summary.h"

/* With its notes. `width`: the terminal's columns, 0 for no terminal; below 140 the intervals of
 * relative performance and the CPU time are left out. */
int summary_print(const struct summary *summary, FILE *out, int width, bool utf8, bool colour);
/* One line for each step. */
int ladder_print(const struct ladder *ladder, FILE *out, bool utf8);
int compare_print(const struct comparison *comparison, FILE *out, bool utf8, bool colour);
/* Points that are not covered are only counted. */
int reproduce_print(const struct reproduction *reproduction, FILE *out, bool utf8, bool colour);
/* Prints nothing if there are no rows. */
void closure_print(const struct record *record, FILE *out);
