/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of a published study the study here covers, and what it does not. */
#ifndef TARE_COVERAGE_H
#define TARE_COVERAGE_H

#include <jansson.h>

#include "harness/plan/study.h"

/* [{"figure": "Fig 4a", "lines": 1, "measured": 1}...]: its figures and tables in their order, the
 * published lines of each, and how many of them a workload of the study stands for. A new
 * reference; NULL where nothing is published under the study's name. */
json_t *study_coverage(const struct study *study);

#endif
