/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "tests/bench/bench.h"

/* The first of the options is the file's name in the scratch directory. */
static int run_fio(const struct place *place, const struct job *job, const char *more,
		   char **output, struct error *err)
{
	char directory[512], name[128], rw[32], runtime[32];
	cleanup_free char *options = strdup(job->options), *last = strdup(more);
	const char *argv[40] = {
		"fio",   "--name=bench",   "--thread", "--output-format=json", directory, name, rw,
		runtime, "--randrepeat=0", NULL};
	size_t length = strcspn(job->options, " ");

	snprintf(directory, sizeof(directory), "--directory=%s", place->scratch);
	snprintf(name, sizeof(name), "--filename=%.*s", (int)length, job->options);
	snprintf(rw, sizeof(rw), "--rw=%s", job->what);
	snprintf(runtime, sizeof(runtime), "--runtime=%g", seconds_of_job(job));
	append_words(argv, 40, options ? options + length : NULL);
	append_words(argv, 40, last);
	return run_pinned(place->trial_cpu, argv, output, err);
}

/* A log is a new file each time. (fio's unlink=1 removes the name before it writes: a file without
 * a name is synchronised four times as fast.) */
static bool appends(const struct job *job)
{
	return strstr(job->options, "--create_on_open=1");
}

static void remove_file(const struct place *place, const struct job *job)
{
	char path[640];

	snprintf(path, sizeof(path), "%s/%.*s", place->scratch, (int)strcspn(job->options, " "),
		 job->options);
	unlink(path);
}

/* Two files on one disk may differ in speed by a third. So fio reads the file that ours reads; what
 * is written is a new file for each measurement, of both. */
static int run_with_file(const struct place *place, const struct job *job, char **output,
			 struct error *err)
{
	bool own = strstr(job->what, "write");
	cleanup_free char *made = NULL;
	int rc = 0;

	if (own && !appends(job))
		rc = run_fio(place, job, "--create_only=1", &made, err);
	if (!rc)
		rc = run_fio(place, job, "--time_based", output, err);
	if (own)
		remove_file(place, job);
	return rc;
}

static double number(const json_t *json, const char *key)
{
	return json_number_value(json_object_get(json, key));
}

static int measure(const struct place *place, const struct job *job, void *state,
		   struct sample *sample, struct error *err)
{
	cleanup_free char *output = NULL;
	cleanup_json json_t *report = NULL;
	const json_t *side, *percentiles;
	int rc = run_with_file(place, job, &output, err);

	(void)state;
	if (rc)
		return rc;
	if (strchr(output, '{'))
		report = json_loads(strchr(output, '{'), JSON_DISABLE_EOF_CHECK, NULL);
	side = json_object_get(json_array_get(json_object_get(report, "jobs"), 0),
			       strstr(job->what, "read") ? "read" : "write");
	if (number(side, "iops") <= 0)
		return error_set(err, -EBADMSG, "fio says no IO/s: %.200s", output);
	percentiles = json_object_get(json_object_get(side, "lat_ns"), "percentile");
	if (!percentiles)
		percentiles = json_object_get(json_object_get(side, "clat_ns"), "percentile");
	if (json_object_get(percentiles, "99.000000") && !strstr(job->options, "--fdatasync"))
		sample->p99 = number(percentiles, "99.000000");
	sample->value =
		strcmp(job->metric, "MB/s") ? number(side, "iops") : number(side, "bw_bytes") / 1e6;
	return 0;
}

const struct arm arm_fio = {.name = "fio", .measure = measure};
