/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the wall time of a run goes: run.json's "time". */
#ifndef TARE_RUN_TIME_H
#define TARE_RUN_TIME_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* PHASE_TRIALS is the timed part alone; what is prepared, observed and verified around it is
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
	bool renewing; /* whatever the phase: all is PHASE_RENEWING */
	double seconds[PHASES];
	double simulated; /* seconds that simulated trials stand for */
	double earlier;   /* seconds that a run took before it was interrupted */
};

void time_begin(struct time_account *account);
/* From now on; returns the phase before. */
enum phase time_enter(struct time_account *account, enum phase phase);
/* Between these, starting, preparing and warming up replace instances. */
void time_renewing(struct time_account *account, bool renewing);
/* Of the seconds that were counted as `from`, so many were `to`. */
void time_move(struct time_account *account, enum phase from, enum phase to, double seconds);
/* Seconds since the run began, simulated and earlier ones added: what budgets are counted in. */
double time_now(const struct time_account *account);
/* A new reference. */
json_t *time_json(struct time_account *account);

#endif
