/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A trial as the journal has it: what the agent answered, and what was observed around it. */
#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "harness/observe/clocks.h"
#include "harness/procedure/timed.h"

/* JSON has no NaN. */
static void set_number(json_t *object, const char *key, double value)
{
	json_object_set_new(object, key, isfinite(value) ? json_real(value) : json_null());
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

static void add_cost(json_t *record, struct actor *subject, const struct snapshots *shots,
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

static void add_evidence(json_t *record, struct actor *subject, const struct snapshots *shots,
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

/* Over the trial alone, or over all of the instance's life: whichever is more exact. */
static struct clock_rate rate_of(const struct clock_watch *watch, const struct clock_sample *before)
{
	struct clock_sample after = clock_watch_last(watch);
	struct clock_rate now = clock_rate_between(before, &after), life = clock_watch_rate(watch);

	return life.error < now.error ? life : now;
}

/* The clock of the agent that made the trial, against ours. The record keeps the numbers as the
 * agent gave them, and the rate that they must be corrected by. */
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

double seconds_inside(const json_t *trial)
{
	double start = json_number_value(json_object_get(trial, "t_start"));
	double end_time = json_number_value(json_object_get(trial, "t_end"));

	return (end_time - start) / 1e9;
}

json_t *trial_base(const json_t *trial, double inside, double outside, double round_trip)
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

json_t *observed_trial(struct stage *stage, const struct agent *timer, const json_t *trial,
		       const json_t *served, const struct snapshots *shots)
{
	double inside = seconds_inside(trial), outside = seconds_of(shots->ended - shots->go);
	json_t *record = trial_base(trial, inside, outside, timer->round_trip);
	struct actor *subject = &stage->cast[0];
	json_t *flags = json_array();
	double load = 0;

	if (served) {
		load = usage_seconds(json_object_get(trial, "usage"));
		json_object_set(record, "usage", json_object_get(served, "usage"));
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
