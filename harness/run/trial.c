/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/run/trial.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "harness/observe/clocks.h"

#define PREPARE_MS 300000
#define GRACE_MS 30000 /* beyond the trial's own length: an emulated guest under load is slow */
#define VERIFY_MS 60000

/* JSON has no NaN. */
static void set_number(json_t *object, const char *key, double value)
{
	json_object_set_new(object, key, isfinite(value) ? json_real(value) : json_null());
}

static json_t *cpu_array(const int *cpus, int count)
{
	json_t *list = json_array();

	for (int i = 0; i < count; i++)
		json_array_append_new(list, json_integer(cpus[i]));
	return list;
}

/* A guest numbers its CPUs from 0, whatever the host's numbers are. Empty: not pinned. */
static json_t *subject_cpus(const struct subject *subject)
{
	const struct site *site = subject->instance->site;
	bool guest = subject->instance->target.kind == TARGET_THREADS;
	json_t *list = json_array();

	if (subject->instance->unpinned)
		return list;
	if (!guest) {
		json_decref(list);
		return cpu_array(site->trial_cpus, site->trial_cpu_count);
	}
	for (int i = 0; i < site->trial_cpu_count; i++)
		json_array_append_new(list, json_integer(i));
	return list;
}

static json_t *request(const struct subject *subject, const struct trial_order *order,
		       const char *role, json_t *cpus)
{
	return json_pack("{s:s, s:s, s:s, s:O, s:I, s:f, s:f, s:o, s:s*}", "op", "run", "role",
			 role, "workload", order->workload->name, "parameters",
			 order->workload->values, "seed", (json_int_t)order->seed, "seconds",
			 order->seconds, "slow", subject->slow, "cpus", cpus, "scratch",
			 subject->instance->scratch);
}

int trial_prepare(struct subject *subject, const struct trial_order *order, struct error *err)
{
	cleanup_json json_t *message = request(subject, order, "run", subject_cpus(subject));

	return agent_ask(subject->agent, message, err);
}

int trial_prepared(struct subject *subject, struct error *err)
{
	cleanup_json json_t *ready = NULL;

	return agent_ready(subject->agent, PREPARE_MS, &ready, err);
}

/* Cost of an instance before and after the timed part. */
struct snapshots {
	struct instance_cost before, after;
	bool known;
	struct clock_sample clock_before;
	uint64_t go, ended; /* host's CLOCK_MONOTONIC, ns */
	uint64_t observing; /* ns that reading counters and evidence took, before and after */
	uint64_t preparing,
		verifying; /* ns of the workload's own before and after the timed part */
};

static bool cost_of(struct instance *instance, struct instance_cost *cost)
{
	const struct driver *driver = instance->environment->driver;

	return driver->stats && driver->stats(instance, cost) == 0;
}

static void begin(struct subject *subject, struct snapshots *shots)
{
	uint64_t began = clock_now();

	shots->known = cost_of(subject->instance, &shots->before);
	if (subject->counters)
		counters_begin(subject->counters);
	if (subject->evidence)
		evidence_begin(subject->evidence);
	shots->observing = clock_now() - began;
}

static void end(struct subject *subject, struct snapshots *shots)
{
	uint64_t began = clock_now();

	if (subject->evidence)
		evidence_end(subject->evidence);
	if (subject->counters)
		counters_end(subject->counters);
	shots->known = shots->known && cost_of(subject->instance, &shots->after);
	shots->observing += clock_now() - began;
}

static double difference(const struct snapshots *shots, double before, double after)
{
	return shots->known && before >= 0 && after >= before ? after - before : NAN;
}

static double usage_seconds(const json_t *usage)
{
	return json_number_value(json_object_get(usage, "user")) +
	       json_number_value(json_object_get(usage, "system"));
}

static double note_number(const json_t *trial, const char *key)
{
	const char *text = json_string_value(json_object_get(json_object_get(trial, "notes"), key));

	return text ? strtod(text, NULL) : 0;
}

static void add_cost(json_t *record, struct subject *subject, const struct snapshots *shots,
		     double load_seconds)
{
	double host = subject->evidence ? evidence_host_cpu(subject->evidence) : NAN;

	set_number(record, "host_cpu_seconds", fmax(host - load_seconds, 0));
	if (!isfinite(host))
		json_object_set_new(record, "host_cpu_seconds", json_null());
	set_number(record, "load_cpu_seconds", load_seconds);
	set_number(record, "instance_cpu_seconds",
		   difference(shots, shots->before.cpu_seconds, shots->after.cpu_seconds));
	set_number(record, "guest_cpu_seconds",
		   difference(shots, shots->before.guest_seconds, shots->after.guest_seconds));
	set_number(record, "exits", difference(shots, shots->before.exits, shots->after.exits));
	set_number(record, "call_seconds",
		   difference(shots, shots->before.call_seconds, shots->after.call_seconds));
}

