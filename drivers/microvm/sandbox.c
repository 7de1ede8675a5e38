/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The VMM's sandbox, entered before the first guest instruction: an unprivileged user without
 * capabilities, the scratch directory as root directory (if started by root; otherwise Landlock,
 * from Linux 5.13), and a system call filter. A guest that takes over the VMM gains hardly more
 * than it may request anyway. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/futex.h>
#include <linux/kvm.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "drivers/microvm/calls.h"
#include "drivers/microvm/vmm.h"
#include "base/cleanup.h"

static int drop_user(int uid, struct error *err)
{
	gid_t gid = (gid_t)uid;

	if (uid < 0)
		return 0;
	if (setgroups(0, NULL) || setresgid(gid, gid, gid) ||
	    setresuid((uid_t)uid, (uid_t)uid, (uid_t)uid))
		return error_errno(err, -errno, "becoming user %d", uid);
	/* this has also dropped the capabilities; make sure */
	if (!setresuid(0, 0, 0))
		return error_set(err, -EPERM, "the VMM could not give up root");
	return 0;
}

#define LANDLOCK_ALL ((LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1)
#define LANDLOCK_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)

static int allow_beneath(int ruleset, int directory, uint64_t access)
{
	struct landlock_path_beneath_attr rule = {.allowed_access = access, .parent_fd = directory};

	return (int)syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
}

/* Only root can change the root directory. Landlock allows only paths in the scratch directory and,
 * for reading, in the open directories of /sys. Without it the user's files stay accessible, which
 * the driver reports. */
static int restrict_paths(const struct vmm *vmm, struct error *err)
{
	struct landlock_ruleset_attr all = {.handled_access_fs = LANDLOCK_ALL};
	long version =
		syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	cleanup_close int ruleset = -1;
	struct stat stat;
	int rc;

	if (version < 1)
		return 0;
	if (version > 1) /* otherwise nothing could be renamed between directories */
		all.handled_access_fs |= LANDLOCK_ACCESS_FS_REFER;
	ruleset = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof(all), 0);
	rc = ruleset < 0;
	if (!rc && vmm->scratch >= 0)
		rc = allow_beneath(ruleset, vmm->scratch, all.handled_access_fs);
	for (const struct special *special = vmm->specials; special->path && !rc; special++)
		if (special->fd >= 0 && !fstat(special->fd, &stat) && S_ISDIR(stat.st_mode))
			rc = allow_beneath(ruleset, special->fd, LANDLOCK_READ);
	if (rc || syscall(SYS_landlock_restrict_self, ruleset, 0))
		return error_errno(err, -errno, "restricting the VMM's paths (Landlock)");
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
		/* what was opened, wherever its path leads now */
		if (fchdir(vmm->scratch) || chroot(".") || chdir("/"))
			return error_errno(err, -errno, "making %s the root directory",
					   sandbox->scratch);
		vmm->rooted = true;
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return error_errno(err, -errno, "forbidding new privileges");
	if (!vmm->rooted && restrict_paths(vmm, err))
		return err->code;
	return drop_user(geteuid() == 0 ? sandbox->uid : -1, err);
}

/* What the VMM itself needs besides the guest's calls. */
static const int own_calls[] = {
	SYS_openat2,
	SYS_faccessat2,
	SYS_exit,
	SYS_exit_group,
	SYS_rt_sigreturn,
	SYS_rt_sigprocmask,
	SYS_set_robust_list,
	SYS_rseq,
	SYS_restart_syscall,
	SYS_munmap,
	SYS_mremap,
	SYS_madvise,
	SYS_brk,
	SYS_close,
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
};

static const uint32_t futex_commands[] = {
	FUTEX_WAIT,    FUTEX_WAKE,        FUTEX_REQUEUE,     FUTEX_CMP_REQUEUE,
	FUTEX_WAKE_OP, FUTEX_WAIT_BITSET, FUTEX_WAKE_BITSET,
};

