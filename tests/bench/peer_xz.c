/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/clock.h"
#include "tests/bench/bench.h"

/* The text of cpu.compress four times over, as its circle has it. xz -t would need no less. */
static int begin(const struct place *place, const struct job *job, void **state, struct error *err)
{
	char program[512], *file;
	cleanup_free char *output = NULL;

	if (asprintf(&file, "%s/xz-text", place->scratch) < 0)
		return error_set(err, -ENOMEM, "no memory for a name");
	*state = file;
	snprintf(program, sizeof(program), "%s/text", place->programs);
	return run_pinned(place->trial_cpu,
			  (const char *const[]){program, job->options, "4", file, NULL}, &output,
			  err);
}

static int measure(const struct place *place, const struct job *job, void *state,
		   struct sample *sample, struct error *err)
{
	char result[512];
	const char *const argv[] = {"xz", "--keep", "--force", "-T1", job->what, state, NULL};
	cleanup_free char *output = NULL;
	uint64_t from = clock_now(), spent;
	int rc = run_pinned(place->trial_cpu, argv, &output, err);

	spent = clock_now() - from;
	snprintf(result, sizeof(result), "%s.xz", (const char *)state);
	unlink(result);
	sample->value = 4 * strtod(job->options, NULL) / 1e6 / seconds_of(spent);
	return rc;
}

static void end(void *state)
{
	if (state)
		unlink(state);
	free(state);
}

const struct arm arm_xz = {"xz", begin, measure, end};
