/* SPDX-License-Identifier: GPL-3.0-or-later */
/* iperf3, sockperf, qperf: their server on the trial's CPU, their client on the other one. */
#include <errno.h>
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "tests/bench/bench.h"

#define IPERF3_PORT "5201"
#define SOCKPERF_PORT "11111"
#define QPERF_PORT 19765

static int begin_server(const struct place *place, const char *const argv[], int port, void **state,
			struct error *err)
{
	pid_t pid;
	int rc = start_pinned(place->trial_cpu, argv, &pid, err);

	*state = (void *)(intptr_t)pid;
	return rc || !port ? rc : wait_for_port(port, err);
}

static void end(void *state)
{
	stop_process((pid_t)(intptr_t)state);
}

/* ---- iperf3 --------------------------------------------------------------------------------- */

static int begin_iperf3(const struct place *place, const struct job *job, void **state,
			struct error *err)
{
	const char *const argv[] = {"iperf3", "-s", "-B", "127.0.0.1", "-p", IPERF3_PORT, NULL};

	(void)job;
	return begin_server(place, argv, atoi(IPERF3_PORT), state, err);
}

/* "transmit" is from the environment, where the server is: reverse, as iperf3 calls it. */
static int measure_iperf3(const struct place *place, const struct job *job, void *state,
			  struct sample *sample, struct error *err)
{
	char seconds[16];
	const char *argv[] = {"iperf3", "-c",   "127.0.0.1", "-p", IPERF3_PORT, "-t", seconds,
			      "-l",     "128K", "-J",        "-4", NULL,        NULL};
	cleanup_free char *output = NULL;
	cleanup_json json_t *report = NULL;
	int rc;

	(void)state;
	snprintf(seconds, sizeof(seconds), "%.0f", seconds_of_job(job));
	if (!strcmp(job->what, "transmit"))
		argv[11] = "-R";
	rc = run_pinned(place->other_cpu, argv, &output, err);
	if (rc)
		return rc;
	report = json_loads(output, JSON_DISABLE_EOF_CHECK, NULL);
	sample->value = json_number_value(json_object_get(
				json_object_get(json_object_get(report, "end"), "sum_received"),
				"bits_per_second")) /
			1e9;
	return sample->value > 0 ? 0 : error_set(err, -EBADMSG, "iperf3 says: %.300s", output);
}

const struct arm arm_iperf3 = {"iperf3", begin_iperf3, measure_iperf3, end};

/* ---- sockperf ------------------------------------------------------------------------------- */

static int begin_sockperf(const struct place *place, const struct job *job, void **state,
			  struct error *err)
{
	const char *argv[] = {"sockperf", "server",      "-i", "127.0.0.1",
			      "-p",       SOCKPERF_PORT, NULL, NULL};
	bool tcp = !strcmp(job->what, "tcp");

	if (tcp)
		argv[6] = "--tcp";
	return begin_server(place, argv, tcp ? atoi(SOCKPERF_PORT) : 0, state, err);
}

/* 14 bytes are the least that it sends; the round trip in full, where its default is half. */
static int measure_sockperf(const struct place *place, const struct job *job, void *state,
			    struct sample *sample, struct error *err)
{
	char seconds[16];
	const char *argv[] = {"sockperf",    "ping-pong", "-i",    "127.0.0.1", "-p",
			      SOCKPERF_PORT, "-t",        seconds, "-m",        "14",
			      "--full-rtt",  NULL,        NULL};
	cleanup_free char *output = NULL;
	int rc;

	(void)state;
	snprintf(seconds, sizeof(seconds), "%.0f", seconds_of_job(job));
	if (!strcmp(job->what, "tcp"))
		argv[11] = "--tcp";
	rc = run_pinned(place->other_cpu, argv, &output, err);
	if (!rc)
		rc = number_after(output, "avg-rtt=", &sample->value, err);
	if (!rc)
		rc = number_after(output, "percentile 99.000 =", &sample->p99, err);
	sample->p99 *= 1000;
	return rc;
}

const struct arm arm_sockperf = {"sockperf", begin_sockperf, measure_sockperf, end};

/* ---- qperf ---------------------------------------------------------------------------------- */

static int begin_qperf(const struct place *place, const struct job *job, void **state,
		       struct error *err)
{
	const char *const argv[] = {"qperf", NULL};

	(void)job;
	return begin_server(place, argv, QPERF_PORT, state, err);
}

/* Its latency is half of a round trip. */
static int measure_qperf(const struct place *place, const struct job *job, void *state,
			 struct sample *sample, struct error *err)
{
	char seconds[16];
	const char *argv[] = {"qperf", "127.0.0.1", "-t",      seconds, "-m",
			      "1",     "-uu",       job->what, NULL};
	cleanup_free char *output = NULL;
	int rc;

	(void)state;
	if (!strcmp(job->what, "udp_lat"))
		argv[5] = "4";
	snprintf(seconds, sizeof(seconds), "%.0f", seconds_of_job(job));
	rc = run_pinned(place->other_cpu, argv, &output, err);
	if (!rc)
		rc = number_after(output, "latency  =", &sample->value, err);
	sample->value *= 2 / 1000.0;
	return rc;
}

const struct arm arm_qperf = {"qperf", begin_qperf, measure_qperf, end};
