/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the drivers with virtual machines need of a host, as lines of `tare doctor`. */
#ifndef TARE_VM_CHECKS_H
#define TARE_VM_CHECKS_H

#include "base/check.h"

extern const struct check kvm_checks[]; /* /dev/kvm alone: of microvm */
extern const struct check vm_checks[];  /* that, QEMU, libvirt, a kernel for the guest */

#endif
