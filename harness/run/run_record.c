/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run.json and the event lines of the journal. */
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/border.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "harness/observe/clocks.h"
#include "harness/observe/host.h"
#include "harness/observe/parity.h"
#include "harness/run/run_private.h"
#include "results/measurement.h"
#include "results/predict.h"

#ifndef TARE_COMMIT
#define TARE_COMMIT "unknown"
#endif

static json_t *now_text(void)
{
	time_t now = time(NULL);
	char text[32];
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return json_string(text);
}

static json_t *command_line(const struct run_options *options)
{
	json_t *list = json_pack("[s]", "tare");

	for (int i = 0; i < options->argc; i++)
		json_array_append_new(list, json_string(options->argv[i]));
	return list;
}

/* Before any start: the results of the probes. */
static json_t *environments(const struct plan *plan)
{
	json_t *all = json_object();

	for (int i = 0; i < plan->instance_count; i++) {
		const struct plan_instance *slot = &plan->instances[i];
		const struct availability *a = &slot->availability;

		if (json_object_get(all, slot->name))
			continue;
		json_object_set_new(all, slot->name,
				    json_pack("{s:s, s:b, s:b, s:b, s:s, s:s}", "label", a->label,
					      "available", a->usable, "comparable", a->comparable,
					      "emulated", a->emulated, "reason", a->reason,
					      "driver", slot->environment->driver->name));
	}
	return all;
}

int run_seal_predictions(const struct plan *plan, const char **texts, int count, json_t *array,
			 struct error *err)
{
	cleanup_json json_t *run = json_pack("{s:i, s:o, s:o, s:o}", "schema", RECORD_SCHEMA,
					     "study", plan_study_json(plan), "plan",
					     plan_json(plan), "environments", environments(plan));
	struct record *record;
	int rc = record_create(run, &record, err);

	if (rc)
		return rc;
	for (int i = 0; i < count && !rc; i++) {
		json_t *prediction;

		rc = prediction_parse(texts[i], record, &prediction, err);
		if (!rc)
			json_array_append_new(array, prediction);
	}
	record_destroy(record);
	return rc;
}

static json_t *host(const struct run *run)
{
	json_t *facts;
	char name[256] = "";

	if (run->setup.simulated) /* nothing was measured on this host */
		return json_object();
	facts = host_facts("");
	gethostname(name, sizeof(name) - 1);
	json_object_set_new(facts, "name", json_string(name));
	return facts;
}

/* A run without it is still valid. */
static void export_topology(struct run *run)
{
	cleanup_free char *text = NULL;
	struct error err;
	size_t length;

	if (run->setup.simulated)
		return;
	if (host_topology(&text, &length, &err) ||
	    directory_replace(&run->setup.files, "topology.xml", text, length, &err))
		run_warn(&run->record, "%s", err.message);
}

int run_record_open(struct run *run, struct error *err)
{
	json_t *json = json_pack("{s:i, s:s, s:s, s:o, s:{s:s, s:s}, s:o, s:o}", "schema",
				 RECORD_SCHEMA, "id", run->setup.id, "status", "running", "study",
				 plan_study_json(run->setup.plan), "tare", "version", TARE_VERSION,
				 "commit", TARE_COMMIT, "command",
				 command_line(&run->setup.options), "started", now_text());

	if (!json)
		return error_errno(err, -ENOMEM, "run.json");
	run->record.json = json;
	json_object_set_new(json, "ended", json_null());
	json_object_set_new(json, "agent",
			    json_pack("{s:s, s:s}", "hash", run->setup.site.agent_hash, "version",
				      TARE_VERSION));
	json_object_set_new(json, "plan", json_null()); /* until the plan is complete */
	json_object_set_new(json, "placement", placement_json(&run->setup.placement));
	json_object_set_new(json, "host", host(run));
	json_object_set_new(json, "environments", environments(run->setup.plan));
	json_object_set_new(json, "parity", json_array());
	json_object_set_new(json, "time", json_object());
	json_object_set_new(json, "predictions",
			    run->setup.options.predictions
				    ? json_incref(run->setup.options.predictions)
				    : json_array());
	json_object_set_new(json, "warnings", json_array());
	export_topology(run);
	return 0;
}

void run_record_plan(struct run *run)
{
	json_object_set_new(run->record.json, "plan", plan_json(run->setup.plan));
}

