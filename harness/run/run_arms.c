/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "harness/procedure/interrupt.h"
#include "harness/run/run.h"
#include "base/border.h"
#include "base/cleanup.h"

#define HELLO_MS 90000 /* an emulated guest boots in seconds; on a loaded host in many */
#define FIRST_PINGS 10
#define RENEWED_PINGS 3   /* the arm's clock is known by then */
#define RENEWED_START 0.5 /* s: what starts within it may be replaced during a workload */

bool run_arm_active(const struct arm *arm)
{
	return arm->up && !arm->given_up && !arm->out;
}

static const struct driver *driver_of(const struct arm *arm)
{
	return arm->plan->environment->driver;
}

/* Names files, domains and links: only what all of them take. */
static void name_instance(struct run *run, struct arm *arm)
{
	int index = (int)(arm - run->arms);

	snprintf(arm->instance.id, sizeof(arm->instance.id), "%s-%d-%d-%d", driver_of(arm)->name,
		 index, arm->instance_number, arm->restarts);
}

static int observe(struct run *run, struct arm *arm, struct error *err)
{
	struct evidence_site site = {
		.root = "",
		.scratch_dir = run->site.scratch_dir,
		.trial_cpus = run->site.trial_cpus,
		.trial_cpu_count = run->site.trial_cpu_count,
	};
	int rc = evidence_create(&site, &arm->instance.target, &arm->evidence, err);

	if (!rc)
		rc = counters_create(run->counter_set, &arm->instance.target, &arm->counters, err);
	return rc;
}

/* From start to hello, which is the start-up time that is told. */
static int start(struct run *run, struct arm *arm, json_t **hello, struct error *err)
{
	uint64_t began = clock_now();
	int rc;

	*hello = NULL;
	arm->instance = (struct instance){
		.environment = arm->plan->environment, .site = &run->site, .in = -1, .out = -1};
	name_instance(run, arm);
	arm->up = true; /* stop is due from here on, also after a failed start */
	rc = driver_of(arm)->start(&arm->instance, err);
	if (rc || driver_of(arm)->simulate)
		return rc;
	agent_attach(&arm->agent, arm->instance.in, arm->instance.out);
	rc = agent_hello(&arm->agent, run->site.agent_hash, HELLO_MS, hello, err);
	if (rc)
		return rc;
	arm->starting_seconds = seconds_of(clock_now() - began);
	if (arm->known)
		return agent_ping(&arm->agent, RENEWED_PINGS, err) ?: observe(run, arm, err);
	json_array_append_new(arm->start_seconds, json_real(arm->starting_seconds));
	rc = agent_facts(&arm->agent, arm->instance.scratch, *hello, err);
	if (!rc)
		rc = agent_ping(&arm->agent, FIRST_PINGS, err);
	arm->known = rc == 0;
	return rc ? rc : observe(run, arm, err);
}

static void stop(struct arm *arm)
{
	if (!arm->up)
		return;
	evidence_destroy(arm->evidence);
	counters_destroy(arm->counters);
	arm->evidence = NULL;
	arm->counters = NULL;
	if (!driver_of(arm)->simulate)
		agent_finish(&arm->agent);
	if (!driver_of(arm)->stop(&arm->instance, &arm->stop_error))
		arm->stop_error.code = 0;
	arm->up = false;
	arm->last_time = 0;
}

/* In the harness's own thread, as warnings are. */
static void tell_of_stop(struct run *run, struct arm *arm)
{
	if (arm->stop_error.code)
		run_warn(run, "stopping %s failed: %s", arm->plan->id, arm->stop_error.message);
	arm->stop_error.code = 0;
	if (arm->instance.cut)
		run_warn(run, "%s: its %s was cut after %u KiB; what it wrote later is lost",
			 arm->plan->id, arm->instance.cut, OUTPUT_LIMIT >> 10);
	arm->instance.cut = NULL;
}

/* The reason of a failure, with the last words of what failed. */
static void explain(struct arm *arm, struct error *err)
{
	const struct driver *driver = driver_of(arm);
	cleanup_free char *words = NULL;

	if (driver->last_words && err->code != -EINTR)
		words = driver->last_words(&arm->instance);
	if (!words || !*words)
		return;
	for (char *c = words; *c; c++)
		if (*c == '\n')
			*c = c[1] ? '|' : 0;
	border_copy(err->message + strlen(err->message),
		    sizeof(err->message) - strlen(err->message), "; its last output: %s", words);
}

static void give_up(struct run *run, struct arm *arm, const struct error *why)
{
	json_t *environments = json_object_get(run->json, "environments");
	json_t *environment = json_object_get(environments, arm->plan->name);

	stop(arm);
	tell_of_stop(run, arm);
	arm->given_up = true;
	run->failed = true;
	run_event(run, "failed", arm, NULL, why->message);
	run_warn(run, "gave up on %s: %s", arm->plan->id, why->message);
	if (json_array_size(arm->start_seconds) == 0) {
		json_object_set_new(environment, "available", json_false());
		json_object_set_new(environment, "reason", json_string(why->message));
	}
}

