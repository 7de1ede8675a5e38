/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Other runs of Tare on this host, of any user: two at once disturb each other. A registry's lock
 * only shows those that share the registry, and a lock that all users can take could be held by one
 * of them for ever. So a run keeps nobody out: it listens on a socket with an abstract name and
 * connects to those of the other runs, so that each learns of the other, and the kernel says whose
 * process it is. A user who takes such names without running anything only makes others report that
 * they were not alone.
 *
 * The names are those of the network namespace; `TARE_HOST` in the environment changes them,
 * for test suites that share a host on purpose.
 */
#ifndef TARE_OTHER_RUNS_H
#define TARE_OTHER_RUNS_H

#include <sys/types.h>

#include "base/error.h"

struct other_runs; /* opaque */

struct other_run {
	pid_t pid;
	uid_t uid;
};

/* Announces this run and connects to those that are there. NULL with *err where it cannot. */
struct other_runs *other_runs_open(struct error *err);
/* Runs seen since the last call: at most `limit` of them to `met`, each process once;
 * returns how many. Never waits. */
int other_runs_met(struct other_runs *runs, struct other_run *met, int limit);
void other_runs_close(struct other_runs *runs); /* NULL is legal */

#endif
