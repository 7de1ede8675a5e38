/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the processor reports about a hypervisor. */
#pragma once

#include <stdbool.h>

enum host_cpu {
	HOST_CPU_REAL,
	HOST_CPU_VIRTUAL,  /* of a virtual machine, as far as can be told executed by hardware */
	HOST_CPU_EMULATED, /* of a virtual machine, executed by software: QEMU's TCG */
};

/* The signature of CPUID leaf 0x40000000, "KVMKVMKVM"; false: there is no hypervisor. */
bool hypervisor_signature(char signature[13]);

enum host_cpu host_cpu(void);

/* The time limit here for what takes at most `ms` on an ordinary host: four times that if the CPU
 * is emulated in software. */
int host_limit_ms(int ms);
