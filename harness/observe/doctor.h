/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What this host can do for Tare, as a table of checks: each gives a value, the consequence,
 * and the command that fixes it. Changes nothing. */
#ifndef TARE_DOCTOR_H
#define TARE_DOCTOR_H

#include <jansson.h>

#include "base/check.h"

#define DOCTOR_CHECKS_MOST 64

/* The machine's checks, then each driver's (each name once), then those of the figures: how many
 * are in `checks`. */
int doctor_checks(const struct check *checks[DOCTOR_CHECKS_MOST]);

/* All checks: {"checks":[{"name","state","value","consequence","command"}], "unavailable": n}. A
 * new reference. */
json_t *doctor_examine(void);

#endif
