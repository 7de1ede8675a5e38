/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the processor itself says of a hypervisor below it. */
#ifndef TARE_HYPERVISOR_H
#define TARE_HYPERVISOR_H

#include <stdbool.h>

enum host_cpu {
	HOST_CPU_REAL,
	HOST_CPU_VIRTUAL,  /* of a virtual machine, executed by hardware as far as can be told */
	HOST_CPU_EMULATED, /* of a virtual machine, executed by software: QEMU's TCG */
};

/* The signature of CPUID leaf 0x40000000, "KVMKVMKVM"; false: there is no hypervisor. */
bool hypervisor_signature(char signature[13]);

enum host_cpu host_cpu(void);

/* How long to wait here for what takes at most `ms` on a usual host: four times that where the
 * CPU is emulated in software. */
int host_limit_ms(int ms);

#endif
