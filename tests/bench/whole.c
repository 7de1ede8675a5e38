/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tare as a whole: a trial through the harness, the start of an environment. */
#include <errno.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/command.h"
#include "base/file.h"
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

/* What lies between two trials beside the workload's own preparing and verifying, in ms: the median
 * over the trials that count. */
static int median_change(const char *journal, const char *metric, double *median, struct error *err)
{
	cleanup_free char *text = NULL;
	cleanup_free double *changes = NULL;
	double before = NAN;
	size_t count = 0;
	int rc = file_read(journal, JOURNAL_MAX, &text, NULL, err);

	(void)metric;
	if (rc)
		return rc;
	for (char *rest, *line = strtok_r(text, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		cleanup_json json_t *record = json_loads(line, 0, NULL);
		double time, outside, preparing, verifying, *more;

		if (json_unpack(record, "{s:F, s:F, s:F, s:F}", "time", &time, "outside_seconds",
				&outside, "preparing_seconds", &preparing, "verifying_seconds",
				&verifying))
			continue;
		more = realloc(changes, (count + 1) * sizeof(*changes));
		if (!more)
			return error_errno(err, -ENOMEM, "reading %s", journal);
		changes = more;
		if (isfinite(before) && !json_is_true(json_object_get(record, "warmup")))
			changes[count++] = (time - before - outside - preparing - verifying) * 1e3;
		before = time;
	}
	if (count < 2)
		return error_set(err, -ENOENT, "%s has no trials", journal);
	gsl_sort(changes, 1, count);
	*median = gsl_stats_median_from_sorted_data(changes, 1, count);
	return 0;
}

/* A study of one workload in these environments; `read` gets the value from its journal. */
static int
run_study(const struct place *place, const struct job *job, const char *const environments[2],
	  int (*read)(const char *journal, const char *metric, double *value, struct error *err),
	  double *value, struct error *err)
{
	char out[512], journal[600], time[32];
	const char *const argv[] = {"./tare",
				    "run",
				    "-w",
				    job->what,
				    "--time",
				    time,
				    "--out",
				    out,
				    "-e",
				    environments[0],
				    environments[1] ? "-e" : NULL,
				    environments[1],
				    NULL};
	cleanup_free char *output = NULL, *removed = NULL;
	int rc;

	snprintf(out, sizeof(out), "%s/harness-run", place->scratch);
	snprintf(journal, sizeof(journal), "%s/trials.jsonl", out);
	snprintf(time, sizeof(time), "%.0f", seconds_of_job(job));
	/* it chooses the CPUs by itself, as it always does; the same ones as ours */
	rc = command_run(argv, NULL, 120000, &output, err);
	if (!rc)
		rc = read(journal, job->metric, value, err);
	command_run((const char *const[]){"rm", "-r", "-f", out, NULL}, NULL, 10000, &removed,
		    NULL);
	return rc;
}

static int measure_harness(const struct place *place, const struct job *job, void *state,
			   struct sample *sample, struct error *err)
{
	static const char *const environments[2] = {"bare", NULL};

	(void)state;
	return run_study(place, job, environments, mean_of_trials, &sample->value, err);
}

const struct arm arm_harness = {.name = "tare run", .measure = measure_harness};

/* ms between two trials, from one environment to another */
static int measure_change(const struct place *place, const struct job *job, void *state,
			  struct sample *sample, struct error *err)
{
	static const char *const environments[2] = {"container", "microvm"};

	(void)state;
	return run_study(place, job, environments, median_change, &sample->value, err);
}

const struct arm arm_change = {.name = "tare run", .measure = measure_change};

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
