/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Predictions: recorded in run.json ("predictions") before the first trial and scored from the
 * results. Preregistration for a researcher, an exercise for a student.
 *
 *   ENVIRONMENT WHERE CHANGE     "vm disk -50%"    "container cpu.compress 0%"    "vm network x0.2"
 *
 * ENVIRONMENT is an arm of the plan (or its driver's name, if only one arm has that driver), WHERE
 * a panel or a workload, CHANGE the change of performance against the baseline: -50% and x0.5 are
 * half.
 */
#pragma once

#include <stdio.h>

#include "results/summary.h"

/* Checks it against the plan of `record` (record_create of the run.json to be written). *prediction
 * is a new reference, to be appended to run.json's "predictions". -EINVAL with what is valid. */
int prediction_parse(const char *text, const struct record *record, json_t **prediction,
		     struct error *err);

/*
 * An array, one entry a prediction and workload that it is about:
 *   {"text", "workload", "environment", "predicted", "relative": {value, low, high} or null,
 *    "outcome": "right" | "too low" | "too high" | "cannot tell" | "unavailable", "factor":
 * measured / predicted} Right is a prediction where the whole interval lies near: within a fifth of
 * the predicted log ratio or the margin of a verdict, whichever is more. Wrong where no part of the
 * interval does. A new reference; an empty array where nothing was predicted.
 */
#define PREDICT_SHARE 0.2
json_t *predictions_score(const struct summary *summary);
