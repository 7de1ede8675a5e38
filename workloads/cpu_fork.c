/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "workloads/closed_loop.h"
#include "workloads/tiny_program.h"
#include "workloads/workload.h"

static int prepare(struct trial *trial, struct error *err);
static int run(struct trial *trial, struct error *err);
static int verify(struct trial *trial, struct error *err);
static void cleanup(struct trial *trial);

const struct workload cpu_fork = {
	.name = "cpu.fork",
	.version = 1,
	.panel = PANEL_CPU,
	.summary = "fork, exec of a tiny static program, wait",
	.operation = "one process started and reaped",
	.stands_for =
		"lmbench lat_proc exec, UnixBench execl; process start in manco2017, Figure 4",
	.metrics =
		(const struct metric[]){
			{"throughput", "processes/s", BETTER_HIGHER, .kind = METRIC_RATE},
			{"p50", "us", BETTER_LOWER, METRIC_TIME, "latency", 0.5,
			 .per_operation = true},
			{"p99", "us", BETTER_LOWER, METRIC_TIME, "latency", 0.99,
			 .per_operation = true},
			{PER_CPU_SECOND, "processes/CPU s", BETTER_HIGHER, .kind = METRIC_RATE},
			{0},
		},
	.needs = {.cpus = 1, .fork = true},
	.prepare = prepare,
	.run = run,
	.verify = verify,
	.cleanup = cleanup,
};

struct state {
	int program;
	struct histogram *latency;
};

static int prepare(struct trial *trial, struct error *err)
{
	struct state *s = calloc(1, sizeof(*s));

	trial->state = s;
	if (!s)
		return error_set(err, -ENOMEM, "no memory for cpu.fork");
	s->latency = histogram_create();
	s->program = s->latency ? tiny_program_open(err)
				: error_set(err, -ENOMEM, "no memory for cpu.fork");
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
	const struct state *s = trial->state;

	return closed_loop(trial, s->latency, start_and_wait, err);
}

/* Each exit status was checked during the run; no process may be left. */
static int verify(struct trial *trial, struct error *err)
{
	(void)trial;
	if (waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD)
		return 0;
	return error_set(err, -EIO, "a process is left running");
}

static void cleanup(struct trial *trial)
{
	struct state *s = trial->state;

	if (!s)
		return;
	if (s->program >= 0)
		close(s->program);
	histogram_destroy(s->latency);
	free(s);
	trial->state = NULL;
}
