/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `serve`: the subject serves, and the load generator, on the other CPUs and across the network,
 * makes the trial. */
#include <errno.h>

#include "harness/procedure/timed.h"
#include "base/cleanup.h"
#include "base/clock.h"

static int perform_load(struct stage *stage, struct actor *load, const json_t *ready,
			struct snapshots *shots, json_t **answer, struct error *err)
{
	cleanup_json json_t *message = load_request(stage, load, stage->cast[0].instance, ready);
	uint64_t began = clock_now();
	int rc = load_get_ready(load, message, err);

	shots->preparing += clock_now() - began;
	rc = rc ?: timed_part(stage, load->agent, stage->cast[0].agent, shots, err);
	began = clock_now();
	rc = rc ?: agent_trial(load->agent, VERIFY_MS, answer, err);
	shots->verifying = clock_now() - began;
	rc = rc ?: agent_ping(load->agent, 1, err);
	return !rc || stage->failed ? rc : error_prefix(err, "the load generator");
}

static int perform(struct stage *stage, json_t **trial, struct error *err)
{
	struct agent *agent = stage->cast[0].agent;
	struct actor *load = stage_find(stage, CAST_LOAD);
	cleanup_json json_t *message = actor_request(&stage->cast[0], stage, "serve");
	cleanup_json json_t *ready = NULL, *answer = NULL, *served = NULL;
	struct snapshots shots = {0};
	struct error failed = {0};
	uint64_t began = clock_now();
	int rc;

	if (!load)
		return error_set(err, -EINVAL, "no member of the cast loads the server");
	rc = agent_ask(agent, message, err);
	rc = rc ?: agent_ready(agent, PREPARE_MS, &ready, err);
	shots.preparing = clock_now() - began;
	if (rc)
		return rc;
	rc = perform_load(stage, load, ready, &shots, &answer, &failed);
	if (rc == -EINTR)
		return error_set(err, rc, "%s", failed.message);
	/* The server also ends if the load failed. */
	began = clock_now();
	if (agent_end_service(agent, err) || agent_trial(agent, VERIFY_MS, &served, err))
		return err->code;
	shots.verifying += clock_now() - began;
	if (rc)
		return error_set(err, stage->failed ? rc : -EREMOTEIO, "%s", failed.message);
	*trial = observed_trial(stage, load->agent, answer, served, &shots);
	return 0;
}

const struct procedure procedure_serve = {
	.name = "serve",
	.summary = "the subject serves requests from a load generator across the network",
	.perform = perform,
};
