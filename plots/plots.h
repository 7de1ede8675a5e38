/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Presents results: needs no root, no driver and no network. */
#pragma once

#include "base/directory.h"
#include "results/ladder.h"
#include "results/summary.h"

/* Draws every figure that the run's study lists and its data allow in <directory>/figures: NAME.gp,
 * NAME.dat, NAME.svg, NAME.png (and .pdf if `pdf`). Without gnuplot: -ENOENT, with the package to
 * install; .gp and .dat are still written. `language` is "en" or "pt-BR"; NULL: English. */
int figures_draw(const struct summary *summary, const struct directory *directory, bool pdf,
		 const char *language, struct error *err);

/* Writes <directory>/report.html: one file with inline figures and no external resources. It says
 * which figures are missing. */
int report_write(const struct summary *summary, const struct directory *directory,
		 const char *language, struct error *err);

/* A sentence for one panel, from the verdicts: "Disk: the container ... ; the VM ..."; "" if the
 * run has no workload of that panel. The caller frees. */
char *summary_sentence(const struct summary *summary, const char *panel, const char *language);

/* Which rung makes the largest difference for one workload; NULL: none. The caller frees. */
char *ladder_sentence(const struct ladder *ladder, int workload, const char *language);
