/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workloads/workers.h"

#include <errno.h>
#include <stdlib.h>

struct worker *workers_create(int count, void *state)
{
	struct worker *workers = calloc((size_t)count, sizeof(*workers));

	for (int i = 0; workers && i < count; i++) {
		workers[i].number = i;
		workers[i].state = state;
		histogram_reset(&workers[i].latency);
	}
	return workers;
}

static void *enter(void *argument)
{
	struct worker *w = argument;

	w->rc = w->work(w, &w->err);
	return NULL;
}

int workers_run(struct trial *trial, struct worker *workers, int count,
		int (*work)(struct worker *worker, struct error *err), struct error *err)
{
	int started = 1, rc = 0;

	for (int i = 0; i < count; i++) {
		workers[i].trial = *trial;
		workers[i].random = random_seeded(trial->seed + (uint64_t)i);
		workers[i].operations = 0;
		workers[i].rc = 0;
		workers[i].work = work;
		histogram_reset(&workers[i].latency);
	}
	for (; started < count && !rc; started += !rc)
		rc = -pthread_create(&workers[started].thread, NULL, enter, &workers[started]);
	if (rc)
		rc = error_errno(err, rc, "starting thread %d of %d", started + 1, count);
	else
		enter(&workers[0]);
	for (int i = 1; i < started; i++)
		pthread_join(workers[i].thread, NULL);
	for (int i = 0; i < started && !rc; i++) {
		rc = workers[i].rc;
		if (rc && err)
			*err = workers[i].err;
		trial->operations += workers[i].operations;
		histogram_merge(trial->histograms[0], &workers[i].latency);
	}
	return rc;
}
