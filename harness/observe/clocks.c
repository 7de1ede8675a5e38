/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/observe/clocks.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

#define RATE_LIMIT 0.005 /* a clock that is off by more than this is wrong */
#define GAP_SHARE 0.01
#define GAP_ROUND_TRIPS 3

void clock_watch_init(struct clock_watch *watch)
{
	*watch = (struct clock_watch){0};
}

void clock_watch_finish(struct clock_watch *watch)
{
	free(watch->samples);
	*watch = (struct clock_watch){0};
}

struct clock_sample clock_watch_last(const struct clock_watch *watch)
{
	return watch->count ? watch->samples[watch->count - 1] : (struct clock_sample){0};
}

int clock_watch_add(struct clock_watch *watch, uint64_t sent, uint64_t received, uint64_t agent)
{
	struct clock_sample last = clock_watch_last(watch);

	if (received < sent || sent < last.received || agent < last.agent)
		return -EINVAL;
	if (watch->count == watch->size) {
		size_t size = watch->size ? watch->size * 2 : 64;
		void *bigger = realloc(watch->samples, size * sizeof(*watch->samples));

		if (!bigger)
			return -ENOMEM;
		watch->samples = bigger;
		watch->size = size;
	}
	watch->samples[watch->count++] =
		(struct clock_sample){.sent = sent, .received = received, .agent = agent};
	return 0;
}

static double round_trip(const struct clock_sample *sample)
{
	return (double)(sample->received - sample->sent);
}

struct clock_rate clock_rate_between(const struct clock_sample *before,
				     const struct clock_sample *after)
{
	double sent = (double)(after->sent - before->sent);
	double received = (double)(after->received - before->received);
	/* from the middle of one exchange to that of the other */
	double host = (sent + received) / 2;

	if (after->sent <= before->sent || after->agent < before->agent || host <= 0)
		return (struct clock_rate){NAN, INFINITY, 0};
	return (struct clock_rate){
		.rate = (double)(after->agent - before->agent) / host,
		.error = (round_trip(before) + round_trip(after)) / 2 / host,
		.seconds = host / 1e9,
	};
}

/* The most accurate exchange: the one with the shortest round trip. */
static const struct clock_sample *shortest(const struct clock_sample *samples, size_t count)
{
	const struct clock_sample *best = samples;

	for (size_t i = 1; i < count; i++)
		if (round_trip(&samples[i]) < round_trip(best))
			best = &samples[i];
	return best;
}

struct clock_rate clock_watch_rate(const struct clock_watch *watch)
{
	size_t quarter = (watch->count + 3) / 4;

	if (watch->count < 2)
		return (struct clock_rate){NAN, INFINITY, 0};
	return clock_rate_between(shortest(watch->samples, quarter),
				  shortest(watch->samples + watch->count - quarter, quarter));
}

bool clock_rate_is_wrong(struct clock_rate rate)
{
	return isfinite(rate.rate) && fabs(rate.rate - 1) > RATE_LIMIT + rate.error;
}

enum clock_state clock_judge(double inside_seconds, double outside_seconds,
			     double round_trip_seconds, struct clock_rate rate, char *reason,
			     size_t size)
{
	double gap = outside_seconds - inside_seconds;
	double limit = fmax(GAP_SHARE * outside_seconds, GAP_ROUND_TRIPS * round_trip_seconds);

	reason[0] = 0;
	if (clock_rate_is_wrong(rate)) {
		snprintf(reason, size,
			 "the environment's clock runs at %.3f of the host's rate (+- %.3f); times "
			 "are the host's",
			 rate.rate, rate.error);
		return CLOCK_WRONG;
	}
	if (!(inside_seconds > 0) || !isfinite(inside_seconds)) {
		snprintf(reason, size, "the trial took %g s by the environment's clock",
			 inside_seconds);
		return CLOCK_FLAGGED;
	}
	if (gap < 0) {
		snprintf(reason, size,
			 "%.6f s by the environment's clock, but only %.6f s by the host's",
			 inside_seconds, outside_seconds);
		return CLOCK_FLAGGED;
	}
	if (gap > limit) {
		snprintf(reason, size,
			 "%.6f s longer by the host's clock than by the "
			 "environment's (limit: %.6f s)",
			 gap, limit);
		return CLOCK_FLAGGED;
	}
	return CLOCK_GOOD;
}

json_t *clock_describe(const struct clock_watch *watch, const json_t *hello)
{
	struct clock_rate rate = clock_watch_rate(watch);
	json_t *clock = json_object();

	json_object_set(clock, "source", json_object_get(hello, "clocksource"));
	json_object_update(clock, json_object_get(hello, "clock"));
	if (watch->count)
		json_object_set_new(
			clock, "round_trip_us",
			json_real(round_trip(shortest(watch->samples, watch->count)) / 1e3));
	if (isfinite(rate.rate)) {
		json_object_set_new(clock, "rate", json_real(rate.rate));
		json_object_set_new(clock, "drift_ppm", json_real((rate.rate - 1) * 1e6));
		json_object_set_new(clock, "drift_error_ppm", json_real(rate.error * 1e6));
		json_object_set_new(clock, "seconds", json_real(rate.seconds));
	}
	return clock;
}
