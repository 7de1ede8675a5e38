/* SPDX-License-Identifier: GPL-3.0-or-later */
/* System calls about the guest's memory. All return what goes into rax. */
#pragma once

#include <stdint.h>

#include "base/error.h"

struct vcpu;
struct vmm;

/* Reserves the range [low, high) for a guest of `bytes`. */
int memory_reserve(struct vmm *vmm, uint64_t bytes, struct error *err);
/* Makes [start, start + length) usable by the guest, zeroed. Page-aligned. */
int memory_map(struct vmm *vmm, uint64_t start, uint64_t length, struct error *err);
/* The same for the program, [start, end), and the heap behind it that brk moves. */
int memory_map_program(struct vmm *vmm, uint64_t start, uint64_t end, struct error *err);

long memory_brk(struct vcpu *vcpu, const uint64_t arguments[6]);
long memory_mmap(struct vcpu *vcpu, const uint64_t arguments[6]);
long memory_munmap(struct vcpu *vcpu, const uint64_t arguments[6]);
long memory_mremap(struct vcpu *vcpu, const uint64_t arguments[6]);
long memory_mprotect(struct vcpu *vcpu, const uint64_t arguments[6]);
long memory_madvise(struct vcpu *vcpu, const uint64_t arguments[6]);
