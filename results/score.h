/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How well predictions came true. They stand in run.json ("predictions"), sealed there before the
 * first trial: {"text": "vm disk -50%", "environment": "vm", "subject": "disk", "relative": 0.5},
 * where subject is a panel or a workload and relative the performance against the baseline.
 */
#ifndef TARE_SCORE_H
#define TARE_SCORE_H

#include <stdio.h>

#include "results/summary.h"

/*
 * An array, one entry a prediction and workload that it is about:
 *   {"text", "workload", "environment", "predicted", "relative": {value, low, high} or null,
 *    "outcome": "right" | "too low" | "too high" | "unavailable", "factor": measured / predicted}
 * Right is a prediction that lies within the interval, or nearer than the margin of a verdict.
 * A new reference; an empty array where nothing was predicted.
 */
json_t *predictions_score(const struct summary *summary);
/* As sentences, one a line; nothing where nothing was predicted. */
void predictions_print(const struct summary *summary, FILE *out);

#endif