/* For the C library's threads; it works without clone3, whose flags a filter cannot check. */
#define THREAD_FLAGS (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD)
#define THREAD_EXTRAS (CLONE_SYSVSEM | CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID)

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

/* Calls that are carried out unchanged: from the table. */
static int allow_forwarded(scmp_filter_ctx filter)
{
	int rc = 0;

	for (int i = 0; i < STATUS_CALLS && !rc; i++) {
		const struct call *call = call_find((uint64_t)i);

		if (call && !call->handler && !call->refused &&
		    call->arguments[0].kind == ARGUMENT_CLOCK)
			rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, i, 1,
					      SCMP_CMP(0, SCMP_CMP_LT, CLOCKS));
		else if (call && !call->handler && !call->refused)
			rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, i, 0);
	}
	return rc;
}

static int allow_masked(scmp_filter_ctx filter, int number, unsigned argument, uint64_t mask,
			uint64_t value)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 1,
				SCMP_CMP(argument, SCMP_CMP_MASKED_EQ, mask, value));
}

static int allow_with(scmp_filter_ctx filter, int number, unsigned argument, uint64_t value)
{
	/* the upper half is undefined if the kernel takes 32 bits */
	return allow_masked(filter, number, argument, 0xffffffff, value);
}

/* Only this process's memory, and not executable: all code is loaded by now. */
static int allow_memory(scmp_filter_ctx filter, const struct vmm *vmm)
{
	int rc = allow_masked(filter, SYS_mmap, 2, PROT_EXEC, 0);

	rc = rc ?: allow_masked(filter, SYS_mprotect, 2, PROT_EXEC, 0);
	rc = rc ?: allow_with(filter, SYS_process_vm_readv, 0, (uint32_t)vmm->pid);
	return rc ?: allow_with(filter, SYS_process_vm_writev, 0, (uint32_t)vmm->pid);
}

/* Only this process's threads, with its CPUs and limits. */
static int allow_threads(scmp_filter_ctx filter, const struct vmm *vmm)
{
	const uint32_t command = (uint32_t)FUTEX_CMD_MASK;
	int rc = allow_masked(filter, SYS_clone, 0, ~(uint64_t)THREAD_EXTRAS, THREAD_FLAGS);

	rc = rc ?: seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SYS_clone3, 0);
	for (size_t i = 0; i < sizeof(futex_commands) / sizeof(*futex_commands) && !rc; i++)
		rc = allow_masked(filter, SYS_futex, 1, command, futex_commands[i]);
	rc = rc ?: allow_with(filter, SYS_tgkill, 0, (uint32_t)vmm->pid);
	rc = rc ?: allow_with(filter, SYS_sched_setaffinity, 0, 0);
	rc = rc ?: allow_with(filter, SYS_sched_getaffinity, 0, 0);
	if (!rc)
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SYS_prlimit64, 2,
				      SCMP_CMP(0, SCMP_CMP_EQ, 0), SCMP_CMP(2, SCMP_CMP_EQ, 0));
	return rc;
}

/* No file exceeds the limit, even with blocks beyond its end. */
static int allow_fallocate(scmp_filter_ctx filter, const struct vmm *vmm)
{
	uint64_t limit = vmm->file_bytes ?: INT64_MAX;

	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SYS_fallocate, 2,
				SCMP_CMP(2, SCMP_CMP_LE, limit), SCMP_CMP(3, SCMP_CMP_LE, limit));
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
	rc = rc ?: allow_memory(filter, vmm);
	rc = rc ?: allow_threads(filter, vmm);
	rc = rc ?: allow_fallocate(filter, vmm);
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
		return error_set(err, -ENOMEM, "no memory for the system call filter");
	/* a binary tree, so that KVM_RUN's ioctl does not need a hundred comparisons */
	seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	/* for all threads: the one that watches the driver is already running */
	seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
	rc = allow_forwarded(filter);
	rc = rc ?: allow_own(filter, vmm);
	rc = rc ?: seccomp_load(filter);
	seccomp_release(filter);
	return rc ? error_errno(err, rc, "loading the system call filter") : 0;
}
