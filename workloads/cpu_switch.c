/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "workloads/workload.h"

struct state {
	int to, from; /* write and read ends; -1 */
	pid_t child;
	uint32_t sent;
};

/* read() and write() are cancellation points: in a program that has ever had a second thread, such
 * as the agent, glibc surrounds each with atomic operations, which took 5 % of a round trip. */
static bool take(int fd, uint32_t *number)
{
	return syscall(SYS_read, fd, number, sizeof(*number)) == (long)sizeof(*number);
}

static bool give(int fd, uint32_t number)
{
	return syscall(SYS_write, fd, &number, sizeof(number)) == (long)sizeof(number);
}

/* The other process: adds one, until the pipe ends. */
static void echo(int in, int out)
{
	uint32_t number;

	while (take(in, &number) && give(out, number + 1))
		;
	_exit(0);
}

static int prepare(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;
	int there[2], back[2];

	s->to = s->from = -1;
	if (pipe2(there, O_CLOEXEC))
		return error_errno(err, -errno, "making a pipe");
	s->to = there[1];
	if (pipe2(back, O_CLOEXEC)) {
		close(there[0]);
		return error_errno(err, -errno, "making a pipe");
	}
	s->from = back[0];
	s->child = fork();
	if (!s->child) {
		close(s->to);
		close(s->from);
		echo(there[0], back[1]);
	}
	close(there[0]);
	close(back[1]);
	return s->child < 0 ? error_errno(err, -errno, "starting a process") : 0;
}

static int run(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;
	uint64_t now = clock_now();

	while (trial_continue_at(trial, &now)) {
		uint64_t start = now;
		uint32_t number = s->sent;

		if (!give(s->to, number) || !take(s->from, &number))
			return error_set(err, -EIO, "the other process has exited");
		now = clock_now();
		histogram_record(trial->histograms[0], now - start);
		if (number != ++s->sent)
			return error_set(err, -EIO, "the other process answered %u, not %u", number,
					 s->sent);
		trial->operations++;
	}
	return 0;
}

/* Each answer was checked on arrival; the other process must still be running. */
static int verify(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;

	if (waitpid(s->child, NULL, WNOHANG) == 0)
		return 0;
	s->child = 0;
	return error_set(err, -ECHILD, "the other process has exited");
}

static void cleanup(struct trial *trial)
{
	struct state *s = trial->state;

	if (s->to >= 0)
		close(s->to); /* stops the other process */
	if (s->from >= 0)
		close(s->from);
	if (s->child > 0)
		waitpid(s->child, NULL, 0);
}

const struct workload cpu_switch = {
	.name = "cpu.switch",
	.version = 2,
	.panel = PANEL_CPU,
	.summary = "two processes pass a number back and forth through pipes",
	.operation = "one round trip: two context switches",
	.stands_for = "lmbench lat_ctx, perf bench sched pipe",
	.metrics =
		(const struct metric[]){
			LATENCY,
			{0},
		},
	.needs = {.cpus = 1, .fork = true},
	.state_bytes = sizeof(struct state),
	.prepare = prepare,
	.run = run,
	.verify = verify,
	.cleanup = cleanup,
};
