/* SPDX-License-Identifier: GPL-3.0-or-later */
/* System calls about sockets. All return the value for rax. */
#pragma once

#include <stdint.h>

struct vcpu;

long socket_socket(struct vcpu *vcpu, const uint64_t arguments[6]);
long socket_pair(struct vcpu *vcpu, const uint64_t arguments[6]);
long socket_bind(struct vcpu *vcpu, const uint64_t arguments[6]);
long socket_connect(struct vcpu *vcpu, const uint64_t arguments[6]);
long socket_setsockopt(struct vcpu *vcpu, const uint64_t arguments[6]);
long socket_getsockopt(struct vcpu *vcpu, const uint64_t arguments[6]);
long socket_sendmsg(struct vcpu *vcpu, const uint64_t arguments[6]);
long socket_recvmsg(struct vcpu *vcpu, const uint64_t arguments[6]);