static int start_or_fail(struct run *run, struct arm *arm, struct error *err)
{
	json_t *hello;
	int rc = start(run, arm, &hello, err);

	if (rc) {
		explain(arm, err);
		stop(arm);
		tell_of_stop(run, arm);
		return rc;
	}
	run_record_instance(run, arm, hello);
	json_decref(hello);
	run_event(run, "started", arm, NULL, NULL);
	return 0;
}

int run_arm_restart(struct run *run, struct arm *arm, const struct error *why, struct error *err)
{
	enum phase before = time_enter(&run->time, PHASE_STARTING);
	struct error reason = *why;
	int rc = 0;

	explain(arm, &reason);
	run_event(run, "failed", arm, NULL, reason.message);
	stop(arm);
	tell_of_stop(run, arm);
	while (!interrupted() && arm->restarts < RESTARTS_MAX) {
		arm->restarts++;
		rc = start_or_fail(run, arm, &reason);
		if (!rc) {
			run_event(run, "restarted", arm, NULL, reason.message);
			run_warn(run, "%s failed and was restarted: %s", arm->plan->id,
				 why->message);
			break;
		}
	}
	if (!arm->up)
		give_up(run, arm, &reason);
	time_enter(&run->time, before);
	return interrupted() ? error_set(err, -EINTR, "interrupted") : 0;
}

struct starter {
	struct run *run;
	struct arm *arm;
	json_t *hello;
	struct error err;
	int rc;
	pthread_t thread;
	bool runs;
};

static void *start_one(void *argument)
{
	struct starter *starter = argument;

	starter->rc = start(starter->run, starter->arm, &starter->hello, &starter->err);
	return NULL;
}

/* The first start is one by one: its times are told, and nothing shall disturb them. Later ones
 * are side by side. */
static void start_all(struct run *run, struct starter *starters)
{
	for (int i = 0; i < run->plan->arm_count && !interrupted(); i++) {
		struct starter *s = &starters[i];

		s->run = run;
		if (run->arms[i].up || !plan_arm_usable(run->arms[i].plan) || run->arms[i].given_up)
			continue;
		s->arm = &run->arms[i];
		progress_starting(run->progress, s->arm->plan->id);
		s->runs = s->arm->known && !run->simulated &&
			  pthread_create(&s->thread, NULL, start_one, s) == 0;
		if (!s->runs)
			start_one(s);
	}
	for (int i = 0; i < run->plan->arm_count; i++)
		if (starters[i].runs)
			pthread_join(starters[i].thread, NULL);
}

/* Of all arms that are not up. */
static int start_missing(struct run *run, struct error *err)
{
	cleanup_free struct starter *starters =
		calloc((size_t)run->plan->arm_count, sizeof(*starters));
	enum phase before = time_enter(&run->time, PHASE_STARTING);
	int rc = 0;

	if (!starters)
		return error_errno(err, -ENOMEM, "starting the environments");
	start_all(run, starters);
	for (int i = 0; i < run->plan->arm_count && !rc; i++) {
		struct starter *s = &starters[i];

		if (!s->arm || !s->arm->up)
			continue;
		if (s->rc) {
			rc = run_arm_restart(run, s->arm, &s->err, err);
		} else {
			run_record_instance(run, s->arm, s->hello);
			run_event(run, "started", s->arm, NULL, NULL);
		}
		json_decref(s->hello);
	}
	time_enter(&run->time, before);
	return interrupted() ? error_set(err, -EINTR, "interrupted") : rc;
}

static void *stop_one(void *argument)
{
	stop(argument);
	return NULL;
}

/* Side by side. */
static void stop_some(struct run *run, bool (*which)(const struct run *, const struct arm *))
{
	cleanup_free pthread_t *threads = calloc((size_t)run->plan->arm_count, sizeof(*threads));
	enum phase before = time_enter(&run->time, PHASE_STARTING);

	for (int i = 0; i < run->plan->arm_count; i++) {
		struct arm *arm = &run->arms[i];

		if (!arm->up || !which(run, arm))
			continue;
		run_record_measured(run, arm);
		run_event(run, "stopped", arm, NULL, NULL);
		arm->instance_number++;
		if (!threads || pthread_create(&threads[i], NULL, stop_one, arm) != 0) {
			stop(arm);
			if (threads)
				threads[i] = 0;
		}
	}
	for (int i = 0; threads && i < run->plan->arm_count; i++)
		if (threads[i])
			pthread_join(threads[i], NULL);
	for (int i = 0; i < run->plan->arm_count; i++)
		tell_of_stop(run, &run->arms[i]);
	time_enter(&run->time, before);
}

static bool every_arm(const struct run *run, const struct arm *arm)
{
	(void)run, (void)arm;
	return true;
}

int run_arms_start(struct run *run, struct error *err)
{
	return start_missing(run, err);
}

void run_arms_stop(struct run *run)
{
	stop_some(run, every_arm);
}

bool run_arm_renews(const struct run *run, const struct arm *arm)
{
	return !run->simulated && run_arm_active(arm) && arm->starting_seconds < RENEWED_START;
}

int run_arms_renew(struct run *run, struct error *err)
{
	stop_some(run, run_arm_renews);
	return start_missing(run, err);
}
