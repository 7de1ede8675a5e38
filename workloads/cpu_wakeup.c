/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>

#include "base/clock.h"
#include "workloads/workload.h"

static int prepare(struct trial *trial, struct error *err);
static int run(struct trial *trial, struct error *err);
static int verify(struct trial *trial, struct error *err);
static void cleanup(struct trial *trial);

const struct workload cpu_wakeup = {
	.name = "cpu.wakeup",
	.version = 1,
	.panel = PANEL_CPU,
	.summary = "how late a thread wakes from a sleep with a deadline",
	.operation = "one wake-up",
	.stands_for = "cyclictest",
	.metrics =
		(const struct metric[]){
			{"p50", "us", BETTER_LOWER, METRIC_TIME, "latency", 0.5,
			 .per_operation = true},
			{"mean", "us", BETTER_LOWER, METRIC_TIME, "latency", 0,
			 .per_operation = true},
			{"p99", "us", BETTER_LOWER, METRIC_TIME, "latency", 0.99,
			 .per_operation = true},
			{"max", "us", BETTER_LOWER, METRIC_TIME, "latency", 1,
			 .per_operation = true},
			{0},
		},
	.parameters =
		(const struct parameter[]){
			{"interval", "us from one wake-up to the next", PARAMETER_INTEGER,
			 .fallback = 1000, .low = 50, .high = 1000000},
			{"priority", "of SCHED_FIFO; 0: an ordinary thread", PARAMETER_INTEGER,
			 .fallback = 0, .low = 0, .high = 98},
			{0},
		},
	.needs = {.cpus = 1},
	.prepare = prepare,
	.run = run,
	.verify = verify,
	.cleanup = cleanup,
};

struct state {
	struct histogram *latency;
	int slack; /* ns, as it was */
	uint64_t early;
};

static int prepare(struct trial *trial, struct error *err)
{
	struct sched_param priority = {.sched_priority = (int)trial_integer(trial, "priority")};
	struct state *s = calloc(1, sizeof(*s));

	trial->state = s;
	if (!s || !(s->latency = histogram_create()))
		return error_set(err, -ENOMEM, "no memory for cpu.wakeup");
	s->slack = prctl(PR_GET_TIMERSLACK);
	prctl(PR_SET_TIMERSLACK, 1); /* the default timer slack would allow 50 us */
	if (priority.sched_priority && sched_setscheduler(0, SCHED_FIFO, &priority))
		return error_errno(err, -errno, "priority=%d of SCHED_FIFO",
				   priority.sched_priority);
	return 0;
}

/* Deadlines are on a fixed grid: a late wake-up does not move the next one. */
static int run(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;
	uint64_t interval = (uint64_t)trial_integer(trial, "interval") * 1000,
		 intended = clock_now();

	histogram_reset(s->latency);
	s->early = 0;
	while (trial_continue(trial)) {
		struct timespec until;
		uint64_t now;
		int rc;

		intended += interval;
		until.tv_sec = (time_t)(intended / NSEC_PER_SEC);
		until.tv_nsec = (long)(intended % NSEC_PER_SEC);
		rc = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
		now = clock_now();
		if (rc && rc != EINTR)
			return error_errno(err, -rc, "sleeping");
		s->early += now < intended;
		histogram_record(s->latency, now > intended ? now - intended : 0);
		trial->operations++;
	}
	trial_histogram(trial, "latency", s->latency);
	return 0;
}

static int verify(struct trial *trial, struct error *err)
{
	const struct state *s = trial->state;

	if (!s->early)
		return 0;
	return error_set(err, -EIO, "%llu wake-ups came before their deadline",
			 (unsigned long long)s->early);
}

static void cleanup(struct trial *trial)
{
	static const struct sched_param ordinary;
	struct state *s = trial->state;

	if (!s)
		return;
	sched_setscheduler(0, SCHED_OTHER, &ordinary);
	if (s->slack > 0)
		prctl(PR_SET_TIMERSLACK, (unsigned long)s->slack);
	histogram_destroy(s->latency);
	free(s);
	trial->state = NULL;
}
