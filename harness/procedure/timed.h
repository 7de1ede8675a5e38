/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The timed part of a trial, between two snapshots of the subject, and the trial for the journal:
 * shared by the procedures whose work an agent times. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "harness/procedure/procedure.h"

#define PREPARE_MS 300000
#define VERIFY_MS 60000

/* An instance's cost before and after the timed part. */
struct cost {
	struct instance_cost before, after;
	bool known;
};

/* The cost of each member of the cast, and how long the untimed parts took. */
struct snapshots {
	struct cost costs[CAST_MAX]; /* unknown for load generators */
	struct clock_sample clock_before;
	uint64_t go, ended; /* host's CLOCK_MONOTONIC, ns */
	uint64_t observing; /* ns that reading counters and evidence took, before and after */
	/* ns that the workload spent before and after the timed part */
	uint64_t preparing, verifying;
};

/* The `run` message for an actor; `role` is the agent's ("run", "serve", "load"). A new reference.
 */
json_t *actor_request(const struct actor *actor, const struct stage *stage, const char *role);

/* Milliseconds that the timed part may take. */
int time_limit(const struct stage *stage);

/* The `run` message for a load generator, whose server, in that instance, has answered `ready`. A
 * new reference. */
json_t *load_request(const struct stage *stage, const struct actor *load,
		     const struct instance *server, const json_t *ready);
/* Sends it and waits until the load generator is ready. */
int load_get_ready(struct actor *load, json_t *request, struct error *err);

/* ping, begin, go, ended, end, with the neighbours at work all the while: `timer` says when it has
 * ended; `server`, which may be NULL, goes first. */
int timed_part(struct stage *stage, struct agent *timer, struct agent *server,
	       struct snapshots *shots, struct error *err);

/* CPU seconds that the agent's workload used. */
double usage_seconds(const json_t *trial);
/* Seconds of the timed part by the clock of the agent that made the trial. */
double seconds_inside(const json_t *trial);
/* The trial from the agent's answer and the times; a new reference. */
json_t *trial_base(const json_t *trial, double inside, double outside, double round_trip);
/* The complete trial, with costs, evidence and flags. `timer` is the agent whose run() was the
 * timed part, and `trial` its answer; `served` is the subject's, or NULL if the subject is the
 * timer. A new reference. */
json_t *observed_trial(struct stage *stage, const struct agent *timer, const json_t *trial,
		       const json_t *served, const struct snapshots *shots);
