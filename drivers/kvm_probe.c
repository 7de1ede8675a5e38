/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/kvm_probe.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/file.h"
#include "drivers/kvm_boot.h"

#define GUEST_BYTES (2u << 20)
#define GUEST_CODE 0x1000
#define GUEST_PML4 0x2000
#define GUEST_PDPT 0x3000
#define GUEST_PD 0x4000
#define LOOPS 10000 /* of two instructions each: 10 us natively, about 20 ms emulated */
#define ATTEMPTS 3  /* the best counts, because preemption is not KVM's fault */
#define LIMIT_MS 1000
#define EMULATED_LIMIT_MS 10000 /* where the host itself is emulated */
#define CPUID_ENTRIES 256
#define SURELY_EMULATED_NS 200.0

/* The result of the steps, up to the first that fails. */
struct outcome {
	double ns;     /* one instruction; negative: the guest did not finish */
	int error;     /* errno of the step that failed; 0: see step */
	char step[48]; /* "KVM_SET_SREGS"; "": none failed */
};

/* The child's report, small enough for a single write to a pipe. */
struct timing {
	struct outcome setup, ring0, ring3;
};

struct guest {
	int vcpu;
	struct kvm_run *run;
	struct kvm_sregs sregs;
};

static int fail(struct outcome *outcome, const char *step)
{
	outcome->error = errno;
	snprintf(outcome->step, sizeof(outcome->step), "%s", step);
	return -1;
}

/* One identity-mapped 2 MiB page, accessible in user mode. */
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

/* Linux 6.12 accepts long mode only if the vCPU's CPUID has it; older kernels do not check. */
static int set_cpuid(int kvm, int vcpu, struct outcome *outcome)
{
	char buffer[sizeof(struct kvm_cpuid2) + CPUID_ENTRIES * sizeof(struct kvm_cpuid_entry2)]
		__attribute__((aligned(8))) = {0};
	struct kvm_cpuid2 *cpuid = (struct kvm_cpuid2 *)buffer;

	cpuid->nent = CPUID_ENTRIES;
	if (ioctl(kvm, KVM_GET_SUPPORTED_CPUID, cpuid) < 0)
		return fail(outcome, "KVM_GET_SUPPORTED_CPUID");
	return ioctl(vcpu, KVM_SET_CPUID2, cpuid) < 0 ? fail(outcome, "KVM_SET_CPUID2") : 0;
}

static int guest_init(struct guest *guest, struct outcome *outcome)
{
	int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC), vm, size;

	if (kvm < 0)
		return fail(outcome, "opening /dev/kvm");
	vm = ioctl(kvm, KVM_CREATE_VM, 0);
	if (vm < 0)
		return fail(outcome, "KVM_CREATE_VM");
	ioctl(vm, KVM_SET_TSS_ADDR, 0xfffbd000); /* needed by old Intel CPUs, rejected by others */
	if (!guest_memory(vm))
		return fail(outcome, "KVM_SET_USER_MEMORY_REGION");
	guest->vcpu = ioctl(vm, KVM_CREATE_VCPU, 0);
	size = ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	if (guest->vcpu < 0 || size < 0)
		return fail(outcome, "KVM_CREATE_VCPU");
	guest->run = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED, guest->vcpu, 0);
	if (guest->run == MAP_FAILED)
		return fail(outcome, "mapping kvm_run");
	if (set_cpuid(kvm, guest->vcpu, outcome) < 0)
		return -1;
	if (ioctl(guest->vcpu, KVM_GET_SREGS, &guest->sregs) < 0)
		return fail(outcome, "KVM_GET_SREGS");
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

