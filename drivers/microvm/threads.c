/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Threads: each guest thread is a vCPU with its own host thread, whose id is also the guest's
 * thread id, so that the host does affinity, futexes and accounting. KVM does not destroy a vCPU
 * before its VM, so after a guest thread has exited, its host thread and vCPU wait for the next
 * clone. */
#include <errno.h>
#include <linux/futex.h>
#include <linux/sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "drivers/microvm/check.h"
#include "drivers/microvm/threads.h"
#include "drivers/microvm/vmm.h"

#define CLONE_THREAD_FLAGS (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD)
#define THREAD_STACK (256u << 10)
/* ID, AC, OF, DF, IF, SF, ZF, AF, PF, 1, CF: the flags that a program may set. With the stub in
 * ring 3 the program controls r11: it must get neither I/O privilege nor virtual-8086 mode. */
#define USER_FLAGS 0x240ed7ULL

static void begin(struct vcpu *vcpu)
{
	sched_setaffinity(0, sizeof(vcpu->start_cpus), &vcpu->start_cpus);
	if (vcpu_reset(vcpu, &vcpu->start, vcpu->start_fs, &vcpu->start_fpu))
		vmm_fail(vcpu->vmm, "KVM rejects the registers of a new thread: %s",
			 strerror(errno));
	vcpu_run(vcpu);
}

static void *host_thread(void *argument)
{
	struct vcpu *vcpu = argument;
	struct vmm *vmm = vcpu->vmm;

	pthread_mutex_lock(&vmm->vcpu_lock);
	vcpu->tid = gettid();
	vcpu->status->thread = vcpu->tid;
	pthread_cond_broadcast(&vcpu->wake);
	for (;;) {
		while (!vcpu->busy)
			pthread_cond_wait(&vcpu->wake, &vmm->vcpu_lock);
		pthread_mutex_unlock(&vmm->vcpu_lock);
		begin(vcpu);
		pthread_mutex_lock(&vmm->vcpu_lock);
		vcpu->busy = false;
	}
	return NULL;
}

static int start_host_thread(struct vcpu *vcpu)
{
	pthread_attr_t attributes;
	int rc;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, THREAD_STACK);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	rc = pthread_create(&vcpu->thread, &attributes, host_thread, vcpu);
	pthread_attr_destroy(&attributes);
	while (!rc && !vcpu->tid)
		pthread_cond_wait(&vcpu->wake, &vcpu->vmm->vcpu_lock);
	return -rc;
}

/* A vCPU whose thread waits for work. With the lock held. */
static int find_idle(struct vmm *vmm, struct vcpu **vcpu)
{
	for (int i = 0; i < vmm->vcpu_count; i++) {
		*vcpu = vmm->vcpus[i];
		if (!(*vcpu)->busy && (*vcpu)->tid)
			return 0;
	}
	if (vmm->vcpu_count == STATUS_VCPUS || vcpu_create(vmm, vcpu, NULL))
		return -EAGAIN;
	return start_host_thread(*vcpu);
}

static int copy_state(const struct vcpu *parent, struct vcpu *child, const uint64_t a[6])
{
	child->start = *parent->regs;
	child->start.rip = parent->regs->rcx; /* after the `syscall` */
	child->start.rflags = (parent->regs->r11 & USER_FLAGS) | 2;
	child->start.rsp = a[1];
	child->start.rax = 0;
	child->start_fs = a[0] & CLONE_SETTLS ? a[4] : parent->sregs.fs.base;
	child->clear_tid = a[0] & CLONE_CHILD_CLEARTID ? a[3] : 0;
	if (ioctl(parent->fd, KVM_GET_FPU, &child->start_fpu) ||
	    sched_getaffinity(0, sizeof(child->start_cpus), &child->start_cpus))
		return -errno;
	return 0;
}

