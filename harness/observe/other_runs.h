/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Detects other runs of Tare on this host, of any user, because two runs disturb each other. A
 * registry's lock only shows runs with the same registry, and a lock for all users could be held
 * forever by any of them. So runs do not exclude each other: each listens on a socket with an
 * abstract name and connects to those of the others, so that each learns of the other, and the
 * kernel says whose process it is. A user who squats on such names only makes others report that
 * they were not alone.
 *
 * The names belong to the network namespace; `TARE_HOST` in the environment changes them, for test
 * suites that share a host on purpose.
 */
#pragma once

#include <sys/types.h>

#include "base/error.h"

struct other_runs; /* opaque */

struct other_run {
	pid_t pid;
	uid_t uid;
};

/* Announces this run and connects to the others. NULL, with *err, on failure. */
struct other_runs *other_runs_open(struct error *err);
/* Writes runs seen since the last call to `met`, at most `limit`, each process once; returns how
 * many. Never blocks. */
int other_runs_met(struct other_runs *runs, struct other_run *met, int limit);
void other_runs_close(struct other_runs *runs); /* NULL is legal */
