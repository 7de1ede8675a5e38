/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The VMM's own cage, closed before the first guest instruction: an unprivileged user without
 * capabilities, the scratch directory as root directory, and a filter of system calls. A guest
 * that broke into the VMM would find no more than what the guest may ask for anyway.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/kvm.h>
#include <seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "drivers/microvm/calls.h"
#include "drivers/microvm/vmm.h"

static int drop_user(int uid, struct error *err)
{
	gid_t gid = (gid_t)uid;

	if (uid < 0)
		return 0;
	if (setgroups(0, NULL) || setresgid(gid, gid, gid) ||
	    setresuid((uid_t)uid, (uid_t)uid, (uid_t)uid))
		return error_errno(err, -errno, "becoming user %d", uid);
	/* that has taken the capabilities, too; make sure */
	if (!setresuid(0, 0, 0))
		return error_set(err, -EPERM, "the VMM could not give up root");
	return 0;
}

int sandbox_enter(struct vmm *vmm, const struct sandbox *sandbox, struct error *err)
{
	struct rlimit limit = {sandbox->file_bytes, sandbox->file_bytes};

	if (sandbox->file_bytes && setrlimit(RLIMIT_FSIZE, &limit))
		return error_errno(err, -errno, "limiting the size of files");
	signal(SIGXFSZ, SIG_IGN); /* the guest gets EFBIG */
	signal(SIGPIPE, SIG_IGN); /* and EPIPE */
	limit = (struct rlimit){0, 0};
	if (setrlimit(RLIMIT_CORE, &limit))
		return error_errno(err, -errno, "forbidding core files");
	if (geteuid() == 0 && sandbox->scratch) {
		if (chroot(sandbox->scratch) || chdir("/"))
			return error_errno(err, -errno, "making %s the root directory",
					   sandbox->scratch);
		vmm->rooted = true;
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return error_errno(err, -errno, "forbidding new privileges");
	return drop_user(geteuid() == 0 ? sandbox->uid : -1, err);
}

/* What the VMM itself needs beyond what it carries out for the guest. */
static const int own_calls[] = {
	SYS_openat2,
	SYS_process_vm_readv,
	SYS_process_vm_writev,
	SYS_faccessat2,
	SYS_exit,
	SYS_exit_group,
	SYS_rt_sigreturn,
	SYS_rt_sigprocmask,
	SYS_clone3,
	SYS_set_robust_list,
	SYS_rseq,
	SYS_restart_syscall,
	SYS_mmap,
	SYS_munmap,
	SYS_mremap,
	SYS_mprotect,
	SYS_madvise,
	SYS_brk,
	SYS_futex,
	SYS_close,
	SYS_dup,
	SYS_pipe2,
	SYS_ppoll,
	SYS_epoll_ctl,
	SYS_epoll_pwait,
	SYS_newfstatat,
	SYS_statx,
	SYS_fstatfs,
	SYS_unlinkat,
	SYS_mkdirat,
	SYS_renameat,
	SYS_socketpair,
	SYS_bind,
	SYS_connect,
	SYS_setsockopt,
	SYS_getsockopt,
	SYS_sendmsg,
	SYS_recvmsg,
	SYS_readv,
	SYS_writev,
	SYS_preadv,
	SYS_pwritev,
	SYS_poll,
	SYS_prlimit64,
	SYS_sched_setaffinity,
	SYS_sched_getaffinity,
	SYS_rt_sigaction,
	SYS_sched_getscheduler,
	SYS_sched_getparam,
};

static const uint32_t kvm_requests[] = {
	KVM_RUN,
	KVM_CREATE_VCPU,
	KVM_SET_CPUID2,
	KVM_GET_SREGS,
	KVM_SET_SREGS,
	KVM_GET_REGS,
	KVM_SET_REGS,
	KVM_SET_XCRS,
	KVM_SET_MSRS,
	KVM_GET_FPU,
	KVM_SET_FPU,
	KVM_SET_DEVICE_ATTR,
	KVM_SET_USER_MEMORY_REGION,
};

/* Those that the host carries out as they are: the table has them already. */
static int allow_forwarded(scmp_filter_ctx filter)
{
	int rc = 0;

	for (int i = 0; i < STATUS_CALLS && !rc; i++) {
		const struct call *call = call_find((uint64_t)i);

		if (call && !call->handler && !call->refused)
			rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, i, 0);
	}
	return rc;
}

static int allow_with(scmp_filter_ctx filter, int number, unsigned argument, uint64_t value)
{
	/* the upper half is the caller's rubbish where the kernel takes 32 bits */
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 1,
				SCMP_CMP(argument, SCMP_CMP_MASKED_EQ, 0xffffffff, value));
}

static int allow_own(scmp_filter_ctx filter, const struct vmm *vmm)
{
	int rc = 0;

	for (size_t i = 0; i < sizeof(own_calls) / sizeof(*own_calls) && !rc; i++)
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, own_calls[i], 0);
	for (size_t i = 0; i < sizeof(kvm_requests) / sizeof(*kvm_requests) && !rc; i++)
		rc = allow_with(filter, SYS_ioctl, 1, kvm_requests[i]);
	rc = rc ?: allow_with(filter, SYS_ioctl, 1, FIONREAD);
	rc = rc ?: allow_with(filter, SYS_ioctl, 1, FIONBIO);
	rc = rc ?: allow_with(filter, SYS_fcntl, 1, F_DUPFD_CLOEXEC);
	rc = rc ?: allow_with(filter, SYS_fcntl, 1, F_GETFL);
	rc = rc ?: allow_with(filter, SYS_fcntl, 1, F_SETFL);
	rc = rc ?: allow_with(filter, SYS_tgkill, 0, (uint32_t)vmm->pid);
	rc = rc ?: allow_with(filter, SYS_prctl, 0, PR_GET_TIMERSLACK);
	rc = rc ?: allow_with(filter, SYS_prctl, 0, PR_SET_TIMERSLACK);
	if (vmm->rooted)
		rc = rc ?: allow_with(filter, SYS_socket, 0, AF_UNIX);
	if (vmm->sockets) {
		rc = rc ?: allow_with(filter, SYS_socket, 0, AF_INET);
		rc = rc ?: allow_with(filter, SYS_socket, 0, AF_INET6);
	}
	return rc;
}

int sandbox_filter(struct vmm *vmm, struct error *err)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int rc;

	if (!filter)
		return error_set(err, -ENOMEM, "no memory for the filter of system calls");
	/* a binary tree: KVM_RUN's ioctl must not wait behind a hundred comparisons */
	seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	/* all threads: the one that watches the driver runs already */
	seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
	rc = allow_forwarded(filter);
	if (!rc)
		rc = allow_own(filter, vmm);
	if (!rc)
		rc = seccomp_load(filter);
	seccomp_release(filter);
	return rc ? error_errno(err, rc, "loading the filter of system calls") : 0;
}
