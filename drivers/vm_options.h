/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options of `vm`: their table, their presets, and what this host can give of them. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "drivers/driver.h"

extern const struct option_spec vm_options[];
extern const struct preset vm_presets[];

/* "auto" leaves *count or *bytes as it is. -EINVAL: no such number. */
int vm_option_count(const char *value, int *count);
int vm_option_size(const char *value, uint64_t *bytes);

/* `auto` decided by what the host has. */
bool vm_wants_hugepages(const struct environment *env, uint64_t bytes);
bool vm_wants_vhost(const struct environment *env);

/* Combinations that QEMU refuses and what this host lacks: -EINVAL or -ENOTSUP, with the value,
 * the consequence and the command that mends it. */
int vm_options_check(const struct environment *env, const struct site *site, struct error *err);
