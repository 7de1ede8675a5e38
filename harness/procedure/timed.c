/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/procedure/timed.h"

#include "harness/procedure/neighbours.h"
#include "base/cleanup.h"
#include "base/clock.h"

#define GRACE_MS 30000 /* beyond the trial's length: an emulated guest under load is slow */

/* A guest numbers its CPUs from 0, whatever their numbers on the host. */
static json_t *cpu_array(const struct actor *actor)
{
	bool guest = actor->instance && actor->instance->target.kind == TARGET_THREADS;
	json_t *list = json_array();

	for (int i = 0; i < actor->cpu_count; i++)
		json_array_append_new(list, json_integer(guest ? i : actor->cpus[i]));
	return list;
}

json_t *actor_request(const struct actor *actor, const struct stage *stage, const char *role)
{
	return json_pack("{s:s, s:s, s:s, s:O, s:I, s:f, s:f, s:o, s:s*}", "op", "run", "role",
			 role, "workload", actor->workload->name, "parameters",
			 actor->workload->values, "seed", (json_int_t)stage->seed, "seconds",
			 stage->seconds, "slow", actor->slow, "cpus", cpu_array(actor), "scratch",
			 actor->instance ? actor->instance->scratch : NULL);
}

static bool cost_of(struct instance *instance, struct instance_cost *cost)
{
	const struct driver *driver = instance->environment->driver;

	return driver->stats && driver->stats(instance, cost) == 0;
}

static void begin(struct stage *stage, struct snapshots *shots)
{
	struct actor *subject = &stage->cast[0];
	uint64_t began = clock_now();

	for (int i = 0; i < stage->cast_count; i++)
		shots->costs[i].known = stage->cast[i].instance &&
					cost_of(stage->cast[i].instance, &shots->costs[i].before);
	if (subject->counters)
		counters_begin(subject->counters);
	if (subject->evidence)
		evidence_begin(subject->evidence);
	shots->observing = clock_now() - began;
}

static void end(struct stage *stage, struct snapshots *shots)
{
	struct actor *subject = &stage->cast[0];
	uint64_t began = clock_now();

	if (subject->evidence)
		evidence_end(subject->evidence);
	if (subject->counters)
		counters_end(subject->counters);
	for (int i = 0; i < stage->cast_count; i++)
		shots->costs[i].known = shots->costs[i].known &&
					cost_of(stage->cast[i].instance, &shots->costs[i].after);
	shots->observing += clock_now() - began;
}

int time_limit(const struct stage *stage)
{
	return (int)(stage->seconds * 1000) + GRACE_MS;
}

json_t *load_request(const struct stage *stage, const struct actor *load,
		     const struct instance *server, const json_t *ready)
{
	json_t *message = actor_request(load, stage, "load");

	json_object_set_new(message, "peer", json_string(server->address));
	json_object_set(message, "port", json_object_get(ready, "port"));
	return message;
}

int load_get_ready(struct actor *load, json_t *request, struct error *err)
{
	cleanup_json json_t *ready = NULL;
	int rc = agent_ask(load->agent, request, err);

	return rc ? rc : agent_ready(load->agent, PREPARE_MS, &ready, err);
}

static int time_subject(struct stage *stage, struct agent *timer, struct agent *server,
			struct snapshots *shots, struct error *err)
{
	int rc = agent_ping(timer, 2, err);

	if (rc)
		return rc;
	shots->clock_before = clock_watch_last(&timer->clock);
	begin(stage, shots);
	if (server)
		rc = agent_go(server, err);
	shots->go = clock_now();
	rc = rc ?: agent_go(timer, err);
	rc = rc ?: agent_ended(timer, time_limit(stage), &shots->ended, err);
	end(stage, shots);
	return rc;
}

int timed_part(struct stage *stage, struct agent *timer, struct agent *server,
	       struct snapshots *shots, struct error *err)
{
	int rc = neighbours_begin(stage, err);
	struct error ending;

	rc = rc ?: time_subject(stage, timer, server, shots, err);
	/* after a failure, too: those that began must not go on */
	if (neighbours_end(stage, rc ? &ending : err) && !rc)
		rc = err->code;
	return rc;
}
