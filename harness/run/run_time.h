/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a run spends its wall time: run.json's "time". */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* PHASE_TRIALS is only the timed part; preparing, observing and verifying around it are
 * PHASE_BETWEEN. */
enum phase {
	PHASE_OTHER,
	PHASE_STARTING,
	PHASE_PREPARING,
	PHASE_WARMING,
	PHASE_RENEWING,
	PHASE_TRIALS,
	PHASE_BETWEEN,
	PHASES
};

struct time_account {
	uint64_t began, since; /* CLOCK_MONOTONIC ns */
	enum phase phase;
	bool renewing; /* whatever the phase, it counts as PHASE_RENEWING */
	double seconds[PHASES];
	double simulated; /* simulated seconds */
	double earlier;   /* seconds before the run was interrupted */
};

void time_begin(struct time_account *account);
/* Enters a phase; returns the previous one. */
enum phase time_enter(struct time_account *account, enum phase phase);
/* Between these, starting, preparing and warming up replace instances. */
void time_renewing(struct time_account *account, bool renewing);
/* Moves seconds that were counted as `from` to `to`. */
void time_move(struct time_account *account, enum phase from, enum phase to, double seconds);
/* Seconds since the run began, plus simulated and earlier ones, for budgets. */
double time_now(const struct time_account *account);
/* A new reference. */
json_t *time_json(struct time_account *account);
