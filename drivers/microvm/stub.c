/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The stub: the target of the guest's `syscall`. An `out` exits the guest, and then the program
 * continues after its `syscall`, at the address that the processor stored in rcx.
 *
 * Hardware runs the stub in ring 0; KVM without hardware virtualization has no guest ring 0 and
 * runs it in ring 3. The ring decides how the stub must return: with the wrong return the program
 * would be left in ring 0. So the ring is determined before the program is loaded. If it is ring 0,
 * user mode can neither access the stub nor use its port, and exceptions have handlers that only
 * exit the guest: without them a fault on AMD resets the vCPU before its state can be read.
 */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

#include "drivers/microvm/vmm.h"

#define OUT 0xe6
#define OUT_BYTES 2 /* rip is at the instruction or after it */
#define FAULT_PORT (CALL_PORT + 1)
#define PROBE_START 16 /* in its page, after its stub */
#define PROBE_ATTEMPTS 100

#define HANDLERS 0x100 /* in the stub's page */
#define HANDLER_BYTES 4
#define VECTORS 32
/* Exceptions that push an error code: 8, 10 to 14, 17, 21, 29, 30. */
#define WITH_ERROR_CODE 0x60227d00u
#define GATE_PRESENT 0x8e00 /* an interrupt gate that user mode cannot call */
#define GATE_CODE 0x10      /* kernel code in the GDT */
#define GATE_STACK 1        /* one of the TSS's seven: never the program's stack */
#define TSS_STACK_1 36
#define FAULT_STACK (SYSTEM_GDT + PAGE_BYTES)
#define FRAME_WORDS 5 /* rip, cs, rflags, rsp, ss */

static uint8_t *system_at(const struct vmm *vmm, uint64_t address)
{
	return vmm->system + (address - SYSTEM_LOW);
}

static int run_probe(struct vcpu *vcpu, struct error *err)
{
	int rc = -EINTR;

	for (int i = 0; rc == -EINTR && i < PROBE_ATTEMPTS; i++)
		rc = ioctl(vcpu->fd, KVM_RUN, 0) ? -errno : 0;
	if (rc)
		return error_errno(err, rc, "running a vCPU for the first time");
	if (vcpu->run->exit_reason != KVM_EXIT_IO || vcpu->run->io.port != CALL_PORT)
		return error_set(err, -ENOTSUP,
				 "this KVM executes `syscall` wrongly (exit reason %u), so no "
				 "microvm can run",
				 vcpu->run->exit_reason);
	return 0;
}

/* Finds the ring in which `syscall` continues. Afterwards the probe's page has only breakpoints. */
static int probe_ring(struct vmm *vmm, struct vcpu *vcpu, int *ring, struct error *err)
{
	static const uint8_t stub[] = {OUT, CALL_PORT}, program[] = {0x0f, 0x05}; /* syscall */
	const struct kvm_regs regs = {.rip = SYSTEM_PROBE + PROBE_START, .rflags = 2};
	uint8_t *page = system_at(vmm, SYSTEM_PROBE);
	struct kvm_sregs sregs;
	int rc;

	memcpy(page, stub, sizeof(stub));
	memcpy(page + PROBE_START, program, sizeof(program));
	rc = vcpu_set_stub(vcpu, SYSTEM_PROBE, err);
	if (!rc && vcpu_reset(vcpu, &regs, 0, NULL))
		rc = error_errno(err, -errno, "setting a vCPU's registers");
	rc = rc ?: run_probe(vcpu, err);
	if (!rc && ioctl(vcpu->fd, KVM_GET_SREGS, &sregs))
		rc = error_errno(err, -errno, "reading a vCPU's registers");
	if (!rc)
		*ring = sregs.cs.dpl ? 3 : 0;
	memset(page, 0xcc, PAGE_BYTES);
	return rc ?: vcpu_set_stub(vcpu, SYSTEM_STUB, err);
}

static void build_handlers(struct vmm *vmm)
{
	static const uint8_t handler[HANDLER_BYTES] = {OUT, FAULT_PORT, 0xf4, 0xcc}; /* hlt */
	uint64_t *idt = (uint64_t *)system_at(vmm, SYSTEM_IDT), stack = FAULT_STACK;

	memcpy(system_at(vmm, SYSTEM_TSS) + TSS_STACK_1, &stack, sizeof(stack));
	for (uint64_t i = 0; i < VECTORS; i++) {
		uint64_t at = SYSTEM_STUB + HANDLERS + i * HANDLER_BYTES;

		memcpy(system_at(vmm, at), handler, sizeof(handler));
		/* addresses below 4 GiB: the second half of a gate is zero */
		idt[2 * i] = (at & 0xffff) | GATE_CODE << 16 | (uint64_t)GATE_STACK << 32 |
			     (uint64_t)GATE_PRESENT << 32 | (at >> 16) << 48;
	}
}

int stub_prepare(struct vmm *vmm, struct vcpu *vcpu, struct error *err)
{
	static const uint8_t from_ring_0[] = {OUT, CALL_PORT, 0x48, 0x0f, 0x07}; /* sysretq */
	static const uint8_t from_ring_3[] = {OUT, CALL_PORT, 0xff, 0xe1, 0xcc}; /* jmp *%rcx */
	uint8_t *stub = system_at(vmm, SYSTEM_STUB);
	int rc;

	vmm->stub_ring = 3;
	rc = probe_ring(vmm, vcpu, &vmm->stub_ring, err);
	if (rc)
		return rc;
	memset(stub, 0xcc, PAGE_BYTES);
	memcpy(stub, vmm->stub_ring ? from_ring_3 : from_ring_0, sizeof(from_ring_0));
	if (!vmm->stub_ring) {
		build_handlers(vmm);
		/* no port for user mode */
		memset(system_at(vmm, SYSTEM_TSS) + TSS_BITMAP, 0xff, TSS_LIMIT + 1 - TSS_BITMAP);
	}
	machine_map_stub(vmm, vmm->stub_ring);
	vmm->status->stub_ring = (uint32_t)vmm->stub_ring;
	return 0;
}

bool stub_called(const struct kvm_run *run)
{
	return run->exit_reason == KVM_EXIT_IO && run->io.port == CALL_PORT &&
	       run->io.direction == KVM_EXIT_IO_OUT && run->io.size == 1 && run->io.count == 1 &&
	       run->s.regs.regs.rip - SYSTEM_STUB <= OUT_BYTES;
}

bool stub_caught(const struct vmm *vmm, struct kvm_regs *regs, struct stub_fault *fault)
{
	uint64_t offset = regs->rip - (SYSTEM_STUB + HANDLERS), at = regs->rsp;
	const uint64_t *frame;
	bool has_error;

	if (vmm->stub_ring || offset >= VECTORS * HANDLER_BYTES ||
	    at < SYSTEM_IDT + IDT_LIMIT + 1 ||
	    at > FAULT_STACK - (FRAME_WORDS + 1) * sizeof(*frame))
		return false;
	fault->vector = (unsigned)(offset / HANDLER_BYTES);
	has_error = WITH_ERROR_CODE >> fault->vector & 1;
	frame = (const uint64_t *)system_at(vmm, at);
	fault->error = has_error ? frame[0] : 0;
	frame += has_error;
	regs->rip = frame[0];
	regs->rflags = frame[2];
	regs->rsp = frame[3];
	return true;
}
