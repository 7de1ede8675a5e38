/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "harness/procedure/interrupt.h"
#include "harness/run/run_private.h"
#include "base/border.h"
#include "base/cleanup.h"

#define HELLO_MS 90000 /* an emulated guest boots in seconds, on a loaded host in many */
#define FIRST_PINGS 10
#define RENEWED_PINGS 3   /* its clock is known by then */
#define RENEWED_START 0.5 /* s: instances that start faster may be replaced during a workload */

bool run_slot_active(const struct slot *slot)
{
	return slot->up && !slot->given_up;
}

static const struct driver *driver_of(const struct slot *slot)
{
	return slot->plan->environment->driver;
}

/* Used in names of files, domains and links: only characters valid in all of them. */
static void name_instance(struct run *run, struct slot *slot)
{
	int index = (int)(slot - run->hosts.slots);

	snprintf(slot->instance.id, sizeof(slot->instance.id), "%s-%d-%d-%d", driver_of(slot)->name,
		 index, slot->number, slot->restarts);
}

static int observe(struct run *run, struct slot *slot, struct error *err)
{
	struct evidence_site site = {
		.root = "",
		.scratch_dir = run->setup.site.scratch_dir,
		.trial_cpus = run->setup.site.trial_cpus,
		.trial_cpu_count = run->setup.site.trial_cpu_count,
	};
	int rc = evidence_create(&site, &slot->instance.target, &slot->evidence, err);

	if (!rc)
		rc = counters_create(run->hosts.counter_set, &slot->instance.target,
				     &slot->counters, err);
	return rc;
}

/* From start to hello: the reported start-up time. */
static int start(struct run *run, struct slot *slot, json_t **hello, struct error *err)
{
	uint64_t began = clock_now();
	int rc;

	*hello = NULL;
	slot->site = run->setup.site;
	slot->site.trial_cpu_count = slot->plan->allotment.cpus;
	slot->site.memory_bytes = slot->plan->allotment.memory_bytes;
	slot->site.scratch_bytes = slot->plan->allotment.scratch_bytes;
	slot->instance = (struct instance){
		.environment = slot->plan->environment, .site = &slot->site, .in = -1, .out = -1};
	name_instance(run, slot);
	slot->up = true; /* from here on stop must be called, even after a failed start */
	rc = driver_of(slot)->start(&slot->instance, err);
	if (rc || driver_of(slot)->simulate)
		return rc;
	agent_attach(&slot->agent, slot->instance.in, slot->instance.out);
	rc = agent_hello(&slot->agent, run->setup.site.agent_hash, HELLO_MS, hello, err);
	if (rc)
		return rc;
	slot->starting_seconds = seconds_of(clock_now() - began);
	slot->idle_cpu = slot->idle_seconds = 0;
	if (slot->known)
		return agent_ping(&slot->agent, RENEWED_PINGS, err) ?: observe(run, slot, err);
	rc = agent_facts(&slot->agent, slot->instance.scratch, *hello, err);
	rc = rc ?: agent_ping(&slot->agent, FIRST_PINGS, err);
	slot->known = rc == 0;
	return rc ? rc : observe(run, slot, err);
}

static void stop(struct slot *slot)
{
	if (!slot->up)
		return;
	evidence_destroy(slot->evidence);
	counters_destroy(slot->counters);
	slot->evidence = NULL;
	slot->counters = NULL;
	if (!driver_of(slot)->simulate)
		agent_finish(&slot->agent);
	if (!driver_of(slot)->stop(&slot->instance, &slot->stop_error))
		slot->stop_error.code = 0;
	slot->up = false;
	slot->last_time = 0;
}

/* In the harness's main thread, like warnings. */
static void report_stop(struct run *run, struct slot *slot)
{
	if (slot->stop_error.code)
		run_warn(&run->record, "stopping %s failed: %s", slot->plan->id,
			 slot->stop_error.message);
	slot->stop_error.code = 0;
	if (slot->instance.cut)
		run_warn(&run->record, "%s: its %s was cut off after %u KiB; later output is lost",
			 slot->plan->id, slot->instance.cut, OUTPUT_LIMIT >> 10);
	slot->instance.cut = NULL;
}

/* The reason of a failure, with the last output of what failed. */
static void explain(struct slot *slot, struct error *err)
{
	const struct driver *driver = driver_of(slot);
	cleanup_free char *words = NULL;

	if (driver->last_words && err->code != -EINTR)
		words = driver->last_words(&slot->instance);
	if (!words || !*words)
		return;
	for (char *c = words; *c; c++)
		if (*c == '\n')
			*c = c[1] ? '|' : 0;
	border_copy(err->message + strlen(err->message),
		    sizeof(err->message) - strlen(err->message), "; its last output: %s", words);
}

static void give_up(struct run *run, struct slot *slot, const struct error *why)
{
	json_t *environments = json_object_get(run->record.json, "environments");
	json_t *environment = json_object_get(environments, slot->plan->name);

	stop(slot);
	report_stop(run, slot);
	slot->given_up = true;
	run->state.failed = true;
	run_event(run, "failed", slot, NULL, why->message);
	run_warn(&run->record, "gave up on %s: %s", slot->plan->id, why->message);
	if (!slot->known && slot->plan->beside < 0) {
		json_object_set_new(environment, "available", json_false());
		json_object_set_new(environment, "reason", json_string(why->message));
	}
}

