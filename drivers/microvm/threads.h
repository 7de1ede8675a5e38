/* SPDX-License-Identifier: GPL-3.0-or-later */
/* System calls about threads. All return what goes into rax. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct vcpu;
struct vmm;

long thread_clone(struct vcpu *parent, const uint64_t arguments[6]);
long thread_exit(struct vcpu *vcpu, const uint64_t arguments[6]);
long thread_exit_group(struct vcpu *vcpu, const uint64_t arguments[6]);
long thread_set_tid_address(struct vcpu *vcpu, const uint64_t arguments[6]);
long thread_kill(struct vcpu *vcpu, const uint64_t arguments[6]); /* tgkill */
long thread_futex(struct vcpu *vcpu, const uint64_t arguments[6]);
/* Is it 0, the caller's own id, or the process's where the caller is its first thread? */
bool thread_is_caller(const struct vcpu *vcpu, uint64_t tid);
