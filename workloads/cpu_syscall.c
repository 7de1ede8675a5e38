/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <unistd.h>

#include "base/clock.h"
#include "workloads/workload.h"

struct state {
	long wrong;
};

static int run(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;
	uint64_t now = clock_now();
	pid_t parent = getppid();
	long wrong = 0, batch = trial_integer(trial, "batch");

	(void)err;
	while (trial_continue_at(trial, &now)) {
		uint64_t start = now;

		for (long i = 0; i < batch; i++)
			wrong += getppid() != parent;
		now = clock_now();
		histogram_record(trial->histograms[0], (now - start) / (uint64_t)batch);
		trial->operations += (double)batch;
	}
	s->wrong = wrong;
	trial_value(trial, "call", trial_elapsed(trial) * 1e9 / trial->operations);
	trial_note(trial, "latency", "each sample is the mean of a batch");
	return 0;
}

static int verify(struct trial *trial, struct error *err)
{
	const struct state *s = trial->state;

	return s->wrong ? error_set(err, -EIO, "%ld calls returned another parent", s->wrong) : 0;
}

const struct workload cpu_syscall = {
	.name = "cpu.syscall",
	.version = 2,
	.panel = PANEL_CPU,
	.summary = "the cheapest system call (getppid), timed in batches",
	.operation = "one system call",
	.stands_for =
		"raw system call (gvisor-perf-guide; young2019, Figure 3); perf bench syscall",
	.metrics =
		(const struct metric[]){
			{"call", "ns", BETTER_LOWER, METRIC_TIME, NULL, 0, .per_operation = true},
			{"p99", "ns", BETTER_LOWER, METRIC_TIME, "latency", 0.99,
			 .per_operation = true},
			{0},
		},
	.parameters =
		(const struct parameter[]){
			{"batch", "calls between two readings of the clock", PARAMETER_INTEGER,
			 .fallback = 100, .low = 1, .high = 10000},
			{0},
		},
	.needs = {.cpus = 1},
	.state_bytes = sizeof(struct state),
	.run = run,
	.verify = verify,
};
