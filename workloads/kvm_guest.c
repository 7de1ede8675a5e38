/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workloads/kvm_guest.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#ifdef __x86_64__

#define MEMORY_BYTES (2u << 20)
#define CODE 0x1000
#define TOP_TABLE 0x2000
#define MIDDLE_TABLE 0x3000
#define LOW_TABLE 0x4000
#define SEGMENTS 0x5000
#define VECTORS 0x6000
#define TASK 0x7000 /* the handler's stack */
#define HANDLER 0x8000
#define HANDLED 0x9000 /* interrupts, counted by the handler */
#define STACK_TOP 0xb000
#define TICKS 0x100000 /* the differences */
#define DONE_PORT 0x11
#define HUGE_BYTES (2u << 20)
#define SLOT_MEMORY 0
#define SLOT_PAGES 1
#define CODE_LIMIT 24
#define CPUID_ENTRIES 256
#define VECTOR 0x40
#define KERNEL_CODE 0x08
#define USER_DATA 0x2b
#define USER_CODE 0x33

/* Identity-maps everything up to 1 GiB with 2 MiB entries, for user mode, already "dirty". */
static void fill_tables(uint8_t *memory)
{
	uint64_t *low = (uint64_t *)(memory + LOW_TABLE);

	*(uint64_t *)(memory + TOP_TABLE) = MIDDLE_TABLE | 0x27;
	*(uint64_t *)(memory + MIDDLE_TABLE) = LOW_TABLE | 0x27;
	for (uint64_t i = 0; i < 512; i++)
		low[i] = i * HUGE_BYTES | 0xe7;
}

static void fill_code(uint8_t *at, const uint8_t *code, size_t length)
{
	/* lfence; rdtsc; shl $32, rdx; or rdx, rax: the time stamp in rax; then mov rax, r8 */
	static const uint8_t stamp[] = {0x0f, 0xae, 0xe8, 0x0f, 0x31, 0x48,
					0xc1, 0xe2, 0x20, 0x48, 0x09, 0xd0};
	static const uint8_t keep[] = {0x49, 0x89, 0xc0};
	/* sub r8, rax; mov rax, (rdi); add $8, rdi; add r9, r10; dec rsi; jnz */
	static const uint8_t next[] = {0x4c, 0x29, 0xc0, 0x48, 0x89, 0x07, 0x48, 0x83, 0xc7,
				       0x08, 0x4d, 0x01, 0xca, 0x48, 0xff, 0xce, 0x75};
	static const uint8_t done[] = {0xe6, DONE_PORT};
	uint8_t *start = at;

	at = mempcpy(at, stamp, sizeof(stamp));
	at = mempcpy(at, keep, sizeof(keep));
	at = mempcpy(at, code, length);
	at = mempcpy(at, stamp, sizeof(stamp));
	at = mempcpy(at, next, sizeof(next));
	*at = (uint8_t)(start - (at + 1));
	memcpy(at + 1, done, sizeof(done));
}

/* What an interrupt needs: an entry to kernel mode, and a handler there. */
static void fill_handler(uint8_t *memory)
{
	/* mov $0x80b, ecx; xor eax, eax; xor edx, edx; wrmsr: the end of the interrupt, to the
	   x2APIC; then incq HANDLED; iretq */
	static const uint8_t handler[] = {
		0xb9, 0x0b,           0x08,         0,    0,    0x31, 0xc0,
		0x31, 0xd2,           0x0f,         0x30, 0x48, 0xff, 0x04,
		0x25, HANDLED & 0xff, HANDLED >> 8, 0,    0,    0x48, 0xcf};
	uint64_t *segments = (uint64_t *)(memory + SEGMENTS);
	uint64_t *vector = (uint64_t *)(memory + VECTORS) + 2 * VECTOR;

	memcpy(memory + HANDLER, handler, sizeof(handler));
	segments[KERNEL_CODE / 8] = 0x00af9b000000ffff;
	segments[USER_DATA / 8] = 0x00cff3000000ffff;
	segments[USER_CODE / 8] = 0x00affb000000ffff;
	*vector = (uint64_t)0x8e00 << 32 | KERNEL_CODE << 16 | HANDLER;
	*(uint32_t *)(memory + TASK + 4) = STACK_TOP;
}

