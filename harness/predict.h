/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Expectations that are sealed in run.json before the first trial, and scored by the report:
 * "ENVIRONMENT PANEL|WORKLOAD CHANGE", as in "vm disk -50%": the performance of vm on the disk
 * panel is half of the baseline's. In run.json:
 *   {"text": "vm disk -50%", "environment": "vm", "subject": "disk", "relative": 0.5}
 */
#ifndef TARE_PREDICT_H
#define TARE_PREDICT_H

#include <jansson.h>

#include "harness/plan.h"

/* Appends one to the array. -EINVAL where it cannot be read. */
int predict_add(json_t *predictions, const char *text, struct error *err);
/* -EINVAL where one speaks of what the plan does not measure. */
int predict_check(const json_t *predictions, const struct plan *plan, struct error *err);

#endif
