/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Tare can measure on this host, as a table of checks: each has a value, its consequence, and
 * the command that fixes it. Changes nothing. */
#pragma once

#include <jansson.h>

#include "base/check.h"

#define DOCTOR_CHECKS_MOST 64

/* The checks of the machine, then of each driver (each name once), then of the figures; returns how
 * many are in `checks`. */
int doctor_checks(const struct check *checks[DOCTOR_CHECKS_MOST]);

/* All checks: {"checks":[{"name","state","value","consequence","command"}], "unavailable": n}. A
 * new reference. */
json_t *doctor_examine(void);
