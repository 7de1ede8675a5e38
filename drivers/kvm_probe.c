/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/kvm_probe.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/file.h"

#define GUEST_BYTES (2u << 20)
#define GUEST_CODE 0x1000
#define GUEST_PML4 0x2000
#define GUEST_PDPT 0x3000
#define GUEST_PD 0x4000
#define LOOPS 10000 /* of two instructions each: 10 us natively, some 20 ms emulated */
#define ATTEMPTS 3  /* the best counts: a preemption is no property of KVM */
#define LIMIT_MS 1000

/* What the child says; small enough for one write to a pipe. */
struct timing {
	int error; /* errno of the step that failed; 0: all done */
	char step[32];
	double ns[2]; /* one instruction in ring 0, ring 3; negative: the guest did not finish */
};

struct guest {
	int vcpu;
	struct kvm_run *run;
	struct kvm_sregs sregs;
};

static int fail(struct timing *timing, const char *step)
{
	timing->error = errno;
	snprintf(timing->step, sizeof(timing->step), "%s", step);
	return -1;
}

/* One 2 MiB page, mapped on itself, that user mode may use. */
static void fill_memory(uint8_t *memory)
{
	/* dec rcx; jnz -5; out 0x10, al */
	static const uint8_t code[] = {0x48, 0xff, 0xc9, 0x75, 0xfb, 0xe6, 0x10};
	const uint64_t table = 7, large = 0x87; /* present, writable, user (, 2 MiB) */
	uint64_t entry;

	memcpy(memory + GUEST_CODE, code, sizeof(code));
	entry = GUEST_PDPT | table;
	memcpy(memory + GUEST_PML4, &entry, sizeof(entry));
	entry = GUEST_PD | table;
	memcpy(memory + GUEST_PDPT, &entry, sizeof(entry));
	entry = large;
	memcpy(memory + GUEST_PD, &entry, sizeof(entry));
}

static void *guest_memory(int vm)
{
	struct kvm_userspace_memory_region region = {.memory_size = GUEST_BYTES};
	void *memory =
		mmap(NULL, GUEST_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return NULL;
	fill_memory(memory);
	region.userspace_addr = (uintptr_t)memory;
	return ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region) < 0 ? NULL : memory;
}

static int guest_init(struct guest *guest, struct timing *timing)
{
	int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC), vm, size;

	if (kvm < 0)
		return fail(timing, "opening /dev/kvm");
	vm = ioctl(kvm, KVM_CREATE_VM, 0);
	if (vm < 0)
		return fail(timing, "KVM_CREATE_VM");
	ioctl(vm, KVM_SET_TSS_ADDR, 0xfffbd000); /* needed by old Intel CPUs, refused by others */
	if (!guest_memory(vm))
		return fail(timing, "KVM_SET_USER_MEMORY_REGION");
	guest->vcpu = ioctl(vm, KVM_CREATE_VCPU, 0);
	size = ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	if (guest->vcpu < 0 || size < 0)
		return fail(timing, "KVM_CREATE_VCPU");
	guest->run = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED, guest->vcpu, 0);
	if (guest->run == MAP_FAILED)
		return fail(timing, "mapping kvm_run");
	if (ioctl(guest->vcpu, KVM_GET_SREGS, &guest->sregs) < 0)
		return fail(timing, "KVM_GET_SREGS");
	return 0;
}

/* 64-bit mode in the given ring. */
static void set_ring(struct kvm_sregs *sregs, int ring)
{
	struct kvm_segment code = {.limit = 0xffffffff,
				   .selector = ring ? 0x33 : 0x10,
				   .present = 1,
				   .type = 11, /* execute, read, accessed */
				   .dpl = (uint8_t)ring,
				   .s = 1,
				   .l = 1,
				   .g = 1};
	struct kvm_segment data = code;

	data.selector = ring ? 0x2b : 0x18;
	data.type = 3; /* read, write, accessed */
	data.l = 0;
	data.db = 1;
	sregs->cs = code;
	sregs->ss = sregs->ds = sregs->es = sregs->fs = sregs->gs = data;
	sregs->cr3 = GUEST_PML4;
	sregs->cr4 = 0x220;      /* PAE, OSFXSR */
	sregs->cr0 = 0x80050033; /* PG, AM, WP, NE, ET, MP, PE */
	sregs->efer = 0x501;     /* LMA, LME, SCE */
}

/* Nanoseconds until the guest's `out` comes back; 0 with errno set: it failed. */
static uint64_t time_loop(struct guest *guest, int ring, uint64_t loops)
{
	struct kvm_regs regs = {.rflags = ring ? 0x3002 : 2, /* IOPL 3: ring 3 may use `out` */
				.rip = GUEST_CODE,
				.rcx = loops,
				.rsp = 0x10000};
	uint64_t start;

	set_ring(&guest->sregs, ring);
	if (ioctl(guest->vcpu, KVM_SET_SREGS, &guest->sregs) < 0 ||
	    ioctl(guest->vcpu, KVM_SET_REGS, &regs) < 0)
		return 0;
	start = clock_now();
	if (ioctl(guest->vcpu, KVM_RUN, 0) < 0)
		return 0;
	if (guest->run->exit_reason != KVM_EXIT_IO) {
		errno = EPROTO;
		return 0;
	}
	/* without this, the next registers would be overwritten by the end of the `out` */
	start = clock_now() - start;
	guest->run->immediate_exit = 1;
	ioctl(guest->vcpu, KVM_RUN, 0);
	guest->run->immediate_exit = 0;
	return start;
}