static void add_evidence(json_t *record, struct subject *subject, const struct snapshots *shots,
			 const json_t *trial, double outside, json_t *flags)
{
	const json_t *usage = json_object_get(record, "usage");
	double cpu = difference(shots, shots->before.cpu_seconds, shots->after.cpu_seconds);
	struct evidence_claim claim = {
		.read_bytes = note_number(trial, "read_bytes"),
		.written_bytes = note_number(trial, "written_bytes"),
		.switches = json_number_value(json_object_get(usage, "involuntary_switches")),
		.seconds = outside,
		.cpu_seconds = isnan(cpu) ? -1 : cpu,
	};
	json_t *scaled;

	if (subject->evidence)
		json_object_set_new(record, "evidence",
				    evidence_result(subject->evidence, &claim, flags));
	if (!subject->counters)
		return;
	json_object_set_new(record, "counters", counters_result(subject->counters));
	scaled = counters_scaled(subject->counters);
	if (scaled)
		json_object_set_new(record, "counters_scaled", scaled);
}

/* Over the trial alone, or over all of the instance's life: whichever tells more. */
static struct clock_rate rate_of(const struct clock_watch *watch, const struct clock_sample *before)
{
	struct clock_sample after = clock_watch_last(watch);
	struct clock_rate now = clock_rate_between(before, &after), life = clock_watch_rate(watch);

	return life.error < now.error ? life : now;
}

/* Rule 7: the clock of the agent that made the trial, against ours. The record keeps the numbers
 * as the agent gave them, and what they must be mended by. */
static void judge_clock(json_t *record, const struct agent *timer, const struct snapshots *shots,
			double inside, double outside, json_t *flags)
{
	struct clock_rate rate = rate_of(&timer->clock, &shots->clock_before);
	enum clock_state state;
	char why[160] = "";

	state = clock_judge(inside, outside, timer->round_trip, rate, why, sizeof(why));
	if (state == CLOCK_GOOD)
		return;
	json_array_append_new(flags, json_string("clock"));
	json_object_set_new(record, "clock_reason", json_string(why));
	if (state == CLOCK_WRONG)
		json_object_set_new(record, "clock_rate", json_real(rate.rate));
}

static double seconds_inside(const json_t *trial)
{
	double start = json_number_value(json_object_get(trial, "t_start"));
	double end_time = json_number_value(json_object_get(trial, "t_end"));

	return (end_time - start) / 1e9;
}

static json_t *base_record(const json_t *trial, double inside, double outside, double round_trip)
{
	static const char *const copied[] = {"operations", "values", "histograms", "usage",
					     "notes"};
	json_t *record = json_object();

	for (size_t i = 0; i < sizeof(copied) / sizeof(*copied); i++)
		json_object_set(record, copied[i], json_object_get(trial, copied[i]));
	set_number(record, "inside_seconds", inside);
	set_number(record, "outside_seconds", outside);
	set_number(record, "round_trip_seconds", round_trip);
	return record;
}

/* `timer` is the agent whose run() was the timed part; `usage` replaces that of the trial. */
static json_t *make_record(struct subject *subject, const struct agent *timer, const json_t *trial,
			   const json_t *server, const struct snapshots *shots)
{
	double inside = seconds_inside(trial), outside = seconds_of(shots->ended - shots->go);
	json_t *record = base_record(trial, inside, outside, timer->round_trip);
	json_t *flags = json_array();
	double load = 0;

	if (server) {
		load = usage_seconds(json_object_get(trial, "usage"));
		json_object_set(record, "usage", json_object_get(server, "usage"));
	}
	set_number(record, "observing_seconds", seconds_of(shots->observing));
	set_number(record, "preparing_seconds", seconds_of(shots->preparing));
	set_number(record, "verifying_seconds", seconds_of(shots->verifying));
	add_cost(record, subject, shots, load);
	add_evidence(record, subject, shots, trial, outside, flags);
	judge_clock(record, timer, shots, inside, outside, flags);
	json_object_set_new(record, "flags", flags);
	return record;
}

static int time_limit(const struct trial_order *order)
{
	return (int)(order->seconds * 1000) + GRACE_MS;
}

/* ping, begin, go, ended, end: `timer` says when it has ended. */
static int timed_part(struct subject *subject, const struct trial_order *order, struct agent *timer,
		      struct agent *server, struct snapshots *shots, struct error *err)
{
	int rc = agent_ping(timer, 2, err);

	if (rc)
		return rc;
	shots->clock_before = clock_watch_last(&timer->clock);
	begin(subject, shots);
	if (server)
		rc = agent_go(server, err);
	shots->go = clock_now();
	if (!rc)
		rc = agent_go(timer, err);
	if (!rc)
		rc = agent_ended(timer, time_limit(order), &shots->ended, err);
	end(subject, shots);
	return rc;
}

