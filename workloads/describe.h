/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workloads/workload.h"

/* NULL if no workload has this name. */
const struct workload *workload_find(const char *name);

/* The catalogue entry of docs/protocol.md. A new reference; NULL if there is no memory. */
json_t *catalogue_entry(const struct workload *workload);
