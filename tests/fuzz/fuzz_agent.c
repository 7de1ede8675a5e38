/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The agent's side of the protocol: what a harness may say. The whole agent is in it but for its
 * workloads, which would write files: those here have every kind of parameter and do nothing.
 */
#include "tests/fuzz/fuzz.h"

#include <fcntl.h>

int agent_main(void);

#define main agent_main
#include "workloads/agent.c"
#undef main

static const char *const choices[] = {"first", "second", NULL};

static const struct parameter parameters[] = {
	{"integer", "", PARAMETER_INTEGER, .fallback = 1, .low = 0, .high = 100},
	{"size", "", PARAMETER_SIZE, .fallback = 4096, .low = 512, .high = 1 << 30},
	{"real", "", PARAMETER_REAL, .fallback = 0.5, .low = 0, .high = 1},
	{"choice", "", PARAMETER_CHOICE, .choices = choices},
	{0},
};

static const struct metric metrics[] = {
	{"throughput", "1/s", BETTER_HIGHER, .kind = METRIC_RATE},
	{"p99", "us", BETTER_LOWER, METRIC_TIME, "latency", 0.99, .per_operation = true},
	{0},
};

static int prepare(struct trial *trial, struct error *err)
{
	trial->state = malloc(16);
	if (trial_integer(trial, "integer") == 13)
		return error_set(err, -EIO, "asked to fail");
	return trial->state ? 0 : -ENOMEM;
}

static int run(struct trial *trial, struct error *err)
{
	struct histogram *latency = histogram_create();

	(void)err;
	histogram_record(latency, (uint64_t)trial_integer(trial, "size"));
	trial_histogram(trial, "latency", latency);
	histogram_destroy(latency);
	trial->operations = (double)trial_integer(trial, "integer");
	trial_value(trial, "throughput", trial_real(trial, "real"));
	trial_note(trial, "choice", trial_choice(trial, "choice"));
	return 0;
}

static int verify(struct trial *trial, struct error *err)
{
	(void)trial, (void)err;
	return 0;
}

static void cleanup(struct trial *trial)
{
	free(trial->state);
	trial->state = NULL;
}

static int finish(struct trial *trial, struct error *err)
{
	(void)err;
	cleanup(trial);
	return 0;
}

static const struct workload one_sided = {.name = "fuzz.run",
					  .version = 1,
					  .summary = "",
					  .stands_for = "",
					  .metrics = metrics,
					  .parameters = parameters,
					  .prepare = prepare,
					  .run = run,
					  .verify = verify,
					  .cleanup = cleanup};

static const struct workload two_sided = {.name = "fuzz.peer",
					  .version = 1,
					  .summary = "",
					  .stands_for = "",
					  .metrics = metrics,
					  .parameters = parameters,
					  .needs = {.peer = true},
					  .prepare = prepare,
					  .run = run,
					  .verify = verify,
					  .cleanup = cleanup,
					  .serve = prepare,
					  .finish = finish};

const struct workload *const workloads[] = {&one_sided, &two_sided, NULL};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int in = fuzz_stream(data, size), out = open("/dev/null", O_WRONLY | O_CLOEXEC);

	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	close(in);
	close(out);
	agent_main();
	return 0;
}
