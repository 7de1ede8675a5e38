/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <sched.h>
#include <sys/prctl.h>
#include <time.h>

#include "base/clock.h"
#include "workloads/workload.h"

struct state {
	int slack; /* ns, the previous value */
	uint64_t early;
};

static int prepare(struct trial *trial, struct error *err)
{
	struct sched_param priority = {.sched_priority = (int)trial_integer(trial, "priority")};
	struct state *s = trial->state;

	s->slack = prctl(PR_GET_TIMERSLACK);
	prctl(PR_SET_TIMERSLACK, 1); /* the default timer slack would allow 50 us */
	if (priority.sched_priority && sched_setscheduler(0, SCHED_FIFO, &priority))
		return error_errno(err, -errno, "setting SCHED_FIFO priority %d",
				   priority.sched_priority);
	return 0;
}

/* Deadlines are on a fixed grid: a late wake-up does not move the next one. */
static int run(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;
	uint64_t interval = (uint64_t)trial_integer(trial, "interval") * 1000,
		 intended = clock_now();

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
		histogram_record(trial->histograms[0], now > intended ? now - intended : 0);
		trial->operations++;
	}
	return 0;
}

static int verify(struct trial *trial, struct error *err)
{
	const struct state *s = trial->state;

	if (!s->early)
		return 0;
	return error_set(err, -EIO, "%llu wake-ups were early", (unsigned long long)s->early);
}

static void cleanup(struct trial *trial)
{
	static const struct sched_param ordinary;
	struct state *s = trial->state;

	sched_setscheduler(0, SCHED_OTHER, &ordinary);
	if (s->slack > 0)
		prctl(PR_SET_TIMERSLACK, (unsigned long)s->slack);
}

const struct workload cpu_wakeup = {
	.name = "cpu.wakeup",
	.version = 1,
	.panel = PANEL_CPU,
	.summary = "how late a thread wakes from a sleep until a deadline",
	.operation = "one wake-up",
	.stands_for = "cyclictest",
	.metrics =
		(const struct metric[]){
			TIME_US("p50", "latency", 0.5),
			TIME_US("mean", "latency", 0),
			TIME_US("p99", "latency", 0.99),
			TIME_US("max", "latency", 1),
			{0},
		},
	.parameters =
		(const struct parameter[]){
			{"interval", "interval between wake-ups, us", PARAMETER_INTEGER,
			 .fallback = 1000, .low = 50, .high = 1000000},
			{"priority", "SCHED_FIFO priority; 0: an ordinary thread (SCHED_OTHER)",
			 PARAMETER_INTEGER, .fallback = 0, .low = 0, .high = 98},
			{0},
		},
	.needs = {.cpus = 1},
	.state_bytes = sizeof(struct state),
	.prepare = prepare,
	.run = run,
	.verify = verify,
	.cleanup = cleanup,
};
