/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the drivers with virtual machines need of a host, as lines of `tare doctor`. */
#pragma once

#include "base/check.h"

extern const struct check kvm_checks[]; /* /dev/kvm alone: of microvm */
extern const struct check vm_checks[];  /* that, QEMU, libvirt, a kernel for the guest */
