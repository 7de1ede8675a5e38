/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options of `vm`: table, presets, and what this host supports. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "drivers/driver.h"

extern const struct option_spec vm_options[];
extern const struct preset vm_presets[];

/* "auto" leaves *count or *bytes unchanged. -EINVAL: invalid number. */
int vm_option_count(const char *value, int *count);
int vm_option_size(const char *value, uint64_t *bytes);

/* Resolves `auto` by what the host has. */
bool vm_wants_hugepages(const struct environment *env, uint64_t bytes);
bool vm_wants_vhost(const struct environment *env);

/* Checks for combinations that QEMU rejects and for what this host lacks: -EINVAL or -ENOTSUP, with
 * the value, the consequence and the command that fixes it. */
int vm_options_check(const struct environment *env, const struct site *site, struct error *err);
