/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HOW it is shown. Reads results only; needs no root, no driver and no network. */
#pragma once

#include "base/directory.h"
#include "results/ladder.h"
#include "results/summary.h"

/* Draws every figure that the run's study asks for and that its data allows into
 * <directory>/figures: NAME.gp, NAME.dat, NAME.svg, NAME.png (and .pdf where `pdf`).
 * Without gnuplot: -ENOENT, with the package to install; .gp and .dat are there all the same.
 * `language` is "en" or "pt-BR", NULL English. */
int figures_draw(const struct summary *summary, const struct directory *directory, bool pdf,
		 const char *language, struct error *err);

/* <directory>/report.html: one file, figures inline, no outside resource. Figures that are not
 * there are said to be missing. */
int report_write(const struct summary *summary, const struct directory *directory,
		 const char *language, struct error *err);

/* One sentence a panel, from the verdicts: "Disk: the container ... ; the VM ..."; "" where the
 * run has no workload of that panel. Caller frees. */
char *summary_sentence(const struct summary *summary, const char *panel, const char *language);

/* Which rung the difference lives in, for one workload; NULL where it has none. Caller frees. */
char *ladder_sentence(const struct ladder *ladder, int workload, const char *language);
