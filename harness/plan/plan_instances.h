/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "harness/plan/plan.h"

#define SLOW_MAX 10

/* The baseline, its second instance for the null arm, and the environments of the request or the
 * study; with scenes each has a neighbour instead of the null arm. All are probed. */
int plan_add_instances(struct plan *plan, const struct plan_request *request, struct error *err);

/* An instance from the text of its environment. The plan owns its memory. */
int plan_parse_instance(const char *text, struct plan_instance *instance, struct error *err);

/* "3%" or "0.03". -EINVAL beyond 0 to 10. */
int plan_parse_share(const char *text, double *share, struct error *err);