/* Nanoseconds until the guest's `out` exits; 0: it failed. */
static uint64_t time_loop(struct guest *guest, int ring, uint64_t loops, struct outcome *outcome)
{
	struct kvm_regs regs = {.rflags = ring ? 0x3002 : 2, /* IOPL 3: ring 3 may use `out` */
				.rip = GUEST_CODE,
				.rcx = loops,
				.rsp = 0x10000};
	uint64_t start;

	set_ring(&guest->sregs, ring);
	if (ioctl(guest->vcpu, KVM_SET_SREGS, &guest->sregs) < 0)
		return fail(outcome, "KVM_SET_SREGS"), 0;
	if (ioctl(guest->vcpu, KVM_SET_REGS, &regs) < 0)
		return fail(outcome, "KVM_SET_REGS"), 0;
	start = clock_now();
	if (ioctl(guest->vcpu, KVM_RUN, 0) < 0)
		return fail(outcome, "KVM_RUN"), 0;
	if (guest->run->exit_reason != KVM_EXIT_IO) {
		snprintf(outcome->step, sizeof(outcome->step), "KVM_RUN, with exit reason %u",
			 guest->run->exit_reason);
		return 0;
	}
	start = clock_now() - start;
	/* otherwise completing the `out` would overwrite the next registers */
	guest->run->immediate_exit = 1;
	ioctl(guest->vcpu, KVM_RUN, 0);
	guest->run->immediate_exit = 0;
	return start;
}

/* The cost of one instruction: the loop's time less that of entering and exiting the guest. */
static double time_instruction(struct guest *guest, int ring, uint64_t loops,
			       struct outcome *outcome)
{
	double best = -1;

	for (int i = 0; i < ATTEMPTS; i++) {
		uint64_t once = time_loop(guest, ring, 1, outcome);
		uint64_t many = once ? time_loop(guest, ring, loops, outcome) : 0;
		double ns;

		if (!many)
			return -1;
		ns = many > once ? (double)(many - once) / (2.0 * (double)loops) : 0;
		if (best < 0 || ns < best)
			best = ns;
	}
	return best;
}

/* A short loop distinguishes native from emulated; only a long one measures native speed. */
static void time_ring(struct guest *guest, int ring, struct outcome *outcome)
{
	outcome->ns = time_instruction(guest, ring, LOOPS, outcome);
	if (outcome->ns >= 0 && outcome->ns < KVM_PROBE_EMULATED_NS)
		outcome->ns = time_instruction(guest, ring, 100 * LOOPS, outcome);
}

/* A guest may hang: the child dies with its parent and holds none of its locks. */
static void leave_parent(pid_t parent, int out)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		_exit(1);
	close_range(3, (unsigned)out - 1, 0);
	close_range((unsigned)out + 1, ~0U, 0);
}

/* Runs in the child of a process that may have threads: system calls only. */
static void time_guest(pid_t parent, int out)
{
	struct timing timing = {.ring0.ns = -1, .ring3.ns = -1};
	struct guest guest = {.vcpu = -1};

	leave_parent(parent, out);
	if (guest_init(&guest, &timing.setup) == 0) {
		time_ring(&guest, 3, &timing.ring3);
		if (write(out, &timing, sizeof(timing)) < 0)
			_exit(1);
		time_ring(&guest, 0, &timing.ring0);
	}
	_exit(write(out, &timing, sizeof(timing)) < 0);
}

static int limit_ms(void)
{
	return host_cpu() == HOST_CPU_EMULATED ? EMULATED_LIMIT_MS : LIMIT_MS;
}

