/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The guest's system calls: exactly those that the agent and its C library use. A call without a
 * handler is carried out unchanged once its arguments are checked, so the kinds of check.h must be
 * able to describe them. */
#include "drivers/microvm/calls.h"

#include <asm/prctl.h>
#include <errno.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "drivers/microvm/files.h"
#include "drivers/microvm/memory.h"
#include "drivers/microvm/sockets.h"
#include "drivers/microvm/threads.h"
#include "drivers/microvm/vmm.h"
#include "base/clock.h"

#define SIGNAL_SET_BYTES 8
#define KERNEL_SIGACTION_BYTES 32

static long do_nothing(struct vcpu *vcpu, const uint64_t a[6])
{
	(void)vcpu, (void)a;
	return 0;
}

static long do_arch_prctl(struct vcpu *vcpu, const uint64_t a[6])
{
	if (a[0] != ARCH_SET_FS || a[1] >> 47)
		return -EINVAL;
	return vcpu_set_fs(vcpu, a[1]);
}

/* The guest never gets a signal, so handlers and masks need not be set: the old ones are empty. */
static long do_sigaction(struct vcpu *vcpu, const uint64_t a[6])
{
	static const char none[KERNEL_SIGACTION_BYTES];

	return a[2] ? guest_write(vcpu->vmm, a[2], none, sizeof(none)) : 0;
}

static long do_sigprocmask(struct vcpu *vcpu, const uint64_t a[6])
{
	static const char none[SIGNAL_SET_BYTES];

	return a[2] ? guest_write(vcpu->vmm, a[2], none, sizeof(none)) : 0;
}

static long do_prlimit(struct vcpu *vcpu, const uint64_t a[6])
{
	struct rlimit limit;

	if (a[2] || (a[0] && a[0] != (uint64_t)vcpu->vmm->pid))
		return -EPERM;
	if (getrlimit((__rlimit_resource_t)a[1], &limit))
		return -errno;
	return a[3] ? guest_write(vcpu->vmm, a[3], &limit, sizeof(limit)) : 0;
}

static long do_prctl(struct vcpu *vcpu, const uint64_t a[6])
{
	long rc;

	(void)vcpu;
	switch (a[0]) {
	case PR_SET_NAME: /* no effect outside */
		return 0;
	case PR_GET_TIMERSLACK:
	case PR_SET_TIMERSLACK:
		rc = prctl((int)a[0], a[1]);
		return rc < 0 ? -errno : rc;
	default:
		return -EINVAL;
	}
}

/* A thread may query and move itself, among the VMM's CPUs. */
static long do_affinity(struct vcpu *vcpu, const uint64_t a[6])
{
	const struct vmm *vmm = vcpu->vmm;
	size_t bytes = a[1] > sizeof(cpu_set_t) ? sizeof(cpu_set_t) : a[1];
	bool set = vcpu->regs->rax == SYS_sched_setaffinity;
	cpu_set_t cpus = {0};
	long rc;

	if (!thread_is_caller(vcpu, a[0]))
		return -ESRCH;
	if (set) {
		rc = guest_read(vmm, a[2], &cpus, bytes);
		if (rc)
			return rc;
		CPU_AND(&cpus, &cpus, &vmm->cpus);
		return sched_setaffinity(0, sizeof(cpus), &cpus) ? -errno : 0;
	}
	rc = syscall(SYS_sched_getaffinity, 0, bytes, &cpus);
	if (rc < 0)
		return -errno;
	return guest_write(vmm, a[2], &cpus, (size_t)rc) ?: rc;
}

#define VALUE                                                                                      \
	{                                                                                          \
		ARGUMENT_VALUE, 0                                                                  \
	}
#define CLOCK                                                                                      \
	{                                                                                          \
		ARGUMENT_CLOCK, 0                                                                  \
	}
#define DESCRIPTOR                                                                                 \
	{                                                                                          \
		ARGUMENT_DESCRIPTOR, 0                                                             \
	}
#define BUFFER(length)                                                                             \
	{                                                                                          \
		ARGUMENT_BUFFER, length                                                            \
	}
#define STRUCT(bytes)                                                                              \
	{                                                                                          \
		ARGUMENT_STRUCT, bytes                                                             \
	}
#define OPTIONAL(bytes)                                                                            \
	{                                                                                          \
		ARGUMENT_OPTIONAL, bytes                                                           \
	}
#define ADDRESS_BYTES sizeof(struct sockaddr_storage)
#define TIME_BYTES sizeof(struct timespec)

