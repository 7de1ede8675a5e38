/* SPDX-License-Identifier: GPL-3.0-or-later */
/* System calls about threads. All return the value for rax. */
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
/* Whether it is 0, the caller's id, or the process's id if the caller is the first thread. */
bool thread_is_caller(const struct vcpu *vcpu, uint64_t tid);
