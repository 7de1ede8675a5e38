/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the VMM (tare-microvm) reports to the driver that started it, in a page-aligned block of
 * shared memory. The VMM writes it; the driver reads it without trusting it: counts are only
 * statistics, text is copied up to a limit. The guest cannot access it. */
#pragma once

#include <stdint.h>

#define STATUS_MAGIC 0x74617265766d6d31ULL
#define STATUS_CALLS 512 /* system call numbers that are counted separately */
#define STATUS_VCPUS 64

/* One writer each, on its own cache line, so that counting shares no line. */
struct status_vcpu {
	uint64_t exits;                /* returns of KVM_RUN */
	uint64_t calls;                /* of these, system calls */
	uint64_t call_ns;              /* spent carrying them out, including waiting */
	int32_t thread;                /* the host thread that runs it */
	uint32_t counts[STATUS_CALLS]; /* by system call number */
} __attribute__((aligned(64)));

struct status {
	uint64_t magic;
	uint64_t started;    /* CLOCK_MONOTONIC ns: main() of the VMM */
	uint64_t entered;    /* first KVM_RUN */
	uint64_t first_exit; /* first system call of the guest */
	uint64_t hello;      /* the guest's first write to its stream */
	uint32_t stub_ring;  /* ring of the system call stub: 0 on hardware, 3 under kvm_pvm */
	uint32_t vdso;       /* 1: the clock costs no exit */
	uint32_t page_bytes; /* of the guest's page tables */
	uint32_t vcpus;      /* created so far */
	uint64_t low, high;  /* the guest's memory */
	char report[2048];   /* why it ended, if not by itself; "" */
	struct status_vcpu vcpu[STATUS_VCPUS];
};
