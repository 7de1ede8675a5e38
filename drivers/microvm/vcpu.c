/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A vCPU: its set-up for running user code directly, and its loop. */
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "drivers/microvm/vmm.h"
#include "base/clock.h"

#define CR0_USER 0x80050033 /* PG AM WP NE ET MP PE */
#define CR4_USER 0x620      /* PAE, SSE and its exceptions */
#define CR4_OSXSAVE (1ULL << 18)
#define EFER_USER 0xd01 /* long mode, NX, syscall */
#define RFLAGS_RESERVED 0x2
#define FLAGS_MASK 0x44700 /* AC, NT, DF, IF, TF: cleared in the stub */

enum msr {
	MSR_SYSENTER_CS = 0x174,
	MSR_STAR = 0xc0000081,
	MSR_LSTAR = 0xc0000082,
	MSR_SYSCALL_MASK = 0xc0000084,
	MSR_FS_BASE = 0xc0000100,
};

static int set_segments(struct vcpu *vcpu, struct error *err)
{
	struct kvm_segment segment = {
		.limit = 0xffffffff,
		.selector = 0x33,
		.present = 1,
		.type = 11,
		.dpl = 3,
		.s = 1,
		.l = 1,
		.g = 1,
	};
	struct kvm_sregs *sregs = &vcpu->sregs;

	if (ioctl(vcpu->fd, KVM_GET_SREGS, sregs))
		return error_errno(err, -errno, "reading a vCPU's registers");
	sregs->cs = segment;
	segment.l = 0;
	segment.db = 1;
	segment.type = 3;
	segment.selector = 0x2b;
	sregs->ss = sregs->ds = sregs->es = sregs->fs = sregs->gs = segment;
	sregs->tr = (struct kvm_segment){
		.base = SYSTEM_TSS,
		.limit = TSS_LIMIT,
		.selector = 0x40,
		.type = 11,
		.present = 1,
	};
	sregs->gdt.base = SYSTEM_GDT;
	sregs->gdt.limit = 0x7f;
	sregs->ldt.limit = 0;
	sregs->idt.base = SYSTEM_IDT;
	sregs->idt.limit = 0; /* until it is known whether ring 0 exists to handle faults */
	sregs->cr3 = vcpu->vmm->tables;
	sregs->cr0 = CR0_USER;
	sregs->cr4 = CR4_USER | (vcpu->vmm->xcr0 ? CR4_OSXSAVE : 0);
	sregs->efer = EFER_USER;
	return 0;
}

static int set_xcr0(struct vcpu *vcpu, struct error *err)
{
	uint64_t xcr0 = vcpu->vmm->xcr0;
	struct kvm_xcrs xcrs = {.nr_xcrs = 1};

	xcrs.xcrs[0].value = xcr0;
	if (xcr0 && ioctl(vcpu->fd, KVM_SET_XCRS, &xcrs))
		return error_errno(err, -errno, "setting XCR0 of a vCPU to %#lx",
				   (unsigned long)xcr0);
	return 0;
}

#define MSRS_LIMIT 4

static int set_msrs(struct vcpu *vcpu, const struct kvm_msr_entry *entries, unsigned count)
{
	char buffer[sizeof(struct kvm_msrs) + MSRS_LIMIT * sizeof(*entries)]
		__attribute__((aligned(8))) = {0};
	struct kvm_msrs *msrs = (struct kvm_msrs *)buffer;

	msrs->nmsrs = count;
	memcpy(msrs->entries, entries, count * sizeof(*entries));
	return ioctl(vcpu->fd, KVM_SET_MSRS, msrs) == (int)count ? 0 : -EINVAL;
}

int vcpu_set_stub(struct vcpu *vcpu, uint64_t address, struct error *err)
{
	const struct kvm_msr_entry entries[] = {
		{.index = MSR_STAR, .data = (0x23ULL << 48) | (0x10ULL << 32)},
		{.index = MSR_LSTAR, .data = address},
		{.index = MSR_SYSCALL_MASK, .data = FLAGS_MASK},
		{.index = MSR_SYSENTER_CS, .data = 0},
	};

	if (set_msrs(vcpu, entries, 4))
		return error_set(err, -EINVAL, "KVM rejects the registers of `syscall`");
	return 0;
}

/* The vDSO computes with the host's time stamps; on hardware a new vCPU's start at its creation. If
 * KVM cannot shift them back, reading the clock costs an exit instead. */
