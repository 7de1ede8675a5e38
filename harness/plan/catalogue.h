/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_HARNESS_CATALOGUE_H
#define TARE_HARNESS_CATALOGUE_H

#include <jansson.h>

#include "base/error.h"

/* The workloads of the agent binary beside this program, as it tells them itself: there is no
 * second list. A new reference: an array of entries (docs/protocol.md). */
int catalogue_ask(json_t **catalogue, struct error *err);
/* The entry of this name; NULL where there is none. Borrowed. */
const json_t *catalogue_entry_of(const json_t *catalogue, const char *name);

#endif
