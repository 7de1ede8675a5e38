/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The requirements of the drivers with virtual machines, as checks for `tare doctor`. */
#pragma once

#include "base/check.h"

extern const struct check kvm_checks[]; /* /dev/kvm alone: of microvm */
extern const struct check vm_checks[];  /* /dev/kvm, QEMU, libvirt, a kernel for the guest */
