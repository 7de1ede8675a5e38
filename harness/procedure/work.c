/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `work`: the subject runs its workload alone and times it: a closed loop. */
#include "harness/procedure/timed.h"
#include "base/cleanup.h"
#include "base/clock.h"

static int prepare(struct stage *stage, struct error *err)
{
	struct actor *subject = &stage->cast[0];
	cleanup_json json_t *message = actor_request(subject, stage, "run");

	return agent_ask(subject->agent, message, err);
}

static int prepared(struct stage *stage, struct error *err)
{
	cleanup_json json_t *ready = NULL;

	return agent_ready(stage->cast[0].agent, PREPARE_MS, &ready, err);
}

static int perform(struct stage *stage, json_t **trial, struct error *err)
{
	struct agent *agent = stage->cast[0].agent;
	cleanup_json json_t *answer = NULL;
	struct snapshots shots = {0};
	uint64_t began = clock_now();
	int rc = prepare(stage, err);

	rc = rc ?: prepared(stage, err);
	shots.preparing = clock_now() - began;
	rc = rc ?: timed_part(stage, agent, NULL, &shots, err);
	began = clock_now();
	rc = rc ?: agent_trial(agent, VERIFY_MS, &answer, err);
	shots.verifying = clock_now() - began;
	rc = rc ?: agent_ping(agent, 1, err);
	if (!rc)
		*trial = observed_trial(stage, agent, answer, NULL, &shots);
	return rc;
}

const struct procedure procedure_work = {
	.name = "work",
	.summary = "the subject runs its workload as fast as it can",
	.prepare = prepare,
	.prepared = prepared,
	.perform = perform,
};
