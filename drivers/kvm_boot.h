/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does a Linux guest run under KVM? The real thing: QEMU boots a kernel to its first line. */
#ifndef TARE_KVM_BOOT_H
#define TARE_KVM_BOOT_H

#include <stdbool.h>
#include <stddef.h>

/* Boots the guest kernel that is here (none is fetched) without a disk or a network, for at most
 * 30 s. False: `why` says what happened, or what is missing to try it. */
bool kvm_boots_linux(char *why, size_t size);

#endif
