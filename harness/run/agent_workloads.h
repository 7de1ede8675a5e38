/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <jansson.h>

#include "base/error.h"

/* Gets the workloads from the agent binary, the only list of them, and what procedures measure
 * without one. A new reference: an array of entries (docs/protocol.md). */
int catalogue_ask(json_t **catalogue, struct error *err);
