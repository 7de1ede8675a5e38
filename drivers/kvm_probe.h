/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is /dev/kvm worth? Its existence proves nothing: KVM without hardware virtualization runs
 * guest user mode natively and emulates guest kernel mode, an instruction at a time, so that no
 * Linux boots in it. So a tiny guest of a counting loop is timed in ring 0 and in ring 3, and where
 * that does not decide, QEMU boots a kernel.
 */
#ifndef TARE_KVM_PROBE_H
#define TARE_KVM_PROBE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/hypervisor.h"

/* An instruction that takes longer than this was emulated: natively it takes under one. */
#define KVM_PROBE_EMULATED_NS 20.0

struct kvm_probe {
	bool linux_guest; /* ring 0 runs at the CPU's own speed: a Linux guest can run */
	bool ring3;       /* ring 3 does: a guest without a kernel (microvm) can run */
	bool booted;      /* that was decided by booting one */
	double ring0_ns;  /* time of one instruction; negative: could not be told */
	double ring3_ns;
	enum host_cpu host; /* what these guests run on */
	char module[32];    /* "kvm_intel", "kvm_amd", "kvm_pvm"; "": unknown */
	char paging[32];    /* "EPT", "NPT", "shadow paging"; "": unknown */
	char reason[512];   /* where linux_guest or ring3 is false: value, consequence, command */
};

/* The first call takes some 10 ms, at most a second
 * (ten where the host is emulated), and where it must boot a kernel some seconds
 * more; the guest runs in a child process that is killed in the end. Later calls repeat the answer.
 * Thread-safe. */
void kvm_probe(struct kvm_probe *probe);

/* For a label: "KVM: kvm_amd, NPT", and where the host is no real machine, what it is. */
void kvm_probe_name(const struct kvm_probe *probe, char *text, size_t size);

/* Why a KVM guest here stands beside no published figure; "": it may. */
const char *kvm_probe_caveat(const struct kvm_probe *probe);

#endif