/* clone(flags, stack, parent_tid, child_tid, tls), threads only: nothing here can fork. */
long thread_clone(struct vcpu *parent, const uint64_t a[6])
{
	struct vmm *vmm = parent->vmm;
	struct vcpu *child = NULL;
	long rc;

	if ((a[0] & CLONE_THREAD_FLAGS) != CLONE_THREAD_FLAGS)
		return -ENOSYS;
	if ((a[0] & CLONE_SETTLS) && a[4] >> 47)
		return -EPERM;
	if (!range_holds(vmm->low, vmm->high, a[1], 1))
		return -EINVAL;
	pthread_mutex_lock(&vmm->vcpu_lock);
	rc = find_idle(vmm, &child);
	rc = rc ?: copy_state(parent, child, a);
	if (!rc && (a[0] & CLONE_PARENT_SETTID))
		rc = guest_write(vmm, a[2], &child->tid, sizeof(child->tid));
	if (!rc && (a[0] & CLONE_CHILD_SETTID))
		rc = guest_write(vmm, a[3], &child->tid, sizeof(child->tid));
	if (!rc) {
		vmm->threads++;
		child->busy = true;
		pthread_cond_broadcast(&child->wake);
		rc = child->tid;
	}
	pthread_mutex_unlock(&vmm->vcpu_lock);
	return rc;
}

/* exit(): the last thread ends the guest; the first thread waits for that. */
long thread_exit(struct vcpu *vcpu, const uint64_t a[6])
{
	struct vmm *vmm = vcpu->vmm;
	const int zero = 0;
	bool last;

	if (vcpu->clear_tid && !(vcpu->clear_tid & 3) &&
	    !guest_write(vmm, vcpu->clear_tid, &zero, sizeof(zero)))
		syscall(SYS_futex, vcpu->clear_tid, FUTEX_WAKE, 1, NULL, NULL, 0);
	pthread_mutex_lock(&vmm->vcpu_lock);
	last = --vmm->threads == 0;
	pthread_mutex_unlock(&vmm->vcpu_lock);
	if (last)
		_exit((int)a[0] & 0xff);
	vcpu->ended = true;
	return 0;
}

long thread_exit_group(struct vcpu *vcpu, const uint64_t a[6])
{
	(void)vcpu;
	_exit((int)a[0] & 0xff);
}

long thread_set_tid_address(struct vcpu *vcpu, const uint64_t a[6])
{
	vcpu->clear_tid = a[0];
	return vcpu->tid;
}

bool thread_is_caller(const struct vcpu *vcpu, uint64_t tid)
{
	return !tid || tid == (uint64_t)vcpu->tid ||
	       (tid == (uint64_t)vcpu->vmm->pid && vcpu == vcpu->vmm->vcpus[0]);
}

/* A signal that the program sends to itself is a crash: abort(), a failed assertion. */
long thread_kill(struct vcpu *vcpu, const uint64_t a[6])
{
	char text[1024];

	if (!a[2])
		return 0;
	vcpu_describe(vcpu, text, sizeof(text));
	vmm_fail(vcpu->vmm, "the guest's program sent itself signal %lu: %s", (unsigned long)a[2],
		 text);
}

long thread_futex(struct vcpu *vcpu, const uint64_t a[6])
{
	const struct vmm *vmm = vcpu->vmm;
	uint64_t low = vmm->low, high = vmm->high;
	bool second = false, timeout = false;
	long rc;

	switch (a[1] & FUTEX_CMD_MASK) {
	case FUTEX_WAIT:
	case FUTEX_WAIT_BITSET:
		timeout = a[3];
		break;
	case FUTEX_WAKE:
	case FUTEX_WAKE_BITSET:
		break;
	case FUTEX_REQUEUE:
	case FUTEX_CMP_REQUEUE:
	case FUTEX_WAKE_OP:
		second = true;
		break;
	default: /* locks with priority inheritance name their owner, which could be any thread of
		  * the host */
		return -ENOSYS;
	}
	if (!range_holds(low, high, a[0], 4) || (second && !range_holds(low, high, a[4], 4)) ||
	    (timeout && !range_holds(low, high, a[3], sizeof(struct timespec))))
		return -EFAULT;
	rc = syscall(SYS_futex, a[0], a[1], a[2], a[3], a[4], a[5]);
	return rc < 0 ? -errno : rc;
}
