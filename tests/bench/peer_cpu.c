/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Peers that are one program, run once a measurement: they need no begin and leave nothing. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "tests/bench/bench.h"
#include "base/histogram.h"

/* ---- likwid-bench: triads over three arrays of 256 MB ---------------------------------------- */

static int measure_likwid(const struct place *place, const struct job *job, void *state,
			  struct sample *sample, struct error *err)
{
	const char *const argv[] = {"likwid-bench", "-t", job->what, "-w",
				    "N:768MB:1",    "-i", "24",      NULL};
	cleanup_free char *output = NULL;
	int rc = run_pinned(place->trial_cpu, argv, &output, err);

	(void)state;
	if (!rc)
		rc = number_after(output, "MByte/s:", &sample->value, err);
	sample->value /= 1000;
	return rc;
}

const struct arm arm_likwid = {.name = "likwid-bench", .measure = measure_likwid};

/* ---- programs of our own around a method or a library: PROGRAM SIZE SECONDS prints a number ---
 */

static int measure_program(const struct place *place, const char *program, const struct job *job,
			   struct sample *sample, struct error *err)
{
	char path[512], seconds[16];
	const char *const argv[] = {path, job->what, seconds, NULL};
	cleanup_free char *output = NULL;
	int rc;

	snprintf(path, sizeof(path), "%s/%s", place->programs, program);
	snprintf(seconds, sizeof(seconds), "%g", seconds_of_job(job));
	rc = run_pinned(place->trial_cpu, argv, &output, err);
	return rc ? rc : number_after(output, "value ", &sample->value, err);
}

static int measure_chase(const struct place *place, const struct job *job, void *state,
			 struct sample *sample, struct error *err)
{
	(void)state;
	return measure_program(place, "chase", job, sample, err);
}

const struct arm arm_chase = {.name = "shuffled list", .measure = measure_chase};

static int measure_openblas(const struct place *place, const struct job *job, void *state,
			    struct sample *sample, struct error *err)
{
	(void)state;
	return measure_program(place, "dgesv", job, sample, err);
}

const struct arm arm_openblas = {.name = "OpenBLAS dgesv", .measure = measure_openblas};

static int measure_histogram(const struct place *place, const struct job *job, void *state,
			     struct sample *sample, struct error *err)
{
	const struct job once = {.what = "2000000", .seconds = job->seconds};

	(void)state;
	return measure_program(place, "recording", &once, sample, err);
}

const struct arm arm_histogram = {.name = "histogram_record", .measure = measure_histogram};

/* ---- perf bench: "syscall basic" in ns, "sched pipe" in us --------------------------------- */

static int measure_perf(const struct place *place, const struct job *job, void *state,
			struct sample *sample, struct error *err)
{
	cleanup_free char *words = strdup(job->what);
	const char *argv[16] = {"perf", "bench", "-f", "simple", NULL};
	const char *const loops[] = {"-l", job->options};
	cleanup_free char *output = NULL;
	double total;
	int rc, n = 0;

	(void)state;
	append_words(argv, 14, words);
	while (argv[n])
		n++;
	argv[n++] = loops[0];
	argv[n] = loops[1];
	rc = run_pinned(place->trial_cpu, argv, &output, err);
	if (!rc)
		rc = number_after(output, "", &total, err);
	if (!rc)
		sample->value = total / strtod(job->options, NULL) *
				(strstr(job->what, "syscall") ? 1e9 : 1e6);
	return rc;
}

const struct arm arm_perf = {.name = "perf bench", .measure = measure_perf};

/* ---- cyclictest ------------------------------------------------------------------------------ */

/* Each wake-up is a line "thread:number:nanoseconds". */
static int take_wakeups(char *output, struct sample *sample, struct error *err)
{
	cleanup_free struct histogram *h = histogram_create();
	long thread, number, ns;

	for (char *rest, *line = strtok_r(output, "\n", &rest); h && line;
	     line = strtok_r(NULL, "\n", &rest))
		if (sscanf(line, "%ld:%ld:%ld", &thread, &number, &ns) == 3 && ns >= 0)
			histogram_record(h, (uint64_t)ns);
	if (!h || !h->count)
		return error_set(err, -EBADMSG, "cyclictest tells of no wake-up");
	sample->value = histogram_percentile(h, 0.5) / 1000;
	sample->p99 = histogram_percentile(h, 0.99);
	return 0;
}

/* --latency: it would otherwise keep the CPU from sleeping deeply, which we do not. Its main thread
 * wakes every 10 ms, and would keep the trial's CPU from its rest, too. The median: one
 * stall of the machine makes many late wake-ups of ours, for the grid of intended times is fixed,
 * and one of cyclictest's, which leaves out those that it missed. */
static int measure_cyclictest(const struct place *place, const struct job *job, void *state,
			      struct sample *sample, struct error *err)
{
	char priority[16], loops[16], affinity[16], other[32];
	const char *const argv[] = {
		"cyclictest",        "-t1", affinity, priority, "-i1000", loops, "-v", "-N",
		"--latency=1000000", other, NULL};
	cleanup_free char *output = NULL;
	int rc;

	(void)state;
	snprintf(affinity, sizeof(affinity), "-a%s", place->trial_cpu);
	snprintf(other, sizeof(other), "--mainaffinity=%s", place->other_cpu);
	snprintf(priority, sizeof(priority), "-p%s", job->what);
	snprintf(loops, sizeof(loops), "-l%.0f", seconds_of_job(job) * 1000);
	rc = run_pinned(place->trial_cpu, argv, &output, err);
	return rc ? rc : take_wakeups(output, sample, err);
}

const struct arm arm_cyclictest = {.name = "cyclictest", .measure = measure_cyclictest};

/* ---- sysbench -------------------------------------------------------------------------------- */

static int measure_sysbench(const struct place *place, const struct job *job, void *state,
			    struct sample *sample, struct error *err)
{
	char highest[32], seconds[32];
	const char *const argv[] = {"sysbench", "cpu", "--threads=1", highest,
				    seconds,    "run", NULL};
	cleanup_free char *output = NULL;
	int rc;

	(void)state;
	snprintf(highest, sizeof(highest), "--cpu-max-prime=%s", job->what);
	snprintf(seconds, sizeof(seconds), "--time=%.0f", seconds_of_job(job));
	rc = run_pinned(place->trial_cpu, argv, &output, err);
	return rc ? rc : number_after(output, "events per second:", &sample->value, err);
}

const struct arm arm_sysbench = {.name = "sysbench", .measure = measure_sysbench};
