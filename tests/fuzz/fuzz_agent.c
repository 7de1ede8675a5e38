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

#define STATE_BYTES 16

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
	memset(trial->state, 1, STATE_BYTES);
	if (trial_integer(trial, "integer") == 13)
		return error_set(err, -EIO, "asked to fail");
	return 0;
}

static int run(struct trial *trial, struct error *err)
{
	(void)err;
	histogram_record(trial->histograms[0], (uint64_t)trial_integer(trial, "size"));
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

static int finish(struct trial *trial, struct error *err)
{
	(void)err;
	free(trial->state);
	trial->state = NULL;
	return 0;
}

static int serve(struct trial *trial, struct error *err)
{
	int rc;

	trial->state = malloc(STATE_BYTES);
	rc = trial->state ? prepare(trial, err) : -ENOMEM;
	if (rc)
		finish(trial, NULL);
	return rc;
}

static const struct workload one_sided = {.name = "fuzz.run",
					  .version = 1,
					  .summary = "",
					  .stands_for = "",
					  .metrics = metrics,
					  .parameters = parameters,
					  .state_bytes = STATE_BYTES,
					  .prepare = prepare,
					  .run = run,
					  .verify = verify};

static const struct workload two_sided = {.name = "fuzz.peer",
					  .version = 1,
					  .summary = "",
					  .stands_for = "",
					  .metrics = metrics,
					  .parameters = parameters,
					  .needs = {.peer = true},
					  .state_bytes = STATE_BYTES,
					  .prepare = prepare,
					  .run = run,
					  .verify = verify,
					  .serve = serve,
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