static int set_slot(struct kvm_guest *g, uint32_t slot, uint32_t flags, struct error *err)
{
	bool pages = slot == SLOT_PAGES;
	struct kvm_userspace_memory_region region = {
		.slot = slot,
		.flags = flags,
		.guest_phys_addr = pages ? KVM_GUEST_PAGES : 0,
		.memory_size = pages ? g->pages_bytes : MEMORY_BYTES,
		.userspace_addr = (uintptr_t)(pages ? g->pages : g->memory),
	};

	if (ioctl(g->vm, KVM_SET_USER_MEMORY_REGION, &region))
		return error_errno(err, -errno, "KVM_SET_USER_MEMORY_REGION");
	return 0;
}

/* At a multiple of 2 MiB, to allow huge pages. The surplus stays: it uses no memory. */
static uint8_t *map_aligned(size_t bytes)
{
	uint8_t *at = mmap(NULL, bytes + HUGE_BYTES, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	uintptr_t aligned;

	if (at == MAP_FAILED)
		return NULL;
	aligned = ((uintptr_t)at + HUGE_BYTES - 1) & ~(uintptr_t)(HUGE_BYTES - 1);
	munmap(at, aligned - (uintptr_t)at);
	munmap((uint8_t *)aligned + bytes, HUGE_BYTES - (aligned - (uintptr_t)at));
	return (uint8_t *)aligned;
}

static int give_memory(struct kvm_guest *g, struct error *err)
{
	int rc;

	g->memory = map_aligned(MEMORY_BYTES);
	g->pages = g->pages_bytes ? map_aligned(g->pages_bytes) : NULL;
	if (!g->memory || (g->pages_bytes && !g->pages))
		return error_set(err, -ENOMEM, "no memory for a guest");
	rc = set_slot(g, SLOT_MEMORY, 0, err);
	if (rc || !g->pages)
		return rc;
	if (madvise(g->pages, g->pages_bytes,
		    g->page_bytes == HUGE_BYTES ? MADV_HUGEPAGE : MADV_NOHUGEPAGE))
		return error_errno(err, -errno, "madvise");
	return set_slot(g, SLOT_PAGES, 0, err);
}

/* Linux 6.12 accepts long mode only if the vCPU's CPUID has it; older kernels do not check. */
static int set_cpuid(struct kvm_guest *g, struct error *err)
{
	struct kvm_cpuid2 *cpuid =
		calloc(1, sizeof(*cpuid) + CPUID_ENTRIES * sizeof(cpuid->entries[0]));
	int rc = 0;

	if (!cpuid)
		return error_set(err, -ENOMEM, "no memory for a guest");
	cpuid->nent = CPUID_ENTRIES;
	if (ioctl(g->kvm, KVM_GET_SUPPORTED_CPUID, cpuid))
		rc = error_errno(err, -errno, "KVM_GET_SUPPORTED_CPUID");
	else if (ioctl(g->vcpu, KVM_SET_CPUID2, cpuid))
		rc = error_errno(err, -errno, "KVM_SET_CPUID2");
	free(cpuid);
	return rc;
}

/* Starts directly in 64-bit user mode; interrupts come through the x2APIC. */
static int set_mode(struct kvm_guest *g, struct error *err)
{
	struct kvm_segment code = {.limit = 0xffffffff,
				   .selector = USER_CODE,
				   .present = 1,
				   .type = 11,
				   .dpl = 3,
				   .s = 1,
				   .l = 1,
				   .g = 1};
	struct kvm_segment data = code;
	struct kvm_sregs sregs;

	if (ioctl(g->vcpu, KVM_GET_SREGS, &sregs))
		return error_errno(err, -errno, "KVM_GET_SREGS");
	data.selector = USER_DATA;
	data.type = 3;
	data.l = 0;
	data.db = 1;
	sregs.cs = code;
	sregs.ss = sregs.ds = sregs.es = sregs.fs = sregs.gs = data;
	sregs.cr3 = TOP_TABLE;
	sregs.cr4 = 0x220;
	sregs.cr0 = 0x80050033;
	sregs.efer = 0x501;
	sregs.gdt = (struct kvm_dtable){.base = SEGMENTS, .limit = USER_CODE | 7};
	sregs.idt = (struct kvm_dtable){.base = VECTORS, .limit = 16 * (VECTOR + 1) - 1};
	sregs.tr.base = TASK;
	sregs.apic_base |= 0xc00;
	if (ioctl(g->vcpu, KVM_SET_SREGS, &sregs))
		return error_errno(err, -errno, "KVM rejects a guest in user mode");
	return 0;
}

static int open_vm(struct kvm_guest *g, struct error *err)
{
	int bytes;

	g->kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (g->kvm < 0)
		return error_errno(err, -errno,
				   "/dev/kvm cannot be opened, so no exit is measured");
	g->vm = ioctl(g->kvm, KVM_CREATE_VM, 0);
	if (g->vm < 0)
		return error_errno(err, -errno, "KVM_CREATE_VM");
	ioctl(g->vm, KVM_SET_TSS_ADDR, 0xfffbd000);
	if (ioctl(g->vm, KVM_CREATE_IRQCHIP))
		return error_errno(err, -errno, "KVM_CREATE_IRQCHIP");
	g->vcpu = ioctl(g->vm, KVM_CREATE_VCPU, 0);
	bytes = ioctl(g->kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	if (g->vcpu < 0 || bytes <= 0)
		return error_errno(err, -errno, "KVM_CREATE_VCPU");
	g->run = mmap(NULL, (size_t)bytes, PROT_READ | PROT_WRITE, MAP_SHARED, g->vcpu, 0);
	if (g->run == MAP_FAILED) {
		g->run = NULL;
		return error_errno(err, -errno, "mapping a vCPU");
	}
	g->run_bytes = (size_t)bytes;
	return 0;
}

int kvm_guest_create(const uint8_t *code, size_t length, size_t pages_bytes, size_t page_bytes,
		     struct kvm_guest **guest, struct error *err)
{
	struct kvm_guest *g = calloc(1, sizeof(*g));
	int rc;

	*guest = g;
	if (!g || length > CODE_LIMIT)
		return error_set(err, g ? -EINVAL : -ENOMEM, "no memory for a guest");
	g->kvm = g->vm = g->vcpu = g->event = -1;
	g->pages_bytes = pages_bytes;
	g->page_bytes = page_bytes;
	rc = open_vm(g, err);
	rc = rc ?: give_memory(g, err);
	if (rc)
		return rc;
	fill_tables(g->memory);
	fill_handler(g->memory);
	fill_code(g->memory + CODE, code, length);
	rc = set_cpuid(g, err);
	return rc ? rc : set_mode(g, err);
}

static void close_one(int fd)
{
	if (fd >= 0)
		close(fd);
}

void kvm_guest_destroy(struct kvm_guest *g)
{
	if (!g)
		return;
	if (g->run)
		munmap(g->run, g->run_bytes);
	close_one(g->vcpu);
	close_one(g->vm);
	close_one(g->kvm);
	close_one(g->event);
	if (g->memory)
		munmap(g->memory, MEMORY_BYTES);
	if (g->pages)
		munmap(g->pages, g->pages_bytes);
	free(g);
}

int kvm_guest_bind_event(struct kvm_guest *g, bool port, struct error *err)
{
	struct kvm_ioeventfd bind = {
		.addr = port ? KVM_GUEST_PORT : KVM_GUEST_DEVICE,
		.len = port ? 1 : 4,
		.flags = port ? KVM_IOEVENTFD_FLAG_PIO : 0,
	};

	g->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	bind.fd = g->event;
	if (g->event < 0 || ioctl(g->vm, KVM_IOEVENTFD, &bind))
		return error_errno(err, -errno, "KVM_IOEVENTFD");
	return 0;
}

uint64_t kvm_guest_events(struct kvm_guest *g)
{
	uint64_t count = 0;

	return read(g->event, &count, sizeof(count)) == sizeof(count) ? count : 0;
}

int kvm_guest_bind_interrupt(struct kvm_guest *g, struct error *err)
{
	struct {
		struct kvm_irq_routing head;
		struct kvm_irq_routing_entry entry;
	} routing = {
		.head.nr = 1,
		.entry = {.type = KVM_IRQ_ROUTING_MSI,
			  .u.msi = {.address_lo = 0xfee00000, .data = VECTOR}},
	};
	struct kvm_irqfd bind = {.fd = (uint32_t)g->event};
	struct kvm_lapic_state apic;

	if (ioctl(g->vcpu, KVM_GET_LAPIC, &apic))
		return error_errno(err, -errno, "KVM_GET_LAPIC");
	*(uint32_t *)(apic.regs + 0xf0) = 0x1ff; /* on */
	if (ioctl(g->vcpu, KVM_SET_LAPIC, &apic))
		return error_errno(err, -errno, "KVM_SET_LAPIC");
	if (ioctl(g->vm, KVM_SET_GSI_ROUTING, &routing) || ioctl(g->vm, KVM_IRQFD, &bind))
		return error_errno(err, -errno, "KVM_IRQFD");
	return 0;
}

uint64_t kvm_guest_interrupts(const struct kvm_guest *g)
{
	return *(volatile uint64_t *)(g->memory + HANDLED);
}

int kvm_guest_log(struct kvm_guest *g, bool on, struct error *err)
{
	g->logged = on;
	return set_slot(g, SLOT_PAGES, on ? KVM_MEM_LOG_DIRTY_PAGES : 0, err);
}

int kvm_guest_read_log(struct kvm_guest *g, int *dirty, struct error *err)
{
	size_t words = (g->pages_bytes / 4096 + 63) / 64;
	uint64_t *bitmap = calloc(words, sizeof(*bitmap));
	struct kvm_dirty_log log = {.slot = SLOT_PAGES, .dirty_bitmap = bitmap};
	int rc = 0;

	if (!bitmap)
		return error_set(err, -ENOMEM, "no memory for a log of pages");
	if (ioctl(g->vm, KVM_GET_DIRTY_LOG, &log))
		rc = error_errno(err, -errno, "KVM_GET_DIRTY_LOG");
	*dirty = 0;
	for (size_t i = 0; i < words; i++)
		*dirty += __builtin_popcountll(bitmap[i]);
	free(bitmap);
	return rc;
}

int kvm_guest_forget_pages(struct kvm_guest *g, struct error *err)
{
	return madvise(g->pages, g->pages_bytes, MADV_DONTNEED)
		       ? error_errno(err, -errno, "madvise")
		       : 0;
}

/* KVM must complete the last `out` before the registers are set again. */
static void finish_exit(struct kvm_guest *g)
{
	g->run->immediate_exit = 1;
	ioctl(g->vcpu, KVM_RUN, 0);
	g->run->immediate_exit = 0;
}

int kvm_guest_time(struct kvm_guest *g, int count, uint64_t ticks[KVM_GUEST_BATCH],
		   struct error *err)
{
	struct kvm_regs regs = {
		.rflags = 0x3202, /* IOPL 3: user mode may use `out`; interrupts are on */
		.rip = CODE,
		.rsp = CODE,
		.rdi = TICKS,
		.rsi = (uint64_t)count,
		.r9 = g->page_bytes,
		.r10 = KVM_GUEST_PAGES,
	};

	finish_exit(g);
	if (ioctl(g->vcpu, KVM_SET_REGS, &regs))
		return error_errno(err, -errno, "KVM_SET_REGS");
	for (;;) {
		if (ioctl(g->vcpu, KVM_RUN, 0)) {
			if (errno == EINTR)
				continue;
			return error_errno(err, -errno, "KVM_RUN");
		}
		if (g->run->exit_reason == KVM_EXIT_IO && g->run->io.port == DONE_PORT)
			break;
		if (g->run->exit_reason != KVM_EXIT_IO && g->run->exit_reason != KVM_EXIT_MMIO)
			return error_set(err, -EIO, "the guest ended with exit reason %u",
					 g->run->exit_reason);
		g->exits++;
	}
	memcpy(ticks, g->memory + TICKS, (size_t)count * sizeof(*ticks));
	return 0;
}

#else
void kvm_guest_destroy(struct kvm_guest *guest)
{
	(void)guest; /* never created: cpu.exit supports only x86 */
}
#endif
