/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A tiny KVM guest in user mode that measures the cost of one event: a loop that reads the time
 * stamp before and after an instruction, like kvm-unit-tests' vmexit, and stores the differences.
 * Its kernel is a single interrupt handler; anything else exits KVM_RUN. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define KVM_GUEST_PORT 0x10          /* for `out` */
#define KVM_GUEST_DEVICE 0x20000000u /* an address without memory */
#define KVM_GUEST_PAGES 0x10000000u  /* start of the pages that it accesses */
#define KVM_GUEST_BATCH 256          /* maximum number of differences per run */

struct kvm_guest {
	int kvm, vm, vcpu, event;
	struct kvm_run *run;
	size_t run_bytes;
	uint8_t *memory; /* code, tables, differences */
	uint8_t *pages;  /* what it accesses */
	size_t pages_bytes, page_bytes;
	bool logged;    /* the pages it writes are logged */
	uint64_t exits; /* seen by user space */
};

/* Creates a guest that times `code`, at most 24 bytes. It has `pages_bytes` (a multiple of 2 MiB,
 * or 0) of memory at KVM_GUEST_PAGES; r10 has the address of a page, each time of the next one.
 * kvm_guest_destroy frees everything, even after an error; NULL is legal. */
int kvm_guest_create(const uint8_t *code, size_t length, size_t pages_bytes, size_t page_bytes,
		     struct kvm_guest **guest, struct error *err);
void kvm_guest_destroy(struct kvm_guest *guest);

/* Makes `out` to the port, or 4-byte writes to the device, signal an eventfd inside KVM. */
int kvm_guest_bind_event(struct kvm_guest *guest, bool port, struct error *err);
/* The eventfd's count since the last call. */
uint64_t kvm_guest_events(struct kvm_guest *guest);
/* After kvm_guest_bind_event: makes the eventfd also an irqfd, which interrupts the guest. */
int kvm_guest_bind_interrupt(struct kvm_guest *guest, struct error *err);
/* The number of interrupts that the guest has handled. */
uint64_t kvm_guest_interrupts(const struct kvm_guest *guest);
/* Starts or stops logging which pages are written. */
int kvm_guest_log(struct kvm_guest *guest, bool on, struct error *err);
/* Reads the log, so that each page's next write is logged again; *dirty is the number of pages. */
int kvm_guest_read_log(struct kvm_guest *guest, int *dirty, struct error *err);
/* Discards the pages: the next access to each is its first. */
int kvm_guest_forget_pages(struct kvm_guest *guest, struct error *err);

/* Runs the loop `count` times. `ticks` gets the differences of the time stamp counter. -EIO with
 * the reason if the guest ends in another way. */
int kvm_guest_time(struct kvm_guest *guest, int count, uint64_t ticks[KVM_GUEST_BATCH],
		   struct error *err);
