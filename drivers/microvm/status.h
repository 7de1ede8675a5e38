/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the VMM (tare-microvm) shows to the driver that started it: one page-aligned block of
 * memory that both map. The VMM writes, the driver reads and trusts nothing of it: counts are
 * statistics, text is copied with a bound. The guest cannot reach it.
 */
#pragma once

#include <stdint.h>

#define STATUS_MAGIC 0x74617265766d6d31ULL
#define STATUS_CALLS 512 /* system call numbers that are counted one by one */
#define STATUS_VCPUS 64

/* One writer each, on a cache line of its own: counting costs no shared line. */
struct status_vcpu {
	uint64_t exits;                /* returns of KVM_RUN */
	uint64_t calls;                /* of these, system calls */
	uint64_t call_ns;              /* that carrying them out took, waiting included */
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
	uint32_t vcpus;      /* made so far */
	uint64_t low, high;  /* the guest's memory */
	char report[2048];   /* why it ended, if not by itself; "" */
	struct status_vcpu vcpu[STATUS_VCPUS];
};
