/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The parity table: what still differs between environments although the work is the same, from
 * what each environment reports about itself, never from what was requested:
 *   hello             kernel, clocksource, cpus, memory, and all of hello.facts
 *   describe.parity   what cannot be seen from inside: an object of scalars, by the driver
 */
#pragma once

#include <jansson.h>

/* `environments`: name -> {"hello": {...}, "describe": {...}, "available": bool}. Returns
 * run.json's "parity": [{"fact", "values": {environment: text}, "differs"}], differing facts first,
 * then by name. Amounts of memory differ if they are more than 5 % apart. An environment that does
 * not report a fact is missing from its values; a fact that only one reports does not count as
 * different. A new reference. */
json_t *parity_table(const json_t *environments);
