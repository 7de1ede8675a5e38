/* SPDX-License-Identifier: GPL-3.0-or-later */
/* System calls about files. The guest sees its scratch directory, as GUEST_SCRATCH and as its
 * working directory, and a few read-only files of /proc, /sys and /dev that describe the machine.
 * No path leads out of the scratch directory: the kernel resolves each beneath it (openat2),
 * without following symbolic links. */
#pragma once

#include <stdint.h>

struct vcpu;
struct vmm;

#define GUEST_SCRATCH "/scratch"

/* Opens what the guest may see outside its scratch directory; call it before entering the sandbox.
 * `program` is the descriptor of /proc/self/exe, which is kept. */
void files_open_specials(struct vmm *vmm, int program);

long file_open(struct vcpu *vcpu, const uint64_t arguments[6]);
long file_openat(struct vcpu *vcpu, const uint64_t arguments[6]);
long file_stat(struct vcpu *vcpu, const uint64_t arguments[6]);
long file_newfstatat(struct vcpu *vcpu, const uint64_t arguments[6]);
long file_statx(struct vcpu *vcpu, const uint64_t arguments[6]);
long file_statfs(struct vcpu *vcpu, const uint64_t arguments[6]);
long file_access(struct vcpu *vcpu, const uint64_t arguments[6]);
long file_faccessat(struct vcpu *vcpu, const uint64_t arguments[6]);
long file_unlink(struct vcpu *vcpu, const uint64_t arguments[6]);
long file_unlinkat(struct vcpu *vcpu, const uint64_t arguments[6]);
long file_mkdir(struct vcpu *vcpu, const uint64_t arguments[6]);
long file_mkdirat(struct vcpu *vcpu, const uint64_t arguments[6]);
long file_rmdir(struct vcpu *vcpu, const uint64_t arguments[6]);
long file_rename(struct vcpu *vcpu, const uint64_t arguments[6]);
long file_readlink(struct vcpu *vcpu, const uint64_t arguments[6]);
long file_readlinkat(struct vcpu *vcpu, const uint64_t arguments[6]);
long file_getcwd(struct vcpu *vcpu, const uint64_t arguments[6]);

/* Descriptors. */
long file_close(struct vcpu *vcpu, const uint64_t arguments[6]);
long file_dup(struct vcpu *vcpu, const uint64_t arguments[6]);
long file_dup3(struct vcpu *vcpu, const uint64_t arguments[6]); /* dup2, too */
long file_fcntl(struct vcpu *vcpu, const uint64_t arguments[6]);
long file_ioctl(struct vcpu *vcpu, const uint64_t arguments[6]);
long file_fallocate(struct vcpu *vcpu, const uint64_t arguments[6]);
long file_vector(struct vcpu *vcpu, const uint64_t arguments[6]); /* readv, writev, p*v */
long file_pipe2(struct vcpu *vcpu, const uint64_t arguments[6]);  /* pipe, too */
long file_poll(struct vcpu *vcpu, const uint64_t arguments[6]);   /* ppoll, too */
long file_epoll_ctl(struct vcpu *vcpu, const uint64_t arguments[6]);
long file_epoll_wait(struct vcpu *vcpu, const uint64_t arguments[6]);
