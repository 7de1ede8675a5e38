/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cpu.compress measures the steady state of a full dictionary. xz begins with an empty one, which
 * is faster, and it starts and ends within its time: what one turn of the text takes is taken off
 * what three turns take. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "tests/bench/bench.h"

#define TURNS 3

struct texts {
	char once[512], turns[512]; /* files */
};

static int write_text(const struct place *place, const struct job *job, const char *turns,
		      const char *file, struct error *err)
{
	char program[512];
	cleanup_free char *output = NULL;

	snprintf(program, sizeof(program), "%s/text", place->programs);
	return run_pinned(place->trial_cpu,
			  (const char *const[]){program, job->options, turns, file, NULL}, &output,
			  err);
}

static int begin(const struct place *place, const struct job *job, void **state, struct error *err)
{
	struct texts *texts = *state = calloc(1, sizeof(*texts));
	char turns[8];
	int rc;

	if (!texts)
		return error_set(err, -ENOMEM, "no memory for names");
	snprintf(turns, sizeof(turns), "%d", TURNS);
	snprintf(texts->once, sizeof(texts->once), "%s/xz-once", place->scratch);
	snprintf(texts->turns, sizeof(texts->turns), "%s/xz-turns", place->scratch);
	rc = write_text(place, job, "1", texts->once, err);
	return rc ? rc : write_text(place, job, turns, texts->turns, err);
}

static int compress(const struct place *place, const struct job *job, const char *file,
		    double *seconds, struct error *err)
{
	char result[520];
	const char *const argv[] = {"xz", "--keep", "--force", "-T1", job->what, file, NULL};
	cleanup_free char *output = NULL;
	uint64_t from = clock_now();
	int rc = run_pinned(place->trial_cpu, argv, &output, err);

	*seconds = seconds_of(clock_now() - from);
	snprintf(result, sizeof(result), "%s.xz", file);
	unlink(result);
	return rc;
}

static int measure(const struct place *place, const struct job *job, void *state,
		   struct sample *sample, struct error *err)
{
	const struct texts *texts = state;
	double once, turns;
	int rc = compress(place, job, texts->once, &once, err);

	if (!rc)
		rc = compress(place, job, texts->turns, &turns, err);
	if (rc)
		return rc;
	sample->value = (TURNS - 1) * strtod(job->options, NULL) / 1e6 / (turns - once);
	return 0;
}

static void end(void *state)
{
	const struct texts *texts = state;

	if (texts) {
		unlink(texts->once);
		unlink(texts->turns);
	}
	free(state);
}

const struct arm arm_xz = {"xz", begin, measure, end};
