/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests what /dev/kvm can do. Its existence proves nothing: KVM without hardware virtualization
 * runs guest user mode natively but emulates guest kernel mode instruction by instruction, so that
 * Linux cannot boot. A tiny guest with a counting loop is timed in ring 0 and in ring 3, and if
 * that does not decide, QEMU boots a kernel. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/hypervisor.h"

/* An instruction that takes longer than this was emulated: natively it takes less than 1 ns. */
#define KVM_PROBE_EMULATED_NS 20.0

struct kvm_probe {
	bool linux_guest; /* ring 0 runs at the CPU's own speed: a Linux guest can run */
	bool ring3;       /* ring 3 does: a guest without a kernel (microvm) can run */
	bool booted;      /* decided by booting one */
	double ring0_ns;  /* time of one instruction; negative: unknown */
	double ring3_ns;
	enum host_cpu host; /* what these guests run on */
	char module[32];    /* "kvm_intel", "kvm_amd", "kvm_pvm"; "": unknown */
	char paging[32];    /* "EPT", "NPT", "shadow paging"; "": unknown */
	char reason[512];   /* if linux_guest or ring3 is false: value, consequence, command */
};

/* The first call takes about 10 ms, at most a second (ten on an emulated host), and some seconds
 * more if it must boot a kernel; the guest runs in a child process, which is killed at the end.
 * Later calls repeat the answer. Thread-safe. */
void kvm_probe(struct kvm_probe *probe);

/* For a label: "KVM: kvm_amd, NPT", and what the host is if it is not a physical machine. */
void kvm_probe_name(const struct kvm_probe *probe, char *text, size_t size);

/* Why a KVM guest here is not comparable with published figures; "": it is. */
const char *kvm_probe_caveat(const struct kvm_probe *probe);