#define CALL(call, ...) [SYS_##call] = {.name = #call, .arguments = {__VA_ARGS__}}
#define MAKES(call, ...)                                                                           \
	[SYS_##call] = {.name = #call, .arguments = {__VA_ARGS__}, .makes_descriptor = true}
#define HANDLED(call, function) [SYS_##call] = {.name = #call, .handler = (function)}
#define REFUSED(call) [SYS_##call] = {.name = #call, .refused = true}

static const struct call calls[STATUS_CALLS] = {
	/* data */
	CALL(read, DESCRIPTOR, BUFFER(2)),
	CALL(write, DESCRIPTOR, BUFFER(2)),
	CALL(pread64, DESCRIPTOR, BUFFER(2)),
	CALL(pwrite64, DESCRIPTOR, BUFFER(2)),
	HANDLED(readv, file_vector),
	HANDLED(writev, file_vector),
	HANDLED(preadv, file_vector),
	HANDLED(pwritev, file_vector),
	CALL(lseek, DESCRIPTOR),
	CALL(fsync, DESCRIPTOR),
	CALL(fdatasync, DESCRIPTOR),
	CALL(sync_file_range, DESCRIPTOR),
	CALL(ftruncate, DESCRIPTOR),
	HANDLED(fallocate, file_fallocate),
	CALL(fadvise64, DESCRIPTOR),
	CALL(getdents64, DESCRIPTOR, BUFFER(2)),
	CALL(fstat, DESCRIPTOR, STRUCT(144)),
	CALL(fstatfs, DESCRIPTOR, STRUCT(120)),

	/* names */
	HANDLED(open, file_open),
	HANDLED(openat, file_openat),
	HANDLED(stat, file_stat),
	HANDLED(lstat, file_stat),
	HANDLED(newfstatat, file_newfstatat),
	HANDLED(statx, file_statx),
	HANDLED(statfs, file_statfs),
	HANDLED(access, file_access),
	HANDLED(faccessat, file_faccessat),
	HANDLED(faccessat2, file_faccessat),
	HANDLED(unlink, file_unlink),
	HANDLED(unlinkat, file_unlinkat),
	HANDLED(mkdir, file_mkdir),
	HANDLED(mkdirat, file_mkdirat),
	HANDLED(rmdir, file_rmdir),
	HANDLED(rename, file_rename),
	HANDLED(readlink, file_readlink),
	HANDLED(readlinkat, file_readlinkat),
	HANDLED(getcwd, file_getcwd),

	/* descriptors */
	HANDLED(close, file_close),
	HANDLED(dup, file_dup),
	HANDLED(dup2, file_dup3),
	HANDLED(dup3, file_dup3),
	HANDLED(fcntl, file_fcntl),
	HANDLED(ioctl, file_ioctl),
	HANDLED(pipe, file_pipe2),
	HANDLED(pipe2, file_pipe2),
	HANDLED(poll, file_poll),
	HANDLED(ppoll, file_poll),
	HANDLED(epoll_ctl, file_epoll_ctl),
	HANDLED(epoll_wait, file_epoll_wait),
	HANDLED(epoll_pwait, file_epoll_wait),
	MAKES(epoll_create1, VALUE),
	MAKES(eventfd2, VALUE),
	MAKES(timerfd_create, CLOCK),
	CALL(timerfd_settime, DESCRIPTOR, VALUE, STRUCT(2 * TIME_BYTES), OPTIONAL(2 * TIME_BYTES)),

	/* sockets */
	HANDLED(socket, socket_socket),
	HANDLED(socketpair, socket_pair),
	HANDLED(setsockopt, socket_setsockopt),
	HANDLED(getsockopt, socket_getsockopt),
	HANDLED(sendmsg, socket_sendmsg),
	HANDLED(recvmsg, socket_recvmsg),
	HANDLED(bind, socket_bind),
	HANDLED(connect, socket_connect),
	CALL(listen, DESCRIPTOR),
	CALL(shutdown, DESCRIPTOR),
	MAKES(accept, DESCRIPTOR, OPTIONAL(ADDRESS_BYTES), OPTIONAL(4)),
	MAKES(accept4, DESCRIPTOR, OPTIONAL(ADDRESS_BYTES), OPTIONAL(4)),
	CALL(getsockname, DESCRIPTOR, STRUCT(ADDRESS_BYTES), STRUCT(4)),
	CALL(getpeername, DESCRIPTOR, STRUCT(ADDRESS_BYTES), STRUCT(4)),
	CALL(sendto, DESCRIPTOR, BUFFER(2), VALUE, VALUE, BUFFER(5)),
	CALL(recvfrom, DESCRIPTOR, BUFFER(2), VALUE, VALUE, OPTIONAL(ADDRESS_BYTES), OPTIONAL(4)),

	/* memory */
	HANDLED(brk, memory_brk),
	HANDLED(mmap, memory_mmap),
	HANDLED(munmap, memory_munmap),
	HANDLED(mremap, memory_mremap),
	HANDLED(mprotect, memory_mprotect),
	HANDLED(madvise, memory_madvise),

	/* threads */
	HANDLED(clone, thread_clone),
	HANDLED(exit, thread_exit),
	HANDLED(exit_group, thread_exit_group),
	HANDLED(set_tid_address, thread_set_tid_address),
	HANDLED(futex, thread_futex),
	HANDLED(tgkill, thread_kill),
	HANDLED(arch_prctl, do_arch_prctl),
	HANDLED(prctl, do_prctl),
	HANDLED(sched_setaffinity, do_affinity),
	HANDLED(sched_getaffinity, do_affinity),
	/* when a host thread exits, the kernel must not walk a list in guest memory */
	HANDLED(set_robust_list, do_nothing),
	CALL(sched_yield, VALUE),
	CALL(getcpu, OPTIONAL(4), OPTIONAL(4), OPTIONAL(0)),
	CALL(gettid, VALUE),

	/* signals: there are none */
	HANDLED(rt_sigaction, do_sigaction),
	HANDLED(rt_sigprocmask, do_sigprocmask),
	HANDLED(sigaltstack, do_nothing),

	/* time */
	CALL(clock_gettime, CLOCK, STRUCT(TIME_BYTES)),
	CALL(clock_getres, CLOCK, OPTIONAL(TIME_BYTES)),
	CALL(nanosleep, STRUCT(TIME_BYTES), OPTIONAL(TIME_BYTES)),
	CALL(clock_nanosleep, CLOCK, VALUE, STRUCT(TIME_BYTES), OPTIONAL(TIME_BYTES)),
	CALL(gettimeofday, OPTIONAL(16), OPTIONAL(8)),

	/* information about itself and the host */
	CALL(getpid, VALUE),
	CALL(getppid, VALUE),
	CALL(getuid, VALUE),
	CALL(geteuid, VALUE),
	CALL(getgid, VALUE),
	CALL(getegid, VALUE),
	CALL(uname, STRUCT(sizeof(struct utsname))),
	CALL(sysinfo, STRUCT(sizeof(struct sysinfo))),
	CALL(getrusage, VALUE, STRUCT(sizeof(struct rusage))),
	CALL(times, OPTIONAL(32)),
	CALL(getrandom, BUFFER(1)),
	HANDLED(prlimit64, do_prlimit),

	/* deliberately not supported: callers work without */
	REFUSED(clone3),
	REFUSED(rseq),
	REFUSED(io_uring_setup),
	REFUSED(io_setup),
	REFUSED(sched_setscheduler),
	REFUSED(fork),
	REFUSED(vfork),
	REFUSED(execve),
};

const struct call *call_find(uint64_t number)
{
	return number < STATUS_CALLS && calls[number].name ? calls + number : NULL;
}

/* Each missing call is logged once; all numbers out of range share the last bit. */
static long missing(struct vmm *vmm, uint64_t number)
{
	uint64_t index = number < STATUS_CALLS ? number : STATUS_CALLS - 1;
	uint32_t bit = 1u << index % 32;

	if (!(atomic_fetch_or(&vmm->call_log[index / 32], bit) & bit))
		fprintf(stderr, "system call %lu is not supported: ENOSYS\n",
			(unsigned long)number);
	return -ENOSYS;
}

/* A call without a handler has at most one descriptor, its first argument. */
static long forward(struct vcpu *vcpu, const struct call *call, uint64_t number,
		    const uint64_t a[6])
{
	struct descriptors *table = &vcpu->vmm->descriptors;
	struct descriptor *descriptor = NULL;
	uint64_t first = a[0];
	long rc = check_arguments(call, vcpu->vmm->low, vcpu->vmm->high, a);

	if (rc)
		return rc;
	if (call->arguments[0].kind == ARGUMENT_DESCRIPTOR) {
		descriptor = descriptors_get(table, first);
		if (!descriptor)
			return -EBADF;
		first = (uint64_t)descriptor->host;
	}
	rc = syscall((long)number, first, a[1], a[2], a[3], a[4], a[5]);
	rc = rc < 0 ? -errno : rc;
	if (descriptor)
		descriptors_put(table, descriptor);
	return call->makes_descriptor && rc >= 0 ? descriptors_add(table, (int)rc, 0) : rc;
}

long call_run(struct vcpu *vcpu, uint64_t number, const uint64_t a[6])
{
	struct vmm *vmm = vcpu->vmm;
	const struct call *call = call_find(number);
	long result;

	if (!call)
		return missing(vmm, number);
	vcpu->status->counts[number]++;
	if (number == SYS_write && !vmm->status->hello)
		vmm->status->hello = clock_now();
	if (call->refused)
		return -ENOSYS;
	result = call->handler ? call->handler(vcpu, a) : forward(vcpu, call, number, a);
	if (vmm->trace)
		fprintf(stderr, "[%d] %s(%#lx, %#lx, %#lx, %#lx) = %ld\n", vcpu->tid, call->name,
			(unsigned long)a[0], (unsigned long)a[1], (unsigned long)a[2],
			(unsigned long)a[3], result);
	return result;
}
