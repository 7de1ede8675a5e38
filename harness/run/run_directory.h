/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The run directory: made for a new run, read again for one that is resumed. */
#ifndef TARE_RUN_DIRECTORY_H
#define TARE_RUN_DIRECTORY_H

#include "harness/run/run_private.h"

/* Sets id, directory and files; makes the directory, 0700, unless the run is
 * resumed. -EEXIST: it exists. */
int run_directory_create(struct run_setup *setup, struct error *err);
/* What was made, while it is empty. */
void run_directory_remove(const struct run_setup *setup);
/* At the end, to the user behind sudo: the directory itself, by its descriptor. The files in it
 * were given when they were made, and until now nobody else could enter. */
void run_directory_give(struct run *run);
/* run_resume.c: from the journal of a resumed run: what was measured, how long it took, where to
 * continue. */
int run_directory_reload(struct run *run, struct error *err);

/* The directory below which runs are made by default. */
#define RUN_PARENT "tare-runs"

#endif
