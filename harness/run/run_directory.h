/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The run directory: created for a new run, read for a resumed one. */
#pragma once

#include "harness/run/run_private.h"

/* Sets id, directory and files; creates the directory, 0700, unless the run is resumed. -EEXIST: it
 * exists. */
int run_directory_create(struct run_setup *setup, struct error *err);
/* Removes what was created, if it is empty. */
void run_directory_remove(const struct run_setup *setup);
/* At the end, gives the directory itself, by descriptor, to the user who called sudo. Its files
 * were given when they were created, and until now nobody else could enter. */
void run_directory_give(struct run *run);
/* run_resume.c: reads the journal of a resumed run: what was measured, how long it took, where to
 * continue. */
int run_directory_reload(struct run *run, struct error *err);

/* The directory in which runs are created by default. */
#define RUN_PARENT "tare-runs"
