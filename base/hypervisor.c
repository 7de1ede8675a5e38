/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/hypervisor.h"

#include <limits.h>
#include <string.h>
#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

#define EMULATED_PATIENCE 4
#define HYPERVISOR_LEAF 0x40000000u
#define HYPERVISOR_BIT (1u << 31) /* of leaf 1, ecx */

bool hypervisor_signature(char signature[13])
{
#if defined(__x86_64__) || defined(__i386__)
	unsigned a, b, c, d;

	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & HYPERVISOR_BIT))
		return false;
	__cpuid(HYPERVISOR_LEAF, a, b, c, d);
	memcpy(signature, &b, 4);
	memcpy(signature + 4, &c, 4);
	memcpy(signature + 8, &d, 4);
	signature[12] = 0;
	return true;
#else
	(void)signature;
	return false;
#endif
}

enum host_cpu host_cpu(void)
{
	char signature[13];

	if (!hypervisor_signature(signature))
		return HOST_CPU_REAL;
	return strcmp(signature, "TCGTCGTCGTCG") ? HOST_CPU_VIRTUAL : HOST_CPU_EMULATED;
}

int host_limit_ms(int ms)
{
	return host_cpu() == HOST_CPU_EMULATED && ms <= INT_MAX / EMULATED_PATIENCE
		       ? ms * EMULATED_PATIENCE
		       : ms;
}
