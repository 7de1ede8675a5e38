/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/procedure/procedure.h"

#include "base/cleanup.h"
#include "harness/procedure/neighbours.h"
#include "harness/procedure/timed.h"

struct actor *stage_find(struct stage *stage, enum cast_role role)
{
	for (int i = 0; i < stage->cast_count; i++)
		if (stage->cast[i].role == role)
			return &stage->cast[i];
	return NULL;
}

void stage_finish(struct stage *stage)
{
	for (int i = 0; i < stage->cast_count; i++)
		json_decref(stage->cast[i].did);
}

static int simulate(struct stage *stage, json_t **trial, struct error *err)
{
	struct actor *subject = &stage->cast[0];
	const struct driver *driver = subject->instance->environment->driver;
	cleanup_json json_t *message = actor_request(subject, stage, "run");
	cleanup_json json_t *answer = NULL;
	double seconds;
	int rc;

	json_object_set(message, "metrics", json_object_get(subject->workload->entry, "metrics"));
	json_object_set_new(message, "moment", json_integer(stage->moment));
	rc = driver->simulate(subject->instance, message, &answer, err);
	if (rc)
		return rc;
	seconds = seconds_inside(answer);
	*trial = trial_base(answer, seconds, seconds, 0);
	json_object_set_new(*trial, "flags", json_array());
	json_object_set(*trial, "host_cpu_seconds", json_object_get(answer, "host_cpu_seconds"));
	return 0;
}

int procedure_perform(const struct procedure *procedure, struct stage *stage, json_t **trial,
		      struct error *err)
{
	*trial = NULL;
	if (stage->cast[0].instance->environment->driver->simulate)
		return simulate(stage, trial, err);
	return neighbours_prepare(stage, err) ?: procedure->perform(stage, trial, err);
}
