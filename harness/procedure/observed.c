/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A trial for the journal: the agent's answer and what was observed around it. */
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

static double difference(const struct cost *cost, double before, double after)
{
	return cost->known && before >= 0 && after >= before ? after - before : NAN;
}

static double cpu_seconds(const struct cost *cost)
{
	return difference(cost, cost->before.cpu_seconds, cost->after.cpu_seconds);
}

double usage_seconds(const json_t *trial)
{
	const json_t *usage = json_object_get(trial, "usage");

	return json_number_value(json_object_get(usage, "user")) +
	       json_number_value(json_object_get(usage, "system"));
}

static double note_number(const json_t *trial, const char *key)
{
	const char *text = json_string_value(json_object_get(json_object_get(trial, "notes"), key));

	return text ? strtod(text, NULL) : 0;
}

/* What each member of the cast used. Returns the total of the others, which is not the subject's
 * cost. */
static double add_cast(json_t *record, const struct stage *stage, const struct snapshots *shots)
{
	json_t *cast = json_array();
	double others = 0;

	for (int i = 0; i < stage->cast_count; i++) {
		const struct actor *actor = &stage->cast[i];
		json_t *member = actor->did ? json_incref(actor->did) : json_object();
		json_t *used = json_object_get(member, "cpu_seconds");

		if (!used)
			set_number(member, "cpu_seconds", cpu_seconds(&shots->costs[i]));
		used = json_object_get(member, "cpu_seconds");
		others += i == 0 ? 0 : json_is_null(used) ? NAN : json_number_value(used);
		json_array_append_new(cast, member);
	}
	json_object_set_new(record, "cast", cast);
	return others;
}

static void add_cost(json_t *record, const struct stage *stage, const struct snapshots *shots)
{
	const struct evidence *evidence = stage->cast[0].evidence;
	const struct cost *cost = &shots->costs[0];
	double host = evidence ? evidence_host_cpu(evidence) : NAN;
	double own = host - add_cast(record, stage, shots);

	set_number(record, "host_cpu_seconds", isnan(own) ? NAN : fmax(own, 0));
	set_number(record, "guest_cpu_seconds",
		   difference(cost, cost->before.guest_seconds, cost->after.guest_seconds));
	set_number(record, "exits", difference(cost, cost->before.exits, cost->after.exits));
	set_number(record, "call_seconds",
		   difference(cost, cost->before.call_seconds, cost->after.call_seconds));
}

/* On the trial's CPUs; load generators run on the others. */
static double cast_cpu_seconds(const struct stage *stage, const struct snapshots *shots)
{
	double sum = 0;

	for (int i = 0; i < stage->cast_count; i++)
		if (stage->cast[i].instance)
			sum += cpu_seconds(&shots->costs[i]);
	return sum;
}

static void add_evidence(json_t *record, const struct stage *stage, const struct snapshots *shots,
			 const json_t *trial, double outside, json_t *flags)
{
	const struct actor *subject = &stage->cast[0];
	const json_t *usage = json_object_get(record, "usage");
	double cpu = cast_cpu_seconds(stage, shots);
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

/* Over the trial alone or over the instance's whole life, whichever is more accurate. */
static struct clock_rate rate_of(const struct clock_watch *watch, const struct clock_sample *before)
{
	struct clock_sample after = clock_watch_last(watch);
	struct clock_rate now = clock_rate_between(before, &after), life = clock_watch_rate(watch);

	return life.error < now.error ? life : now;
}

/* The clock of the agent that made the trial, against ours. The record keeps the agent's numbers
 * and the rate to correct them with. */
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
	json_t *flags = json_array();

	if (served) {
		stage_find(stage, CAST_LOAD)->did =
			json_pack("{s:f}", "cpu_seconds", usage_seconds(trial));
		json_object_set(record, "usage", json_object_get(served, "usage"));
	}
	set_number(record, "observing_seconds", seconds_of(shots->observing));
	set_number(record, "preparing_seconds", seconds_of(shots->preparing));
	set_number(record, "verifying_seconds", seconds_of(shots->verifying));
	add_cost(record, stage, shots);
	add_evidence(record, stage, shots, trial, outside, flags);
	judge_clock(record, timer, shots, inside, outside, flags);
	json_object_set_new(record, "flags", flags);
	return record;
}
