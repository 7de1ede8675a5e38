/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_PLAN_WORKLOADS_H
#define TARE_PLAN_WORKLOADS_H

#include "harness/plan/plan.h"

/* The workloads of the request (globs over the catalogue) or of the study. */
int plan_add_workloads(struct plan *plan, const struct plan_request *request,
		       const json_t *catalogue, struct error *err);

/* Fills the fields of `workload` from its entry. */
void plan_workload_read(struct plan_workload *workload);

/* Gives every parameter its value: the study's and --set's, else the default; sizes then limited
 * by the memory and scratch space that `arms` environments side by side can have. */
int plan_resolve(struct plan *plan, const struct plan_request *request,
		 const struct placement *placement, int instances, struct error *err);

#endif
