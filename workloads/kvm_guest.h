/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A tiny KVM guest in user mode, for measuring what one event costs: a loop that takes the time
 * stamp before and after an instruction, as kvm-unit-tests' vmexit does, and keeps the differences.
 * Its kernel is one interrupt handler; whatever else it meets comes out of KVM_RUN.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define KVM_GUEST_PORT 0x10          /* for `out` */
#define KVM_GUEST_DEVICE 0x20000000u /* an address that is no memory */
#define KVM_GUEST_PAGES 0x10000000u  /* where the pages that it touches begin */
#define KVM_GUEST_BATCH 256          /* differences at once, at most */

struct kvm_guest {
	int kvm, vm, vcpu, event;
	struct kvm_run *run;
	size_t run_bytes;
	uint8_t *memory; /* code, tables, differences */
	uint8_t *pages;  /* what it touches */
	size_t pages_bytes, page_bytes;
	bool logged;    /* the pages it writes are logged */
	uint64_t exits; /* that user space has seen */
};

/* A guest that times `code`, at most 24 bytes. `pages_bytes` (a multiple of 2 MiB, or 0) of memory
 * lie at KVM_GUEST_PAGES; the address of one is in r10, and of the next one each time.
 * All that it made is freed by kvm_guest_destroy, also after an error; NULL is legal. */
int kvm_guest_create(const uint8_t *code, size_t length, size_t pages_bytes, size_t page_bytes,
		     struct kvm_guest **guest, struct error *err);
void kvm_guest_destroy(struct kvm_guest *guest);

/* Has `out` to the port, or writes of 4 bytes to the device, end in an eventfd inside KVM. */
int kvm_guest_bind_event(struct kvm_guest *guest, bool port, struct error *err);
/* The eventfd's count since the last call. */
uint64_t kvm_guest_events(struct kvm_guest *guest);
/* After kvm_guest_bind_event: the eventfd is an irqfd, too, and interrupts the guest. */
int kvm_guest_bind_interrupt(struct kvm_guest *guest, struct error *err);
/* The interrupts that the guest has handled. */
uint64_t kvm_guest_interrupts(const struct kvm_guest *guest);
/* Logs (or no more) which pages are written. */
int kvm_guest_log(struct kvm_guest *guest, bool on, struct error *err);
/* Reads the log, so that each page's next write is noticed anew; *dirty counts pages. */
int kvm_guest_read_log(struct kvm_guest *guest, int *dirty, struct error *err);
/* Takes the pages away: each one's next use is its first. */
int kvm_guest_forget_pages(struct kvm_guest *guest, struct error *err);

/* Runs the loop `count` times. `ticks` (of the time stamp counter) gets the differences. -EIO with
 * what happened where the guest ends otherwise. */
int kvm_guest_time(struct kvm_guest *guest, int count, uint64_t ticks[KVM_GUEST_BATCH],
		   struct error *err);
