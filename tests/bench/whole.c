/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tare as a whole: a trial through the harness, the start of an environment. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/command.h"
#include "harness/base/file.h"
#include "tests/bench/bench.h"

#define JOURNAL_MAX (64u << 20)

/* The mean of a value over the trials that count. */
static int mean_of_trials(const char *journal, const char *metric, double *mean, struct error *err)
{
	cleanup_free char *text = NULL;
	double sum = 0;
	int count = 0;
	int rc = file_read(journal, JOURNAL_MAX, &text, NULL, err);

	if (rc)
		return rc;
	for (char *rest, *line = strtok_r(text, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		cleanup_json json_t *record = json_loads(line, 0, NULL);
		const json_t *value = json_object_get(json_object_get(record, "values"), metric);

		if (!value || json_is_true(json_object_get(record, "warmup")))
			continue;
		sum += json_number_value(value);
		count++;
	}
	*mean = sum / count;
	return count ? 0 : error_set(err, -ENOENT, "%s has no trials", journal);
}

static int measure_harness(const struct place *place, const struct job *job, void *state,
			   struct sample *sample, struct error *err)
{
	char out[512], journal[600], time[32];
	const char *const argv[] = {"./tare", "run", "-e",    "bare", "-w", job->what,
				    "--time", time,  "--out", out,    NULL};
	cleanup_free char *output = NULL, *removed = NULL;
	int rc;

	(void)state;
	snprintf(out, sizeof(out), "%s/harness-run", place->scratch);
	snprintf(journal, sizeof(journal), "%s/trials.jsonl", out);
	snprintf(time, sizeof(time), "%.0f", seconds_of_job(job));
	/* it chooses the CPUs by itself, as it always does; the same ones as ours */
	rc = command_run(argv, NULL, 120000, &output, err);
	if (!rc)
		rc = mean_of_trials(journal, job->metric, &sample->value, err);
	command_run((const char *const[]){"rm", "-r", "-f", out, NULL}, NULL, 10000, &removed,
		    NULL);
	return rc;
}

const struct arm arm_harness = {.name = "tare run", .measure = measure_harness};

/* From nothing to the agent's answer to hello, ms. */
static int measure_environment(const struct place *place, const struct job *job, void *state,
			       struct sample *sample, struct error *err)
{
	/* its own priority: a cgroup may refuse real-time ones */
	const char *const argv[] = {"chrt", "--other",      "0",       "build/tests/driver_probe",
				    "-s",   place->scratch, job->what, NULL};
	cleanup_free char *output = NULL;
	int rc = command_run(argv, NULL, 120000, &output, err);

	(void)state;
	return rc ? rc : number_after(output, "\"hello_ms\":", &sample->value, err);
}

const struct arm arm_environment = {.name = "driver", .measure = measure_environment};
