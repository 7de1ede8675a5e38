/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "workloads/closed_loop.h"
#include "workloads/tiny_program.h"
#include "workloads/workload.h"

struct state {
	int program;
};

static int prepare(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;

	s->program = tiny_program_open(err);
	return s->program < 0 ? s->program : 0;
}

static int start_and_wait(struct trial *trial, struct error *err)
{
	const struct state *s = trial->state;
	static char *const arguments[] = {(char *)"tiny", NULL}, *const environment[] = {NULL};
	pid_t pid = fork();
	int status;

	if (pid < 0)
		return error_errno(err, -errno, "starting a process");
	if (!pid) {
		fexecve(s->program, arguments, environment);
		_exit(127);
	}
	if (waitpid(pid, &status, 0) != pid)
		return error_errno(err, -errno, "waiting for a process");
	if (WIFEXITED(status) && WEXITSTATUS(status) == TINY_PROGRAM_STATUS)
		return 0;
	return error_set(err, -EIO, "the program exited with wait status %d", status);
}

static int run(struct trial *trial, struct error *err)
{
	return closed_loop(trial, start_and_wait, err);
}

/* Each exit status was checked during the run; no process may be left. */
static int verify(struct trial *trial, struct error *err)
{
	(void)trial;
	if (waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD)
		return 0;
	return error_set(err, -EIO, "a process is still running");
}

static void cleanup(struct trial *trial)
{
	struct state *s = trial->state;

	if (s->program >= 0)
		close(s->program);
}

const struct workload cpu_fork = {
	.name = "cpu.fork",
	.version = 1,
	.panel = PANEL_CPU,
	.summary = "fork, exec a tiny static program, wait for it",
	.operation = "one process started and reaped",
	.stands_for =
		"lmbench lat_proc exec, UnixBench execl; process start in manco2017, Figure 4",
	.metrics =
		(const struct metric[]){
			RATE("throughput", "processes/s"),
			TIME_US("p50", "latency", 0.5),
			TIME_US("p99", "latency", 0.99),
			RATE(PER_CPU_SECOND, "processes/CPU s"),
			{0},
		},
	.needs = {.cpus = 1, .fork = true},
	.state_bytes = sizeof(struct state),
	.prepare = prepare,
	.run = run,
	.verify = verify,
	.cleanup = cleanup,
};
