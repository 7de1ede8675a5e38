/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ends a workload in progress: a thread waits for input of the agent, only in trials with
 * "until":"finish". It reads nothing: any input, or the end of the stream, ends the trial, and the
 * agent reads the input afterwards. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "base/lines.h"

struct finish_watch {
	int input;
	int stop[2]; /* a pipe, whose write end is closed to stop the thread */
	pthread_t thread;
	atomic_bool finished;
};

/* What `lines` has already read counts as arrived. */
int finish_watch_start(struct finish_watch *watch, const struct lines *lines, struct error *err);
void finish_watch_stop(struct finish_watch *watch);
