/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The values of a workload's parameters, checked against its catalogue entry (docs/protocol.md).
 * The plan and the agent share this code, so both accept the same values. */
#pragma once

#include <jansson.h>

#include "base/error.h"

/* The value of every parameter of the catalogue entry: from `given` (name -> value, or NULL), or
 * else the default. A given value is a number or text: "8k", "1g" (powers of 1024) for a size, "3%"
 * for a real, a choice's name. The results are JSON integers for sizes and integers, reals for
 * reals, strings for choices. -EINVAL if a name is unknown or a value out of range, with the valid
 * ones. The caller owns *values. */
int parameters_resolve(const json_t *entry, const json_t *given, json_t **values,
		       struct error *err);

/* Likewise one value for the parameter `name`, for `--set`. */
int parameter_resolve(const json_t *entry, const char *name, const json_t *given, json_t **value,
		      struct error *err);

/* A value of the parameter `row` (of an entry) as people write it: 8k, 1g for a size. */
void parameter_print(char *text, size_t size, const json_t *row, double value);
