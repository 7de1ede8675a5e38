/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests whether a Linux guest runs under KVM: QEMU boots a kernel to its first line. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Boots the guest kernel, if there is one here, without disk or network, for at most 30 s. False:
 * `why` says what happened or what is missing. */
bool kvm_boots_linux(char *why, size_t size);
