/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Our agent, driven over its protocol: by hand, not by the harness. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/procedure/agent_link.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "tests/bench/bench.h"
#include "tests/histogram_decode.h"

#define READY_MS 120000
#define TRIAL_MS 60000
#define SEED 42

struct served {
	struct agent server, load; /* load: of workloads with a peer */
	int port;
	bool networked;
};

static int spawn_on(const struct place *place, int cpu, struct agent *agent, struct error *err)
{
	const struct agent_place where = {
		.path = place->agent, .namespace_fd = -1, .cpus = &cpu, .cpu_count = 1};

	return agent_spawn(agent, &where, err);
}

static int ask(const struct place *place, const struct job *job, const char *role, int cpu,
	       int port, struct agent *agent, json_t **ready, struct error *err)
{
	cleanup_json json_t *parameters = json_loads(job->options ? job->options : "{}", 0, NULL);
	cleanup_json json_t *request = json_pack(
		"{s:s, s:s, s:s, s:O, s:i, s:f, s:f, s:[i], s:s}", "op", "run", "role", role,
		"workload", job->what, "parameters", parameters, "seed", SEED, "seconds",
		seconds_of_job(job), "slow", 0.0, "cpus", cpu, "scratch", place->scratch);
	int rc;

	if (!request)
		return error_set(err, -EINVAL, "%s is no JSON", job->options);
	if (port)
		json_object_update_new(request,
				       json_pack("{s:s, s:i}", "peer", "127.0.0.1", "port", port));
	rc = agent_ask(agent, request, err);
	return rc ? rc : agent_ready(agent, READY_MS, ready, err);
}

int served_create(const struct place *place, const struct job *job, const char *role,
		  struct served **out, int *port, struct error *err)
{
	struct served *s = *out = calloc(1, sizeof(*s));
	cleanup_json json_t *ready = NULL;
	int rc;

	if (!s)
		return error_set(err, -ENOMEM, "no memory for an agent");
	rc = spawn_on(place, place->trial_cpu_number, &s->server, err);
	if (!rc)
		rc = ask(place, job, role, place->trial_cpu_number, 0, &s->server, &ready, err);
	s->networked = !strcmp(role, "serve");
	if (!rc && s->networked)
		rc = agent_go(&s->server, err);
	s->port = (int)json_integer_value(json_object_get(ready, "port"));
	if (port)
		*port = s->port;
	return rc;
}

void served_destroy(struct served *s)
{
	cleanup_json json_t *trial = NULL;

	if (!s)
		return;
	if (s->load.pid)
		agent_finish(&s->load);
	if (s->server.pid) {
		if (s->networked && !agent_end_service(&s->server, NULL))
			agent_trial(&s->server, TRIAL_MS, &trial, NULL);
		agent_finish(&s->server);
	}
	free(s);
}

/* ---- a workload ---------------------------------------------------------------------------- */

/* What writes is to have a new file for each measurement (peer_fio.c). */
static bool is_fresh(const struct job *job)
{
	return !strcmp(job->what, "disk.randwrite") || !strcmp(job->what, "disk.seqwrite");
}

static int begin(const struct place *place, const struct job *job, void **state, struct error *err)
{
	bool networked = !strncmp(job->what, "network.", strlen("network."));
	struct served *s;
	int rc;

	if (is_fresh(job))
		return 0;
	rc = served_create(place, job, networked ? "serve" : "run", &s, NULL, err);
	*state = s;
	if (!rc && networked)
		rc = spawn_on(place, place->other_cpu_number, &s->load, err);
	return rc;
}

static double percentile_of(const json_t *trial, const char *metric, double share)
{
	size_t length = strcspn(metric, ":");
	cleanup_free char *name = strndup(metric, length);
	cleanup_free struct histogram *h = histogram_create();
	const json_t *json = json_object_get(json_object_get(trial, "histograms"), name);

	if (!json || !h)
		return NAN;
	histogram_decode(json, h);
	return share > 0 ? histogram_percentile(h, share) : histogram_mean(h);
}

static int take(const struct job *job, const json_t *trial, struct sample *sample,
		struct error *err)
{
	const char *colon = strchr(job->metric, ':');
	const json_t *value = json_object_get(json_object_get(trial, "values"), job->metric);

	sample->p99 = percentile_of(trial, "latency", 0.99);
	if (colon) /* us, as the workloads' own metrics */
		sample->value = percentile_of(trial, job->metric, strtod(colon + 1, NULL)) / 1000;
	else
		sample->value = json_is_number(value) ? json_number_value(value) : NAN;
	return isfinite(sample->value)
		       ? 0
		       : error_set(err, -ENOENT, "%s says no %s", job->what, job->metric);
}

/* The first measurement finds it prepared by begin; then the same workload is asked for again. */
static int measure_served(const struct place *place, const struct job *job, struct served *s,
			  struct sample *sample, struct error *err)
{
	struct agent *agent = s->networked ? &s->load : &s->server;
	cleanup_json json_t *ready = NULL, *trial = NULL;
	int cpu = s->networked ? place->other_cpu_number : place->trial_cpu_number;
	uint64_t ended;
	int rc = ask(place, job, s->networked ? "load" : "run", cpu, s->port, agent, &ready, err);

	if (!rc)
		rc = agent_go(agent, err);
	if (!rc)
		rc = agent_ended(agent, TRIAL_MS, &ended, err);
	if (!rc)
		rc = agent_trial(agent, TRIAL_MS, &trial, err);
	return rc ? rc : take(job, trial, sample, err);
}

static int measure(const struct place *place, const struct job *job, void *state,
		   struct sample *sample, struct error *err)
{
	struct served *s = state;
	int rc = is_fresh(job) ? served_create(place, job, "run", &s, NULL, err) : 0;

	if (!rc)
		rc = measure_served(place, job, s, sample, err);
	if (is_fresh(job))
		served_destroy(s);
	return rc;
}

static void end(void *state)
{
	served_destroy(state);
}

const struct arm arm_agent = {"agent", begin, measure, end};

/* ---- its start ----------------------------------------------------------------------------- */

/* From spawn to the answer to hello, ms. */
static int measure_start(const struct place *place, const struct job *job, void *state,
			 struct sample *sample, struct error *err)
{
	cleanup_json json_t *hello = NULL;
	uint64_t from = clock_now();
	struct agent agent;
	int rc = spawn_on(place, place->trial_cpu_number, &agent, err);

	(void)job;
	(void)state;
	if (rc)
		return rc;
	rc = agent_hello(&agent, NULL, TRIAL_MS, &hello, err);
	sample->value = (double)(clock_now() - from) / 1e6;
	agent_finish(&agent);
	return rc;
}

const struct arm arm_agent_start = {.name = "agent", .measure = measure_start};
