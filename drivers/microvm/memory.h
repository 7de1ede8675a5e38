/* SPDX-License-Identifier: GPL-3.0-or-later */
/* System calls about the guest's memory. All return the value for rax. */
#pragma once

#include <stdint.h>

#include "base/error.h"

struct vcpu;
struct vmm;

/* Reserves the range [low, high) for a guest of `bytes`. */
int memory_reserve(struct vmm *vmm, uint64_t bytes, struct error *err);
/* Makes [start, start + length), page-aligned, usable by the guest, zeroed. */
int memory_map(struct vmm *vmm, uint64_t start, uint64_t length, struct error *err);
/* Likewise for the program, [start, end), and the heap after it, which brk moves. */
int memory_map_program(struct vmm *vmm, uint64_t start, uint64_t end, struct error *err);

long memory_brk(struct vcpu *vcpu, const uint64_t arguments[6]);
long memory_mmap(struct vcpu *vcpu, const uint64_t arguments[6]);
long memory_munmap(struct vcpu *vcpu, const uint64_t arguments[6]);
long memory_mremap(struct vcpu *vcpu, const uint64_t arguments[6]);
long memory_mprotect(struct vcpu *vcpu, const uint64_t arguments[6]);
long memory_madvise(struct vcpu *vcpu, const uint64_t arguments[6]);