/* The last report counts: a guest that hangs or dies in ring 0 has already reported ring 3. */
static void collect(int in, struct timing *timing)
{
	uint64_t limit = clock_now() + (uint64_t)limit_ms() * NSEC_PER_MSEC, now;

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
	pid_t parent = getpid(), pid;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0) {
		fail(&timing->setup, "making a pipe");
		return;
	}
	pid = fork();
	if (pid == 0)
		time_guest(parent, ends[1]);
	close(ends[1]);
	if (pid < 0) {
		fail(&timing->setup, "starting a process");
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

static void explain_setup(struct kvm_probe *probe, const struct outcome *setup)
{
	const char *mend = "";

	if (setup->error == ENOENT)
		mend = "; if the CPU has VT-x or AMD-V and the firmware allows it: modprobe "
		       "kvm_intel || modprobe kvm_amd";
	else if (setup->error == EACCES || setup->error == EPERM)
		mend = "; run as root, or: adduser $USER kvm";
	snprintf(probe->reason, sizeof(probe->reason), "KVM is not usable: %s: %s%s", setup->step,
		 strerror(setup->error), mend);
}

static bool is_native(const struct outcome *ring)
{
	return ring->ns >= 0 && ring->ns < KVM_PROBE_EMULATED_NS;
}

static void explain_ring(const struct outcome *ring, char *text, size_t size)
{
	if (is_native(ring))
		snprintf(text, size, "is native");
	else if (ring->ns >= 0)
		snprintf(text, size, "takes %.0f ns an instruction, so it is emulated", ring->ns);
	else if (ring->step[0])
		snprintf(text, size, "does not run: %s failed%s%s", ring->step,
			 ring->error ? ": " : "", ring->error ? strerror(ring->error) : "");
	else
		snprintf(text, size, "did not end within %d ms", limit_ms());
}

static void explain_rings(struct kvm_probe *probe, const struct timing *timing, const char *tried)
{
	char ring0[128], ring3[128];

	explain_ring(&timing->ring0, ring0, sizeof(ring0));
	explain_ring(&timing->ring3, ring3, sizeof(ring3));
	snprintf(probe->reason, sizeof(probe->reason),
		 "KVM (%s, %s) runs no Linux guest: guest kernel mode %s; guest user mode %s%s%s. "
		 "A host with hardware virtualization is needed (a bare machine, or nested "
		 "virtualization)",
		 probe->module[0] ? probe->module : "unknown module",
		 probe->paging[0] ? probe->paging : "unknown paging", ring0, ring3,
		 *tried ? "; " : "", tried);
}

/* The loop does not decide: it failed, or was slow, as on a loaded host. */
static bool in_doubt(const struct outcome *ring0)
{
	return !is_native(ring0) && ring0->ns < SURELY_EMULATED_NS;
}

static void examine(struct kvm_probe *probe)
{
	struct timing timing = {.ring0.ns = -1, .ring3.ns = -1};
	char tried[192] = "";

	run_child(&timing);
	probe->host = host_cpu();
	find_module(probe);
	probe->ring0_ns = timing.ring0.ns;
	probe->ring3_ns = timing.ring3.ns;
	probe->linux_guest = is_native(&timing.ring0);
	probe->ring3 = is_native(&timing.ring3);
	if (timing.setup.step[0]) {
		explain_setup(probe, &timing.setup);
		return;
	}
	if (in_doubt(&timing.ring0))
		probe->linux_guest = probe->booted = kvm_boots_linux(tried, sizeof(tried));
	if (!probe->linux_guest)
		explain_rings(probe, &timing, tried);
}

static struct kvm_probe found;

static void examine_once(void)
{
	examine(&found);
}

void kvm_probe(struct kvm_probe *probe)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, examine_once);
	*probe = found;
}

void kvm_probe_name(const struct kvm_probe *probe, char *text, size_t size)
{
	static const char *const hosts[] = {
		[HOST_CPU_REAL] = "",
		[HOST_CPU_VIRTUAL] = ", in a virtual machine",
		[HOST_CPU_EMULATED] = ", on an emulated CPU",
	};

	snprintf(text, size, "KVM: %s, %s%s", probe->module, probe->paging, hosts[probe->host]);
}

const char *kvm_probe_caveat(const struct kvm_probe *probe)
{
	static const char *const caveats[] = {
		[HOST_CPU_REAL] = "",
		[HOST_CPU_VIRTUAL] = "the host is a virtual machine itself: KVM is nested",
		[HOST_CPU_EMULATED] = "the host's CPU is emulated in software (TCG)",
	};

	return probe->linux_guest ? caveats[probe->host] : probe->reason;
}
