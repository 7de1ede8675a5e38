/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ends a workload in progress: a thread waits for the agent's input, for trials with
 * "until":"finish" alone. Nothing is read: whatever arrives, or the end of the stream, ends the
 * trial, and the agent reads it afterwards as ever.
 */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "base/lines.h"

struct finish_watch {
	int input;
	int stop[2]; /* a pipe: its end that is written is closed to stop the thread */
	pthread_t thread;
	atomic_bool finished;
};

/* What `lines` has read already counts as arrived. */
int finish_watch_start(struct finish_watch *watch, const struct lines *lines, struct error *err);
void finish_watch_stop(struct finish_watch *watch);
