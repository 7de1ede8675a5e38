/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_PLAN_WORKLOADS_H
#define TARE_PLAN_WORKLOADS_H

#include "harness/plan/plan.h"

/* The workloads of the request (globs over the catalogue) or of the study. */
int plan_add_workloads(struct plan *plan, const struct plan_request *request,
		       const json_t *catalogue, struct error *err);

/* The entry of the catalogue for the workload whose name those `length` bytes are; NULL. Borrowed.
 */
const json_t *plan_catalogued(const json_t *catalogue, const char *name, size_t length);

/* Fills the fields of `workload` from its entry. */
void plan_workload_read(struct plan_workload *workload);

/* Gives every parameter its value: the study's and --set's, else the default; sizes then limited
 * by the memory and scratch space that `arms` environments side by side can have. */
int plan_resolve(struct plan *plan, const struct plan_request *request,
		 const struct placement *placement, int instances, struct error *err);

/* Holds the sizes of a plan that was resolved before against the same limits, and refuses. */
int plan_check_sizes(struct plan *plan, const struct placement *placement, struct error *err);

#endif
