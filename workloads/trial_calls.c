/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The functions that a running workload calls (workload.h). */
#include <sys/resource.h>

#include "base/clock.h"
#include "workloads/workload.h"

#define PIECE_NS (5 * NSEC_PER_MSEC) /* spinning is due in pieces: reading the time costs time */

static uint64_t thread_time(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (uint64_t)ts.tv_sec * NSEC_PER_SEC + (uint64_t)ts.tv_nsec;
}

static long waits(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return usage.ru_nvcsw;
}

static void begin_piece(struct trial *trial, uint64_t now)
{
	trial->slice_start = now;
	trial->slice_cpu = thread_time();
	trial->slice_waits = waits();
}

/* How long the work took since the last piece: wall time if it slept (I/O, other threads),
 * otherwise its CPU time, because others had the CPU for the rest. Before the first piece there is
 * nothing to subtract. */
static uint64_t work_time(const struct trial *trial, uint64_t now)
{
	uint64_t wall = now - trial->slice_start, cpu;

	if (!trial->slice_cpu || waits() != trial->slice_waits)
		return wall;
	cpu = thread_time() - trial->slice_cpu;
	return cpu < wall ? cpu : wall;
}

/* Time in which others have the CPU does not count as spinning: it is determined at the end and
 * made up for. (Reading the thread's time more often would cost a microvm an exit each.) */
static uint64_t spin(uint64_t from, uint64_t amount)
{
	uint64_t began = thread_time(), spun = 0, now = from;

	while (spun < amount) {
		uint64_t until = now + amount - spun;

		while (now < until)
			now = clock_now();
		spun = thread_time() - began;
	}
	return now;
}

static bool is_over(const struct trial *trial, uint64_t now)
{
	return now >= trial->deadline ||
	       (trial->finished && atomic_load_explicit(trial->finished, memory_order_relaxed));
}

bool trial_continue_at(struct trial *trial, uint64_t *now)
{
	bool due =
		!trial->slice_cpu || *now - trial->slice_start >= PIECE_NS || is_over(trial, *now);

	if (trial->slow > 0 && due) {
		*now = spin(*now, (uint64_t)(trial->slow * (double)work_time(trial, *now)));
		begin_piece(trial, *now);
	}
	return !is_over(trial, *now);
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
	/* jansson does not create a number from NaN, so the metric is missing, which is an error */
	json_object_set_new(trial->values, metric, json_real(value));
}

void trial_note(struct trial *trial, const char *key, const char *value)
{
	json_object_set_new(trial->notes, key, json_string(value));
}
