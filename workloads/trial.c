/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a workload calls while it runs (workload.h). */
#include "harness/base/cleanup.h"
#include "harness/base/clock.h"
#include "workloads/workload.h"

bool trial_continue_at(struct trial *trial, uint64_t *now)
{
	if (trial->slow > 0) {
		uint64_t until =
			*now + (uint64_t)(trial->slow * (double)(*now - trial->slice_start));

		while (*now < until)
			*now = clock_now();
		trial->slice_start = *now;
	}
	return *now < trial->deadline;
}

bool trial_continue(struct trial *trial)
{
	uint64_t now = clock_now();

	return trial_continue_at(trial, &now);
}

double trial_elapsed(const struct trial *trial)
{
	return seconds_of(clock_now() - trial->start);
}

int64_t trial_integer(const struct trial *trial, const char *parameter)
{
	return json_integer_value(json_object_get(trial->parameters, parameter));
}

double trial_real(const struct trial *trial, const char *parameter)
{
	return json_number_value(json_object_get(trial->parameters, parameter));
}

const char *trial_choice(const struct trial *trial, const char *parameter)
{
	return json_string_value(json_object_get(trial->parameters, parameter));
}

void trial_value(struct trial *trial, const char *metric, double value)
{
	/* not a number: jansson makes none of it, and the metric stays missing, which is an error
	 */
	json_object_set_new(trial->values, metric, json_real(value));
}

void trial_note(struct trial *trial, const char *key, const char *value)
{
	json_object_set_new(trial->notes, key, json_string(value));
}

void trial_histogram(struct trial *trial, const char *name, const struct histogram *histogram)
{
	cleanup_free struct histogram *sum = NULL;
	const json_t *there = json_object_get(trial->histograms, name);

	if (there) {
		sum = histogram_create();
		if (!sum || histogram_decode(there, sum, NULL))
			return;
		histogram_merge(sum, histogram);
		histogram = sum;
	}
	json_object_set_new(trial->histograms, name, histogram_encode(histogram));
}