static void align_time_stamps(struct vcpu *vcpu)
{
	uint64_t offset = 0;
	struct kvm_device_attr attribute = {
		.group = KVM_VCPU_TSC_CTRL,
		.attr = KVM_VCPU_TSC_OFFSET,
		.addr = (uint64_t)&offset,
	};

	if (ioctl(vcpu->fd, KVM_SET_DEVICE_ATTR, &attribute))
		vcpu->vmm->vdso = 0;
}

static int set_up(struct vcpu *vcpu, struct error *err)
{
	struct vmm *vmm = vcpu->vmm;
	int rc;

	vcpu->run = mmap(NULL, vmm->run_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu->fd, 0);
	if (vcpu->run == MAP_FAILED)
		return error_errno(err, -errno, "mapping a vCPU");
	vcpu->regs = &vcpu->run->s.regs.regs;
	if (ioctl(vcpu->fd, KVM_SET_CPUID2, vmm->cpuid))
		return error_errno(err, -errno, "setting a vCPU's CPUID");
	align_time_stamps(vcpu);
	rc = set_segments(vcpu, err);
	if (!rc && ioctl(vcpu->fd, KVM_SET_SREGS, &vcpu->sregs))
		rc = error_errno(err, -errno, "KVM rejects a vCPU in user mode");
	rc = rc ?: set_xcr0(vcpu, err);
	rc = rc ?: vcpu_set_stub(vcpu, SYSTEM_STUB, err);
	vcpu->run->kvm_valid_regs = KVM_SYNC_X86_REGS;
	return rc;
}

int vcpu_create(struct vmm *vmm, struct vcpu **out, struct error *err)
{
	struct vcpu *vcpu = calloc(1, sizeof(*vcpu));
	int rc;

	if (!vcpu)
		return error_set(err, -ENOMEM, "no memory for a vCPU");
	vcpu->vmm = vmm;
	vcpu->id = vmm->vcpu_count;
	vcpu->status = vmm->status->vcpu + vcpu->id;
	pthread_cond_init(&vcpu->wake, NULL);
	vcpu->fd = ioctl(vmm->vm, KVM_CREATE_VCPU, vcpu->id);
	rc = vcpu->fd < 0 ? error_errno(err, -errno, "creating vCPU %d", vcpu->id)
			  : set_up(vcpu, err);
	if (rc) {
		if (vcpu->fd >= 0)
			close(vcpu->fd);
		free(vcpu);
		return rc;
	}
	vmm->vcpus[vmm->vcpu_count++] = vcpu;
	vmm->status->vcpus = (uint32_t)vmm->vcpu_count;
	*out = vcpu;
	return 0;
}

/* Completes the last exit inside KVM, so that registers set afterwards stay. */
static void finish_exit(struct vcpu *vcpu)
{
	vcpu->run->kvm_dirty_regs = 0;
	vcpu->run->immediate_exit = 1;
	ioctl(vcpu->fd, KVM_RUN, 0);
	vcpu->run->immediate_exit = 0;
}

int vcpu_reset(struct vcpu *vcpu, const struct kvm_regs *regs, uint64_t fs,
	       const struct kvm_fpu *fpu)
{
	finish_exit(vcpu);
	vcpu->sregs.fs.base = fs;
	if (!vcpu->vmm->stub_ring) {
		vcpu->sregs.cr4 |= vcpu->vmm->guards;
		vcpu->sregs.idt.limit = IDT_LIMIT;
	}
	if (ioctl(vcpu->fd, KVM_SET_SREGS, &vcpu->sregs) || ioctl(vcpu->fd, KVM_SET_REGS, regs) ||
	    (fpu && ioctl(vcpu->fd, KVM_SET_FPU, fpu)))
		return -errno;
	return 0;
}

int vcpu_set_fs(struct vcpu *vcpu, uint64_t base)
{
	const struct kvm_msr_entry entry = {.index = MSR_FS_BASE, .data = base};

	vcpu->sregs.fs.base = base; /* for threads that share it */
	return set_msrs(vcpu, &entry, 1);
}

