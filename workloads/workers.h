/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Threads that share one trial. */
#pragma once

#include <pthread.h>

#include "workloads/random.h"
#include "workloads/workload.h"

struct worker {
	int number;                 /* from 0 */
	void *state;                /* the workload's */
	struct trial trial;         /* a copy, because trial_continue supports only one thread */
	struct random_state random; /* seeded by the trial's seed and the number */
	struct histogram latency;
	double operations;
	int rc;
	struct error err;
	pthread_t thread;
	int (*work)(struct worker *worker, struct error *err);
};

/* `count` workers, with their memory touched; the caller frees. NULL if there is no memory. */
struct worker *workers_create(int count, void *state);

/* Runs `work` in `count` threads, including the caller's, until all return. Adds their operations
 * to the trial's and their histograms to its first. Returns the error of the first worker that
 * failed. */
int workers_run(struct trial *trial, struct worker *workers, int count,
		int (*work)(struct worker *worker, struct error *err), struct error *err);
