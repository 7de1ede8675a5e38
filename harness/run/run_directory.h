/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The run directory: made for a new run, read again for one that is resumed. */
#ifndef TARE_RUN_DIRECTORY_H
#define TARE_RUN_DIRECTORY_H

#include "harness/run/run.h"

/* Sets run->id, run->directory and run->files; makes the directory, 0700, unless the run is
 * resumed. -EEXIST where it is there already. */
int run_directory_create(struct run *run, struct error *err);
/* At the end, to the user behind sudo: the directory itself, by its descriptor. The files in it
 * were given when they were made, and until now nobody else could enter. */
void run_directory_give(struct run *run);
/* run_resume.c: from the journal of a resumed run: what was measured, how long it took, where to
 * go on. */
int run_directory_reload(struct run *run, struct error *err);

/* The run itself, new or resumed; run.c. */
int run_execute(struct run *run);

/* The directory below which runs are made by default. */
#define RUN_PARENT "tare-runs"

#endif