static int perform_alone(struct subject *subject, const struct trial_order *order, json_t **record,
			 struct error *err)
{
	struct agent *agent = subject->agent;
	cleanup_json json_t *trial = NULL;
	struct snapshots shots = {0};
	uint64_t began = clock_now();
	int rc = trial_prepare(subject, order, err);

	if (!rc)
		rc = trial_prepared(subject, err);
	shots.preparing = clock_now() - began;
	if (!rc)
		rc = timed_part(subject, order, agent, NULL, &shots, err);
	began = clock_now();
	if (!rc)
		rc = agent_trial(agent, VERIFY_MS, &trial, err);
	shots.verifying = clock_now() - began;
	if (!rc)
		rc = agent_ping(agent, 1, err);
	if (!rc)
		*record = make_record(subject, agent, trial, NULL, &shots);
	return rc;
}

static int ask_load(struct subject *subject, const struct trial_order *order, json_int_t port,
		    struct error *err)
{
	cleanup_json json_t *ready = NULL, *message = NULL;
	int rc;

	message =
		request(subject, order, "load", cpu_array(order->load_cpus, order->load_cpu_count));
	json_object_set_new(message, "peer", json_string(subject->instance->address));
	json_object_set_new(message, "port", json_integer(port));
	json_object_del(message, "scratch");
	rc = agent_ask(order->load, message, err);
	return rc ? rc : agent_ready(order->load, PREPARE_MS, &ready, err);
}

static int perform_load(struct subject *subject, const struct trial_order *order, json_int_t port,
			struct snapshots *shots, json_t **trial, struct error *err)
{
	uint64_t began = clock_now();
	int rc = ask_load(subject, order, port, err);

	shots->preparing += clock_now() - began;
	if (!rc)
		rc = timed_part(subject, order, order->load, subject->agent, shots, err);
	began = clock_now();
	if (!rc)
		rc = agent_trial(order->load, VERIFY_MS, trial, err);
	shots->verifying = clock_now() - began;
	if (!rc)
		rc = agent_ping(order->load, 1, err);
	if (rc)
		error_prefix(err, "the load generator");
	return rc;
}

static int perform_with_peer(struct subject *subject, const struct trial_order *order,
			     json_t **record, struct error *err)
{
	struct agent *agent = subject->agent;
	cleanup_json json_t *message = request(subject, order, "serve", subject_cpus(subject));
	cleanup_json json_t *ready = NULL, *trial = NULL, *served = NULL;
	struct snapshots shots = {0};
	struct error failed = {0};
	uint64_t began = clock_now();
	int rc = agent_ask(agent, message, err);

	if (!rc)
		rc = agent_ready(agent, PREPARE_MS, &ready, err);
	shots.preparing = clock_now() - began;
	if (rc)
		return rc;
	rc = perform_load(subject, order, json_integer_value(json_object_get(ready, "port")),
			  &shots, &trial, &failed);
	if (rc == -EINTR)
		return error_set(err, rc, "%s", failed.message);
	/* The server ends also after a load that failed. */
	began = clock_now();
	if (agent_end_service(agent, err) || agent_trial(agent, VERIFY_MS, &served, err))
		return err->code;
	shots.verifying += clock_now() - began;
	if (rc)
		return error_set(err, -EREMOTEIO, "%s", failed.message);
	*record = make_record(subject, order->load, trial, served, &shots);
	return 0;
}

static int simulate(struct subject *subject, const struct trial_order *order, json_t **record,
		    struct error *err)
{
	cleanup_json json_t *message = request(subject, order, "run", json_array());
	const struct driver *driver = subject->instance->environment->driver;
	cleanup_json json_t *trial = NULL;
	double seconds;
	int rc;

	json_object_set(message, "metrics", json_object_get(order->workload->entry, "metrics"));
	json_object_set_new(message, "moment", json_integer(order->moment));
	rc = driver->simulate(subject->instance, message, &trial, err);
	if (rc)
		return rc;
	seconds = seconds_inside(trial);
	*record = base_record(trial, seconds, seconds, 0);
	json_object_set_new(*record, "flags", json_array());
	json_object_set(*record, "host_cpu_seconds", json_object_get(trial, "host_cpu_seconds"));
	return 0;
}

int trial_perform(struct subject *subject, const struct trial_order *order, json_t **record,
		  struct error *err)
{
	*record = NULL;
	if (subject->instance->environment->driver->simulate)
		return simulate(subject, order, record, err);
	if (order->workload->peer)
		return perform_with_peer(subject, order, record, err);
	return perform_alone(subject, order, record, err);
}
