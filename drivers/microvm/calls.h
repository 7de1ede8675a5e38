/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of system calls, and what its handlers share. */
#pragma once

#include <stdint.h>

#include "drivers/microvm/check.h"

/* NULL: the guest has no such call. */
const struct call *call_find(uint64_t number);

/* Gives the guest two descriptors and writes their numbers to `address`; takes ownership of the
 * host's. */
long file_add_pair(struct vcpu *vcpu, const int host[2], uint64_t address);
