/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the wall time of a run goes: run.json's "time". */
#ifndef TARE_RUN_TIME_H
#define TARE_RUN_TIME_H

#include <jansson.h>
#include <stdint.h>

enum phase { PHASE_OTHER, PHASE_STARTING, PHASE_PREPARING, PHASE_TRIALS, PHASES };

struct time_account {
	uint64_t began, since; /* CLOCK_MONOTONIC ns */
	enum phase phase;
	double seconds[PHASES];
	double simulated; /* seconds that simulated trials stand for */
	double earlier;   /* seconds that a run took before it was interrupted */
};

void time_begin(struct time_account *account);
/* From now on; returns the phase before. */
enum phase time_enter(struct time_account *account, enum phase phase);
/* Seconds since the run began, simulated and earlier ones added: what budgets are counted in. */
double time_now(const struct time_account *account);
/* A new reference. */
json_t *time_json(struct time_account *account);

#endif
