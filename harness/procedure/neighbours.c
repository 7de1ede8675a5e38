/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/procedure/neighbours.h"

#include <errno.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/json.h"
#include "harness/procedure/timed.h"

#define BEGIN_MS 10000
#define STOP_MS 10000

static bool is_at_work(const struct actor *actor)
{
	return actor->role == CAST_NEIGHBOUR && actor->workload;
}

/* Who times a neighbour's workload: of one that serves, the load generator behind it. */
static struct actor *timer_of(struct actor *neighbour)
{
	return neighbour->workload->peer ? neighbour + 1 : neighbour;
}

/* Longer than the subject's part can take. */
static void run_until_finish(const struct stage *stage, json_t *message)
{
	json_object_set_new(message, "until", json_string("finish"));
	json_object_set_new(message, "seconds",
			    json_real((time_limit(stage) + BEGIN_MS + STOP_MS) / 1000.0));
}

static int get_ready(struct stage *stage, struct actor *neighbour, struct error *err)
{
	bool serves = neighbour->workload->peer;
	cleanup_json json_t *message = actor_request(neighbour, stage, serves ? "serve" : "run");
	cleanup_json json_t *ready = NULL, *load = NULL;
	int rc;

	if (!serves)
		run_until_finish(stage, message);
	rc = agent_ask(neighbour->agent, message, err);
	rc = rc ?: agent_ready(neighbour->agent, PREPARE_MS, &ready, err);
	if (rc || !serves)
		return rc;
	load = load_request(stage, timer_of(neighbour), neighbour->instance, ready);
	run_until_finish(stage, load);
	return load_get_ready(timer_of(neighbour), load, err);
}

static int begin(struct actor *neighbour, struct error *err)
{
	struct agent *timer = timer_of(neighbour)->agent;
	int rc = 0;

	if (neighbour->workload->peer)
		rc = agent_go(neighbour->agent, err);
	rc = rc ?: agent_go(timer, err);
	rc = rc ?: agent_running(timer, BEGIN_MS, err);
	if (!rc)
		neighbour->since = clock_now();
	return rc;
}

static int check_it_worked(const struct actor *neighbour, const json_t *trial, struct error *err)
{
	if (json_number_value(json_object_get(trial, "operations")) > 0 || usage_seconds(trial) > 0)
		return 0;
	return error_set(err, -EREMOTEIO, "%s did no work in its time", neighbour->workload->key);
}

/* The value of its first metric, where that is no percentile. */
static json_t *headline_of(const struct actor *neighbour, const json_t *trial)
{
	const json_t *metrics = json_object_get(neighbour->workload->entry, "metrics");
	const char *name = json_text(json_array_get(metrics, 0), "name");
	json_t *value = json_object_get(json_object_get(trial, "values"), name);

	return json_is_number(value) ? json_incref(value) : json_null();
}

static int end(struct actor *neighbour, struct error *err)
{
	struct actor *timer = timer_of(neighbour);
	cleanup_json json_t *trial = NULL, *served = NULL;
	uint64_t ended, since = neighbour->since;
	int rc = agent_at_work(timer->agent, err);

	neighbour->since = 0;
	rc = rc ?: agent_end_service(timer->agent, err);
	rc = rc ?: agent_ended(timer->agent, STOP_MS, &ended, err);
	if (rc == -ETIMEDOUT)
		error_set(err, rc, "it did not stop within %d s", STOP_MS / 1000);
	rc = rc ?: agent_trial(timer->agent, VERIFY_MS, &trial, err);
	if (!rc && timer != neighbour)
		rc = agent_end_service(neighbour->agent, err)
			     ?: agent_trial(neighbour->agent, VERIFY_MS, &served, err);
	rc = rc ?: check_it_worked(neighbour, trial, err);
	if (rc)
		return rc;
	neighbour->did = json_pack(
		"{s:O, s:f, s:o}", "operations", json_object_get(trial, "operations"), "seconds",
		seconds_of(ended - since), "value", headline_of(neighbour, trial));
	if (timer != neighbour)
		timer->did = json_pack("{s:f}", "cpu_seconds", usage_seconds(trial));
	return 0;
}

static int failed(struct stage *stage, int member, struct error *err)
{
	stage->failed = member;
	return error_prefix(err, "the neighbour (%s)", stage->cast[member].workload->key);
}

int neighbours_prepare(struct stage *stage, struct error *err)
{
	for (int i = 0; i < stage->cast_count; i++)
		if (is_at_work(&stage->cast[i]) && get_ready(stage, &stage->cast[i], err))
			return failed(stage, i, err);
	return 0;
}

int neighbours_begin(struct stage *stage, struct error *err)
{
	for (int i = 0; i < stage->cast_count; i++)
		if (is_at_work(&stage->cast[i]) && begin(&stage->cast[i], err))
			return failed(stage, i, err);
	return 0;
}

int neighbours_end(struct stage *stage, struct error *err)
{
	struct error why;
	int rc = 0;

	for (int i = 0; i < stage->cast_count; i++) {
		if (!stage->cast[i].since || !end(&stage->cast[i], &why) || rc)
			continue;
		*err = why;
		rc = failed(stage, i, err);
	}
	return rc;
}