void vcpu_describe(struct vcpu *vcpu, char *text, size_t size)
{
	struct kvm_regs r = {0};
	struct kvm_sregs s = {0};
	struct stub_fault caught;

	ioctl(vcpu->fd, KVM_GET_REGS, &r);
	ioctl(vcpu->fd, KVM_GET_SREGS, &s);
	if (stub_caught(vcpu->vmm, &r, &caught))
		s.cs = vcpu->sregs.cs; /* the handler's is irrelevant */
	snprintf(
		text, size,
		"vCPU %d, exit reason %u, rip %#llx cr2 %#llx rsp %#llx rflags %#llx cs %#x cpl %u "
		"rax %#llx rbx %#llx rcx %#llx rdx %#llx rsi %#llx rdi %#llx rbp %#llx r8 %#llx "
		"r9 %#llx r10 %#llx r11 %#llx r12 %#llx r13 %#llx r14 %#llx r15 %#llx fs %#llx",
		vcpu->id, vcpu->run->exit_reason, r.rip, s.cr2, r.rsp, r.rflags, s.cs.selector,
		s.cs.dpl, r.rax, r.rbx, r.rcx, r.rdx, r.rsi, r.rdi, r.rbp, r.r8, r.r9, r.r10, r.r11,
		r.r12, r.r13, r.r14, r.r15, s.fs.base);
}

static _Noreturn void fault(struct vcpu *vcpu, const char *why)
{
	char text[1024];

	vcpu_describe(vcpu, text, sizeof(text));
	vmm_fail(vcpu->vmm, "the guest %s: %s", why, text);
}

static _Noreturn void unexpected_exit(struct vcpu *vcpu)
{
	struct kvm_regs regs = *vcpu->regs;
	struct stub_fault caught;
	char why[128];

	switch (vcpu->run->exit_reason) {
	case KVM_EXIT_SHUTDOWN:
		fault(vcpu, "faulted without a handler (see rip and cr2)");
	case KVM_EXIT_IO:
		if (stub_caught(vcpu->vmm, &regs, &caught))
			snprintf(why, sizeof(why), "faulted (exception %u, error %#lx)",
				 caught.vector, (unsigned long)caught.error);
		else
			snprintf(why, sizeof(why), "used I/O port %#x", vcpu->run->io.port);
		fault(vcpu, why);
	case KVM_EXIT_MMIO:
		snprintf(why, sizeof(why), "accessed address %#llx, which is not memory",
			 vcpu->run->mmio.phys_addr);
		fault(vcpu, why);
	case KVM_EXIT_INTERNAL_ERROR:
		snprintf(why, sizeof(why),
			 "executed an instruction that KVM cannot emulate (suberror %u)",
			 vcpu->run->internal.suberror);
		fault(vcpu, why);
	case KVM_EXIT_FAIL_ENTRY:
		snprintf(why, sizeof(why), "could not be entered (hardware reason %#llx)",
			 vcpu->run->fail_entry.hardware_entry_failure_reason);
		fault(vcpu, why);
	default:
		fault(vcpu, "exited for an unknown reason");
	}
}

static void failed_run(struct vcpu *vcpu, int code)
{
	if (code == EINTR || code == EAGAIN) {
		if (atomic_load(&vcpu->vmm->stopping))
			fault(vcpu, "was interrupted");
		return;
	}
	if (code == EFAULT)
		fault(vcpu, "accessed unmapped memory, or wrote to read-only memory");
	fault(vcpu, strerror(code));
}

void vcpu_run(struct vcpu *vcpu)
{
	struct kvm_run *run = vcpu->run;

	for (vcpu->ended = false;;) {
		struct kvm_regs *r = vcpu->regs;
		uint64_t began;
		long result;

		if (ioctl(vcpu->fd, KVM_RUN, 0)) {
			vcpu->status->exits++;
			failed_run(vcpu, errno);
			continue;
		}
		vcpu->status->exits++;
		if (!stub_called(run))
			unexpected_exit(vcpu);
		if (!vcpu->vmm->status->first_exit)
			vcpu->vmm->status->first_exit = clock_now();
		vcpu->status->calls++;
		began = clock_now();
		result =
			call_run(vcpu, r->rax,
				 (const uint64_t[6]){r->rdi, r->rsi, r->rdx, r->r10, r->r8, r->r9});
		vcpu->status->call_ns += clock_now() - began;
		if (vcpu->ended)
			return;
		r->rax = (uint64_t)result;
		run->kvm_dirty_regs = KVM_SYNC_X86_REGS;
	}
}