/* The cost of one instruction: the loop's time less that of entering and leaving the guest. */
static double time_instruction(struct guest *guest, int ring, uint64_t loops)
{
	double best = -1;

	for (int i = 0; i < ATTEMPTS; i++) {
		uint64_t once = time_loop(guest, ring, 1);
		uint64_t many = time_loop(guest, ring, loops);
		double ns;

		if (!once || !many)
			return -1;
		ns = many > once ? (double)(many - once) / (2.0 * (double)loops) : 0;
		if (best < 0 || ns < best)
			best = ns;
	}
	return best;
}

/* A short loop tells native from emulated; only a long one measures what is native. */
static double time_ring(struct guest *guest, int ring)
{
	double ns = time_instruction(guest, ring, LOOPS);

	if (ns >= 0 && ns < KVM_PROBE_EMULATED_NS)
		ns = time_instruction(guest, ring, 100 * LOOPS);
	return ns;
}

/* Runs in the child of a process that may have threads: system calls only. */
static void time_guest(int out)
{
	struct timing timing = {.ns = {-1, -1}};
	struct guest guest = {.vcpu = -1};

	if (guest_init(&guest, &timing) == 0) {
		timing.ns[1] = time_ring(&guest, 3);
		if (write(out, &timing, sizeof(timing)) < 0)
			_exit(1);
		timing.ns[0] = time_ring(&guest, 0);
	}
	_exit(write(out, &timing, sizeof(timing)) < 0);
}

/* The last report wins: a guest that hangs or dies in ring 0 has told of ring 3 before. */
static void collect(int in, struct timing *timing)
{
	uint64_t limit = clock_now() + LIMIT_MS * NSEC_PER_MSEC, now;

	while ((now = clock_now()) < limit) {
		struct pollfd poller = {.fd = in, .events = POLLIN};
		struct timing next;

		if (poll(&poller, 1, (int)((limit - now) / NSEC_PER_MSEC) + 1) <= 0)
			continue;
		if (read(in, &next, sizeof(next)) != sizeof(next))
			return;
		*timing = next;
	}
}

static void run_child(struct timing *timing)
{
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0) {
		fail(timing, "making a pipe");
		return;
	}
	pid = fork();
	if (pid == 0)
		time_guest(ends[1]);
	close(ends[1]);
	if (pid < 0) {
		fail(timing, "starting a process");
	} else {
		collect(ends[0], timing);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	close(ends[0]);
}

static bool parameter_set(const char *path)
{
	char line[8];

	return file_line(path, line, sizeof(line)) == 0 && (line[0] == 'Y' || line[0] == '1');
}

static void find_module(struct kvm_probe *probe)
{
	static const struct {
		const char *module, *directory, *parameter, *paging;
	} modules[] = {
		{"kvm_intel", "/sys/module/kvm_intel", "/sys/module/kvm_intel/parameters/ept",
		 "EPT"},
		{"kvm_amd", "/sys/module/kvm_amd", "/sys/module/kvm_amd/parameters/npt", "NPT"},
		{"kvm_pvm", "/sys/module/kvm_pvm", NULL, NULL},
	};

	for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++) {
		bool nested;

		if (access(modules[i].directory, F_OK) < 0)
			continue;
		nested = modules[i].parameter && parameter_set(modules[i].parameter);
		snprintf(probe->module, sizeof(probe->module), "%s", modules[i].module);
		snprintf(probe->paging, sizeof(probe->paging), "%s",
			 nested ? modules[i].paging : "shadow paging");
		return;
	}
}

static void explain_error(struct kvm_probe *probe, const struct timing *timing)
{
	const char *mend = "";

	if (timing->error == ENOENT)
		mend = "; if the CPU has VT-x or AMD-V and the firmware allows it: modprobe "
		       "kvm_intel || modprobe kvm_amd";
	else if (timing->error == EACCES || timing->error == EPERM)
		mend = "; run as root, or: adduser $USER kvm";
	snprintf(probe->reason, sizeof(probe->reason), "KVM is not usable: %s: %s%s", timing->step,
		 strerror(timing->error), mend);
}

static void explain_speed(struct kvm_probe *probe)
{
	char speed[64] = "did not run to its end";

	if (probe->ring0_ns >= 0)
		snprintf(speed, sizeof(speed), "takes %.0f ns an instruction", probe->ring0_ns);
	snprintf(probe->reason, sizeof(probe->reason),
		 "KVM (%s, %s) runs no Linux guest: guest kernel mode %s, so it is emulated; guest "
		 "user mode %s. A host with hardware virtualization is needed (a bare machine, or "
		 "nested virtualization)",
		 probe->module[0] ? probe->module : "unknown module",
		 probe->paging[0] ? probe->paging : "unknown paging", speed,
		 probe->ring3 ? "is native" : "does not run either");
}

void kvm_probe(struct kvm_probe *probe)
{
	struct timing timing = {.ns = {-1, -1}};

	memset(probe, 0, sizeof(*probe));
	run_child(&timing);
	find_module(probe);
	probe->ring0_ns = timing.ns[0];
	probe->ring3_ns = timing.ns[1];
	probe->linux_guest = timing.ns[0] >= 0 && timing.ns[0] < KVM_PROBE_EMULATED_NS;
	probe->ring3 = timing.ns[1] >= 0 && timing.ns[1] < KVM_PROBE_EMULATED_NS;
	if (timing.error)
		explain_error(probe, &timing);
	else if (!probe->linux_guest)
		explain_speed(probe);
}
