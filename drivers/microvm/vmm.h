/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The VMM of the microvm environment: a process that runs one static x86-64 program as a KVM guest
 * in user mode (ring 3), without a guest kernel. docs/microvm.md explains the design.
 *
 * The guest's memory has the same guest virtual, guest physical and host virtual addresses, so that
 * a pointer in a system call means the same on both sides. It is between `low` and `high`, where
 * the VMM has nothing.
 */
#pragma once

#include <linux/kvm.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "drivers/microvm/descriptors.h"
#include "drivers/microvm/space.h"
#include "drivers/microvm/status.h"
#include "base/error.h"

#define PAGE_BYTES 4096ULL
#define HUGE_BYTES (2ULL << 20)
#define GUEST_LOW 0x400000ULL /* where static programs are linked */
#define GUEST_BYTES_LIMIT (128ULL << 30)
#define CHUNK_BYTES (64ULL << 20) /* unit in which KVM gets the guest's memory */
#define STACK_BYTES (8ULL << 20)
#define BREAK_BYTES (64ULL << 20) /* malloc falls back to mmap when brk fails */

/* Below `low`, physical and virtual: for the processor, not the program. */
#define SYSTEM_LOW 0x100000ULL
#define SYSTEM_GDT SYSTEM_LOW
#define SYSTEM_IDT (SYSTEM_GDT + 0x400) /* in the same page, which ends with a stack for faults */
#define IDT_LIMIT (32 * 16 - 1)
#define SYSTEM_STUB (SYSTEM_LOW + PAGE_BYTES)
#define SYSTEM_TSS (SYSTEM_LOW + 2 * PAGE_BYTES)   /* with the I/O bitmap: 3 pages */
#define SYSTEM_PROBE (SYSTEM_LOW + 5 * PAGE_BYTES) /* code that runs before the program */
#define SYSTEM_BYTES (6 * PAGE_BYTES)
#define TSS_BITMAP 104                /* start of the bitmap: after the 64-bit TSS */
#define TSS_LIMIT (TSS_BITMAP + 8192) /* 65536 ports, and a last byte of ones */
#define CALL_PORT 0x12                /* the stub's `out` */

struct vmm;

struct vcpu {
	struct vmm *vmm;
	int fd, id;
	struct kvm_run *run;
	struct status_vcpu *status;
	struct kvm_regs *regs;  /* in `run`, synchronized at each exit */
	struct kvm_sregs sregs; /* at the start of a thread */
	pthread_t thread;
	int tid;            /* of the host thread, and the guest's */
	uint64_t clear_tid; /* CLONE_CHILD_CLEARTID, 0: none */
	bool ended;         /* the guest's thread has called exit */
	/* The host thread and its vCPU wait here for the next guest thread. */
	pthread_cond_t wake;
	bool busy;
	struct kvm_regs start; /* of the next guest thread */
	uint64_t start_fs;
	struct kvm_fpu start_fpu;
	cpu_set_t start_cpus;
};

struct special {
	const char *path; /* as the guest names it */
	int fd;           /* -1: the host has none */
	bool addresses;   /* its first line reveals the VMM's addresses: not for the guest */
};

struct vmm {
	/* set before the guest starts, constant afterwards */
	pid_t pid;
	int kvm, vm;
	size_t run_bytes;   /* of a vCPU's struct kvm_run */
	uint8_t *system;    /* host mapping of SYSTEM_LOW */
	uint64_t tables;    /* physical address of the page tables: cr3 */
	uint64_t *stub_map; /* the page table entry of SYSTEM_STUB */
	int stub_ring;      /* where `syscall` leads: 0 on hardware, 3 without */
	uint64_t guards;    /* CR4 of a guest with a ring 0: SMEP, SMAP where they exist */
	uint64_t low, high; /* the guest's memory */
	uint64_t vdso;      /* address of the vDSO in the guest; 0: none */
	bool huge;          /* 2 MiB entries in the guest's page tables */
	bool sockets;       /* the guest may use internet sockets */
	bool rooted;        /* the scratch directory is the VMM's root directory */
	bool trace;
	uint64_t file_bytes;                     /* largest file; 0: no limit */
	cpu_set_t cpus;                          /* that the guest may use */
	int scratch;                             /* directory, O_PATH; -1: no files */
	atomic_uint call_log[STATUS_CALLS / 32]; /* unknown calls already logged */
	struct kvm_cpuid2 *cpuid;
	uint64_t xcr0; /* vector state of every vCPU; 0: none */
	struct special specials[16];
	struct status *status;

