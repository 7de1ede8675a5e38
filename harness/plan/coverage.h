/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which parts of a published study a study here covers. */
#pragma once

#include <jansson.h>

#include "harness/plan/study.h"

/* [{"figure": "Fig 4a", "lines": 1, "measured": 1}...]: its figures and tables in order, the
 * published lines of each, and how many of them have a workload in the study. A new reference; NULL
 * if nothing is published under the study's name. */
json_t *study_coverage(const struct study *study);
