/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "harness/plan/plan.h"

/* The workloads of the request (globs over the catalogue) or of the study. */
int plan_add_workloads(struct plan *plan, const struct plan_request *request,
		       const json_t *catalogue, struct error *err);

/* The catalogue's entry for the workload named by these `length` bytes, borrowed; NULL: unknown. */
const json_t *plan_catalogued(const json_t *catalogue, const char *name, size_t length);

/* Fills the fields of `workload` from its entry. */
void plan_workload_read(struct plan_workload *workload);

/* Sets every parameter: from the study and --set, otherwise to the default; then limits sizes to
 * the memory and scratch space that the usable instances together can have. */
int plan_resolve(struct plan *plan, const struct plan_request *request,
		 const struct placement *placement, struct error *err);

/* Checks the sizes of an already resolved plan against the same limits; -EINVAL. */
int plan_check_sizes(struct plan *plan, const struct placement *placement, struct error *err);
