/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <jansson.h>

/* What the environment reports about itself, for the parity table: name -> text. What cannot be
 * read is left out. `scratch` may be NULL. A new reference. */
json_t *facts(const char *scratch);

/* {"read_ns", "resolution_ns", "vdso"} of CLOCK_MONOTONIC. A new reference. */
json_t *facts_clock(void);