	/* the guest's own */
	struct descriptors descriptors;
	pthread_mutex_t memory_lock; /* space and brk */
	struct space space;
	uint64_t given[GUEST_BYTES_LIMIT / CHUNK_BYTES / 64 + 1]; /* bits: chunks that KVM has */
	uint64_t break_low, break_now, break_high;
	uint64_t break_backed; /* the heap's start shares a huge page with the program */
	pthread_mutex_t vcpu_lock;
	struct vcpu *vcpus[STATUS_VCPUS];
	int vcpu_count;
	int threads; /* of the guest, alive */
	atomic_bool reported;
	atomic_bool stopping; /* an interrupted vCPU reports and ends the VMM */
};

/* Ends the VMM with a report in the log and the status block. Exit status 70. */
_Noreturn void vmm_fail(struct vmm *vmm, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
#define VMM_EXIT_FAILED 70

/* machine.c: the VM, its memory, its page tables. The guest's memory must be reserved; `err` is
 * not NULL. */
int machine_create(struct vmm *vmm, struct error *err);
/* Call it before [start, start + length) of the guest's memory is first used; memory_lock held. */
int machine_give(struct vmm *vmm, uint64_t start, uint64_t length, struct error *err);
/* Lets the guest access the stub, in user mode only if the stub runs there (ring 3). */
void machine_map_stub(struct vmm *vmm, int ring);

/* stub.c: the target of the guest's `syscall`. */
/* Determines its ring with two instructions of our own and sets it up for that ring, before the
 * program is loaded, whose exits prove nothing. `vcpu` must be reset afterwards. */
int stub_prepare(struct vmm *vmm, struct vcpu *vcpu, struct error *err);
/* Whether the exit in `run` is from the stub's `out`, a system call. */
bool stub_called(const struct kvm_run *run);
/* An exception that a handler in ring 0 caught. */
struct stub_fault {
	unsigned vector;
	uint64_t error; /* 0 if the exception has no code */
};
/* Whether the guest faulted and `regs` is the handler's state; if so, the state at the fault
 * replaces it. */
bool stub_caught(const struct vmm *vmm, struct kvm_regs *regs, struct stub_fault *fault);

/* stack.c: arguments, the VMM's environment and the auxiliary vector; *pointer gets the stack
 * pointer. */
struct image;
int stack_build(struct vmm *vmm, const struct image *image, const char *const *arguments,
		uint64_t *pointer, struct error *err);

/* vcpu.c */
int vcpu_create(struct vmm *vmm, struct vcpu **vcpu, struct error *err);
/* Sets the target of `syscall`. */
int vcpu_set_stub(struct vcpu *vcpu, uint64_t address, struct error *err);
/* The initial state of a thread: registers, FS base, floating-point control. */
int vcpu_reset(struct vcpu *vcpu, const struct kvm_regs *regs, uint64_t fs,
	       const struct kvm_fpu *fpu);
int vcpu_set_fs(struct vcpu *vcpu, uint64_t base);
/* Runs guest code until its thread exits. A fault ends the VMM with a report. */
void vcpu_run(struct vcpu *vcpu);
/* Registers and exit reason, on one line. */
void vcpu_describe(struct vcpu *vcpu, char *text, size_t size);

/* calls.c: carries out the system call in the registers; returns the value for rax. */
long call_run(struct vcpu *vcpu, uint64_t number, const uint64_t arguments[6]);

/* sandbox.c: from here on no privileges, no path outside `scratch`, and few system calls. */
struct sandbox {
	int uid;             /* -1: as it is */
	const char *scratch; /* becomes the root directory; NULL: none */
	uint64_t file_bytes; /* largest file; 0: no limit */
};
int sandbox_enter(struct vmm *vmm, const struct sandbox *sandbox, struct error *err);
int sandbox_filter(struct vmm *vmm, struct error *err);

/* watch.c: ends the VMM when the driver is gone or the time is up, on request with a report. */
int watch_start(struct vmm *vmm, int control, double seconds, struct error *err);
