/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `sim`: a simulated machine with a known overhead, to prove the statistics. Nothing runs and
 * nothing waits: a trial is a random draw. With z, e independent standard normal and exponential
 * variates, the log of an environment's performance in trial number t (the simulated machine's
 * clock) is
 *
 *   - log(1 + overhead)                          the truth that estimates must find
 *   - drift * t / 100                            the machine slows, for all alike
 *   + starts * z(instance)                       the luck of this start
 *   + noise * (sqrt(1 - skew^2) * a(t) + skew * (1 - e(t)))
 *   - 0.3 * e'(t), in a share `spikes` of trials     something else ran
 *
 * where a(t) = r * a(t-1) + sqrt(1 - r^2) * z(t) with r = autocorrelation: the state of the
 * machine, which successive trials share. Every draw depends only on the seed and t, so that
 * instances are independent of each other and a resumed run continues as it would have.
 */
#include "drivers/driver.h"

#include <errno.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/histogram.h"

#define REFERENCE 1000.0     /* operations a second without overhead */
#define LATENCY_NS 100000.0  /* median, likewise */
#define LATENCY_SIGMA 0.3    /* of its log */
#define LATENCY_SAMPLES 1000 /* a trial */
#define SPIKE_DEPTH 0.3
#define MEMORY 200 /* trials that autocorrelation reaches back */

/* "5%" or "0.05"; NaN for anything else. */
static double parse_share(const char *text)
{
	char *end;
	double value = strtod(text, &end);

	if (end == text || (*end && strcmp(end, "%")))
		return NAN;
	return *end ? value / 100 : value;
}

static int check_share(const char *value, struct error *err)
{
	double share = parse_share(value);

	if (!(share >= -0.9 && share <= 1000))
		return error_set(err, -EINVAL, "give a share of -90%% or more, as in 5%% or 0.05");
	return 0;
}

static int check_part(const char *value, struct error *err)
{
	double share = parse_share(value);

	if (!(share >= 0 && share < 1))
		return error_set(err, -EINVAL, "give a share from 0%% to 99%%");
	return 0;
}

static const struct option_spec options[] = {
	{"overhead", "0%", "true extra cost of an operation", .placeholder = "SHARE",
	 .check = check_share},
	{"noise", "1%", "standard deviation from trial to trial", .placeholder = "SHARE",
	 .check = check_part},
	{"drift", "0%", "how much the machine slows down over 100 trials", .placeholder = "SHARE",
	 .check = check_share},
	{"spikes", "0%", "share of trials that something else slows down, by a quarter on average",
	 .placeholder = "SHARE", .check = check_part},
	{"starts", "0%", "standard deviation from start to start", .placeholder = "SHARE",
	 .check = check_part},
	{"autocorrelation", "0%", "correlation of the noise of successive trials",
	 .placeholder = "SHARE", .check = check_part},
	{"skew", "0%", "share of the noise that is exponential and only slows",
	 .placeholder = "SHARE", .check = check_part},
	{0},
};

struct sim {
	double overhead, noise, drift, spikes, starts, autocorrelation, skew;
};

static double share_of(const struct environment *env, const char *option)
{
	return parse_share(environment_option(env, option));
}

static void read_options(const struct environment *env, struct sim *sim)
{
	sim->overhead = share_of(env, "overhead");
	sim->noise = share_of(env, "noise");
	sim->drift = share_of(env, "drift");
	sim->spikes = share_of(env, "spikes");
	sim->starts = share_of(env, "starts");
	sim->autocorrelation = share_of(env, "autocorrelation");
	sim->skew = share_of(env, "skew");
}

/* The purposes of draws: separate streams of random numbers. */
enum purpose { STATE, TAIL, SPIKE, DEPTH, START, LATENCY };

static uint64_t mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
	return x ^ (x >> 31);
}

/* In (0, 1); splitmix64 as a hash (Steele, Lea, Flood, OOPSLA 2014). */
static double uniform(uint64_t seed, enum purpose purpose, uint64_t number)
{
	uint64_t bits = mix(mix(mix(seed) ^ (uint64_t)purpose) ^ number);

	return ((double)(bits >> 11) + 0.5) * 0x1p-53;
}

static double normal(uint64_t seed, enum purpose purpose, uint64_t number)
{
	return gsl_cdf_ugaussian_Pinv(uniform(seed, purpose, number));
}

static double exponential(uint64_t seed, enum purpose purpose, uint64_t number)
{
	return -log(uniform(seed, purpose, number));
}

/* a(t) as the weighted sum of earlier draws, scaled to variance 1. */
static double machine_state(uint64_t seed, uint64_t moment, double correlation)
{
	double sum = 0, weight = 1, squares = 0;

	for (uint64_t back = 0; back < MEMORY && weight > 1e-3; back++) {
		sum += weight * normal(seed, STATE, moment + MEMORY - back);
		squares += weight * weight;
		weight *= correlation;
	}
	return sum / sqrt(squares);
}

static uint64_t hash_text(const char *text)
{
	uint64_t hash = 0;

	while (*text)
		hash = mix(hash ^ (unsigned char)*text++);
	return hash;
}