int run_record_write(struct run *run, const char *status, struct error *err)
{
	cleanup_free char *text = NULL;
	json_t *environments_now = json_object_get(run->record.json, "environments");
	bool ended = !json_is_null(json_object_get(run->record.json, "ended"));

	json_object_set_new(run->record.json, "status", json_string(status));
	if (!ended) /* afterwards it stays: the report was derived from it */
		json_object_set_new(run->record.json, "time", time_json(&run->state.time));
	if (!ended && strcmp(status, "running") != 0)
		json_object_set_new(run->record.json, "ended", now_text());
	if (run->hosts.counter_set)
		json_object_set_new(run->record.json, "counters",
				    counter_set_describe(run->hosts.counter_set));
	json_object_set_new(run->record.json, "parity", parity_table(environments_now));
	text = json_dumps(run->record.json, JSON_INDENT(1));
	if (!text)
		return error_errno(err, -ENOMEM, "run.json");
	return directory_replace(&run->setup.files, "run.json", text, strlen(text), err);
}

static json_t *environment_of(struct run *run, const struct slot *slot)
{
	return json_object_get(json_object_get(run->record.json, "environments"), slot->plan->name);
}

static void measure(struct run *run, const struct slot *slot, enum quantity quantity, double value)
{
	cleanup_json json_t *line =
		json_pack("{s:s, s:f, s:s, s:i, s:i, s:s, s:f, s:s}", "record", "measurement",
			  "time", time_now(&run->state.time), "instance", slot->plan->id, "number",
			  slot->number, "start", run->state.start, "name", quantity_names[quantity],
			  "value", value, "unit", quantity_units[quantity]);
	struct error err;

	if (run->record.journal && journal_append(run->record.journal, line, &err))
		progress_warn(run->record.progress, err.message);
}

void run_record_instance(struct run *run, struct slot *slot, json_t *hello, bool undisturbed)
{
	const struct driver *driver = slot->plan->environment->driver;
	json_t *environment = environment_of(run, slot);

	if (driver->describe && !json_object_get(environment, "describe")) {
		cleanup_json json_t *description = driver->describe(&slot->instance);

		json_object_set_new(environment, "describe",
				    run_without_paths(&run->setup, description));
	}
	if (hello && !json_object_get(environment, "hello"))
		json_object_set(environment, "hello", hello);
	if (undisturbed && !driver->simulate)
		measure(run, slot, QUANTITY_START, slot->starting_seconds);
}

void run_record_measured(struct run *run, struct slot *slot)
{
	json_t *environment = environment_of(run, slot);
	struct clock_rate rate = clock_watch_rate(&slot->agent.clock);

	if (slot->plan->environment->driver->simulate)
		return;
	if (slot->idle_seconds > 0)
		measure(run, slot, QUANTITY_IDLE_CPU, slot->idle_cpu / slot->idle_seconds);
	if (slot->last_time && slot->last_cost.memory_bytes > 0)
		measure(run, slot, QUANTITY_MEMORY, slot->last_cost.memory_bytes);
	if (slot->plan->repeats >= 0 || slot->plan->beside >= 0)
		return;
	json_object_set_new(
		environment, "clock",
		clock_describe(&slot->agent.clock, json_object_get(environment, "hello")));
	if (clock_rate_is_wrong(rate))
		run_warn(&run->record,
			 "the clock in %s runs %.1f %% %s: its rates use the host's clock, its "
			 "histograms are n/a",
			 slot->plan->id, fabs(rate.rate - 1) * 100,
			 rate.rate > 1 ? "fast" : "slow");
}

void run_event(struct run *run, const char *event, const struct slot *slot,
	       const struct plan_condition *condition, const char *message)
{
	const char *key = condition ? plan_key(run->setup.plan, condition->comparison) : NULL;
	cleanup_json json_t *line = json_pack(
		"{s:s, s:f, s:s, s:s*, s:o*, s:s*, s:s*, s:i, s:s?}", "record", "event", "time",
		time_now(&run->state.time), "event", event, "instance",
		slot ? slot->plan->id : NULL, "number", slot ? json_integer(slot->number) : NULL,
		"workload", key, "condition", slot && condition ? condition->id : NULL, "start",
		run->state.start, "message", message);
	struct error err;

	if (run->record.journal && journal_append(run->record.journal, line, &err))
		progress_warn(run->record.progress, err.message);
}

void run_warn(struct run_record *record, const char *format, ...)
{
	char text[1200];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	border_cut(text);
	border_clean(text);
	progress_warn(record->progress, text);
	if (record->json)
		json_array_append_new(json_object_get(record->json, "warnings"), json_string(text));
}