static int start_or_fail(struct run *run, struct slot *slot, struct error *err)
{
	json_t *hello;
	int rc = start(run, slot, &hello, err);

	if (rc) {
		explain(slot, err);
		stop(slot);
		report_stop(run, slot);
		return rc;
	}
	run_record_instance(run, slot, hello, true);
	json_decref(hello);
	run_event(run, "started", slot, NULL, NULL);
	return 0;
}

int run_slot_restart(struct run *run, struct slot *slot, const struct error *why, struct error *err)
{
	enum phase before = time_enter(&run->state.time, PHASE_STARTING);
	struct error reason = *why, failed;

	explain(slot, &reason);
	run_event(run, "failed", slot, NULL, reason.message);
	stop(slot);
	report_stop(run, slot);
	while (!interrupted() && !slot->up && slot->restarts < RESTARTS_MAX) {
		slot->restarts++;
		if (start_or_fail(run, slot, &failed))
			reason = failed;
	}
	if (slot->up) {
		run_event(run, "restarted", slot, NULL, reason.message);
		run_warn(&run->record, "%s failed and was restarted: %s", slot->plan->id,
			 why->message);
	} else {
		give_up(run, slot, &reason);
	}
	time_enter(&run->state.time, before);
	return interrupted() ? error_set(err, -EINTR, "interrupted") : 0;
}

struct starter {
	struct run *run;
	struct slot *slot;
	json_t *hello;
	struct error err;
	int rc;
	pthread_t thread;
	bool runs;
};

static void *start_one(void *argument)
{
	struct starter *starter = argument;

	starter->rc = start(starter->run, starter->slot, &starter->hello, &starter->err);
	return NULL;
}

/* One by one they do not disturb each other: then how long each takes is reported. */
static void start_all(struct run *run, bool side_by_side, struct starter *starters)
{
	for (int i = 0; i < run->setup.plan->instance_count && !interrupted(); i++) {
		struct starter *s = &starters[i];

		s->run = run;
		if (run->hosts.slots[i].up || !plan_instance_usable(run->hosts.slots[i].plan) ||
		    run->hosts.slots[i].given_up)
			continue;
		s->slot = &run->hosts.slots[i];
		progress_starting(run->record.progress, s->slot->plan->id);
		s->runs = side_by_side && !run->setup.simulated &&
			  pthread_create(&s->thread, NULL, start_one, s) == 0;
		if (!s->runs)
			start_one(s);
	}
	for (int i = 0; i < run->setup.plan->instance_count; i++)
		if (starters[i].runs)
			pthread_join(starters[i].thread, NULL);
}

/* All that are not running. */
static int start_missing(struct run *run, bool side_by_side, struct error *err)
{
	cleanup_free struct starter *starters =
		calloc((size_t)run->setup.plan->instance_count, sizeof(*starters));
	enum phase before = time_enter(&run->state.time, PHASE_STARTING);
	int rc = 0;

	if (!starters)
		return error_errno(err, -ENOMEM, "starting the environments");
	start_all(run, side_by_side, starters);
	for (int i = 0; i < run->setup.plan->instance_count && !rc; i++) {
		struct starter *s = &starters[i];

		if (!s->slot || !s->slot->up)
			continue;
		if (s->rc) {
			rc = run_slot_restart(run, s->slot, &s->err, err);
		} else {
			run_record_instance(run, s->slot, s->hello, !s->runs);
			run_event(run, "started", s->slot, NULL, NULL);
		}
		json_decref(s->hello);
	}
	time_enter(&run->state.time, before);
	return interrupted() ? error_set(err, -EINTR, "interrupted") : rc;
}

static void *stop_one(void *argument)
{
	stop(argument);
	return NULL;
}

/* Side by side. */
static void stop_some(struct run *run, bool (*which)(const struct run *, const struct slot *))
{
	cleanup_free pthread_t *threads =
		calloc((size_t)run->setup.plan->instance_count, sizeof(*threads));
	enum phase before = time_enter(&run->state.time, PHASE_STARTING);

	for (int i = 0; i < run->setup.plan->instance_count; i++) {
		struct slot *slot = &run->hosts.slots[i];

		if (!slot->up || !which(run, slot))
			continue;
		run_record_measured(run, slot);
		run_event(run, "stopped", slot, NULL, NULL);
		slot->number++;
		if (!threads || pthread_create(&threads[i], NULL, stop_one, slot) != 0) {
			stop(slot);
			if (threads)
				threads[i] = 0;
		}
	}
	for (int i = 0; threads && i < run->setup.plan->instance_count; i++)
		if (threads[i])
			pthread_join(threads[i], NULL);
	for (int i = 0; i < run->setup.plan->instance_count; i++)
		report_stop(run, &run->hosts.slots[i]);
	time_enter(&run->state.time, before);
}

static bool every_slot(const struct run *run, const struct slot *slot)
{
	(void)run, (void)slot;
	return true;
}

int run_instances_start(struct run *run, struct error *err)
{
	return start_missing(run, false, err);
}

void run_instances_stop(struct run *run)
{
	stop_some(run, every_slot);
}

bool run_slot_renews(const struct run *run, const struct slot *slot)
{
	return !run->setup.simulated && run_slot_active(slot) && slot->needed > 0 &&
	       slot->starting_seconds < RENEWED_START;
}

int run_instances_renew(struct run *run, struct error *err)
{
	stop_some(run, run_slot_renews);
	return start_missing(run, true, err);
}