static double log_performance(const struct sim *sim, const char *instance, uint64_t seed,
			      uint64_t moment)
{
	double log_of = -log1p(sim->overhead) - sim->drift * (double)moment / 100;

	if (sim->starts > 0)
		log_of += sim->starts * normal(seed, START, hash_text(instance));
	if (sim->noise > 0)
		log_of += sim->noise * sqrt(1 - sim->skew * sim->skew) *
			  machine_state(seed, moment, sim->autocorrelation);
	if (sim->noise > 0 && sim->skew > 0)
		log_of += sim->noise * sim->skew * (1 - exponential(seed, TAIL, moment));
	if (sim->spikes > 0 && uniform(seed, SPIKE, moment) < sim->spikes)
		log_of -= SPIKE_DEPTH * exponential(seed, DEPTH, moment);
	return log_of;
}

static json_t *latencies(double performance, uint64_t seed, uint64_t moment)
{
	struct histogram *h = histogram_create();
	json_t *json;

	if (!h)
		return NULL;
	for (uint64_t i = 0; i < LATENCY_SAMPLES; i++) {
		double z = normal(seed, LATENCY, moment * LATENCY_SAMPLES + i);

		histogram_record(h, (uint64_t)(LATENCY_NS / performance * exp(LATENCY_SIGMA * z)));
	}
	json = histogram_encode(h);
	histogram_destroy(h);
	return json;
}

/* A value or a histogram for each metric of the request. */
static void answer(const json_t *request, double performance, uint64_t seed, uint64_t moment,
		   json_t *values, json_t *histograms)
{
	json_t *metrics = json_object_get(request, "metrics"), *metric;
	size_t i;

	json_array_foreach (metrics, i, metric) {
		const char *name = json_string_value(json_object_get(metric, "name"));
		const char *better = json_string_value(json_object_get(metric, "better"));
		const char *histogram = json_string_value(json_object_get(metric, "histogram"));
		bool lower = better && !strcmp(better, "lower");

		if (histogram && !json_object_get(histograms, histogram))
			json_object_set_new(histograms, histogram,
					    latencies(performance, seed, moment));
		else if (!histogram && name)
			json_object_set_new(values, name,
					    json_real(lower ? REFERENCE / performance
							    : REFERENCE * performance));
	}
}

static int sim_simulate(struct instance *instance, json_t *request, json_t **trial,
			struct error *err)
{
	const struct sim *sim = instance->state;
	uint64_t seed = (uint64_t)json_integer_value(json_object_get(request, "seed"));
	json_int_t moment = json_integer_value(json_object_get(request, "moment"));
	double seconds = json_number_value(json_object_get(request, "seconds"));
	json_t *values, *histograms;
	double performance;
	json_int_t start;

	*trial = NULL;
	if (moment < 0 || !(seconds > 0) || !json_is_array(json_object_get(request, "metrics")))
		return error_set(err, -EINVAL,
				 "a simulated trial needs its time, length and metrics");
	values = json_object();
	histograms = json_object();
	performance = exp(log_performance(sim, instance->id, seed, (uint64_t)moment));
	answer(request, performance, seed, (uint64_t)moment, values, histograms);
	start = (json_int_t)((double)moment * seconds * (double)NSEC_PER_SEC);
	*trial = json_pack("{s:s, s:f, s:o, s:o, s:{s:f, s:f}, s:I, s:I, s:f, s:{s:s}}", "type",
			   "trial", "operations", REFERENCE * performance * seconds, "values",
			   values, "histograms", histograms, "usage", "user", seconds, "system",
			   0.0, "t_start", start, "t_end",
			   start + (json_int_t)(seconds * (double)NSEC_PER_SEC), "host_cpu_seconds",
			   seconds, "notes", "engine", "simulated");
	return *trial ? 0 : error_errno(err, -ENOMEM, "simulating a trial");
}

static int sim_probe(const struct environment *env, const struct site *site,
		     struct availability *availability)
{
	struct sim sim;

	(void)site;
	read_options(env, &sim);
	*availability = (struct availability){.usable = true};
	snprintf(availability->label, sizeof(availability->label), "simulated (%+.3g %%)",
		 sim.overhead * 100);
	snprintf(availability->reason, sizeof(availability->reason),
		 "simulated: nothing was measured");
	return 0;
}

static int sim_start(struct instance *instance, struct error *err)
{
	struct sim *sim = calloc(1, sizeof(*sim));

	instance->in = instance->out = -1;
	instance->scratch = "";
	instance->target = (struct target){.kind = TARGET_NONE};
	instance->state = sim;
	if (!sim)
		return error_errno(err, -ENOMEM, "starting a simulation");
	read_options(instance->environment, sim);
	return 0;
}

static int sim_stop(struct instance *instance, struct error *err)
{
	(void)err;
	free(instance->state);
	instance->state = NULL;
	return 0;
}

static int sim_stats(struct instance *instance, struct instance_cost *cost)
{
	(void)instance;
	*cost = (struct instance_cost){-1, -1, -1, -1, -1};
	return 0;
}

static json_t *sim_describe(struct instance *instance)
{
	json_t *json = json_pack("{s:s}", "driver", "sim");

	for (const struct option_spec *o = options; o->name; o++)
		json_object_set_new(
			json, o->name,
			json_string(environment_option(instance->environment, o->name)));
	return json;
}

const struct driver sim_driver = {
	.name = "sim",
	.summary = "simulated: known overhead, noise and drift, to prove the statistics",
	.style = STYLE_SKY_PENTAGON,
	.options = options,
	.probe = sim_probe,
	.start = sim_start,
	.stop = sim_stop,
	.stats = sim_stats,
	.describe = sim_describe,
	.simulate = sim_simulate,
};
