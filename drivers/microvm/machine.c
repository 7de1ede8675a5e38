/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The virtual machine: memory slots, page tables, descriptor table, task state segment, stub.
 *
 *   guest physical = guest virtual          host
 *   SYSTEM_LOW   GDT, stub, TSS             memory of the VMM
 *   low .. high  the program's memory       the same addresses, in chunks
 *   high + 2 MiB vvar and vDSO, read-only   the VMM's own
 *   high + 4 MiB page tables (no address)   memory of the VMM
 *
 * The guest cannot write page tables, GDT, TSS or stub: they are not mapped, not writable, or not
 * accessible in user mode. (With shadow paging each write would also exit.) If the stub runs in
 * ring 0, user mode cannot access its page either.
 */
#include <cpuid.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "drivers/microvm/vmm.h"
#include "base/cleanup.h"

enum {
	PAGE_PRESENT = 0x01,
	PAGE_WRITE = 0x02,
	PAGE_USER = 0x04,
	PAGE_ACCESSED = 0x20,
	PAGE_DIRTY = 0x40,
	PAGE_HUGE = 0x80,
};

#define ENTRY_TABLE (PAGE_PRESENT | PAGE_WRITE | PAGE_USER | PAGE_ACCESSED)
#define ENTRY_PROGRAM (ENTRY_TABLE | PAGE_DIRTY)
#define ENTRY_SYSTEM_CODE (PAGE_PRESENT | PAGE_ACCESSED | PAGE_DIRTY)
#define ENTRY_READ_ONLY (ENTRY_SYSTEM_CODE | PAGE_USER)
#define ENTRY_SYSTEM (ENTRY_SYSTEM_CODE | PAGE_WRITE)

#define XCR0_TILES (3ULL << 17)
#define CPUID_7_EBX_SMEP (1u << 7)
#define CPUID_7_EBX_SMAP (1u << 20)
#define CR4_SMEP (1ULL << 20)
#define CR4_SMAP (1ULL << 21)

enum slot { SLOT_SYSTEM, SLOT_VDSO, SLOT_TABLES, SLOT_PROGRAM };

static int set_slot(struct vmm *vmm, unsigned slot, uint64_t physical, uint64_t bytes,
		    const void *host, uint32_t flags, struct error *err)
{
	struct kvm_userspace_memory_region region = {
		.slot = slot,
		.flags = flags,
		.guest_phys_addr = physical,
		.memory_size = bytes,
		.userspace_addr = (uint64_t)host,
	};

	if (ioctl(vmm->vm, KVM_SET_USER_MEMORY_REGION, &region))
		return error_errno(err, -errno, "setting the guest's memory");
	return 0;
}

/* KVM allocates bookkeeping for each page of a slot immediately, which takes milliseconds for
 * gigabytes. So the guest's memory is added in chunks at first use. */
int machine_give(struct vmm *vmm, uint64_t start, uint64_t length, struct error *err)
{
	uint64_t last = (start + length - 1 - vmm->low) / CHUNK_BYTES;

	for (uint64_t i = (start - vmm->low) / CHUNK_BYTES; i <= last; i++) {
		uint64_t at = vmm->low + i * CHUNK_BYTES, rest = vmm->high - at;
		int rc;

		if (vmm->given[i / 64] >> i % 64 & 1)
			continue;
		rc = set_slot(vmm, SLOT_PROGRAM + (unsigned)i, at,
			      rest < CHUNK_BYTES ? rest : CHUNK_BYTES, (void *)at, 0, err);
		if (rc)
			return rc;
		vmm->given[i / 64] |= 1ULL << i % 64;
	}
	return 0;
}

static void *zeroed(size_t bytes, struct error *err)
{
	void *memory =
		mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED) {
		error_errno(err, -errno, "memory for the guest's page tables");
		return NULL;
	}
	return memory;
}

/* Page tables under construction: physical address `physical` is at `host`. */
struct tables {
	uint8_t *host;
	uint64_t physical;
	size_t used, size;
};

static uint64_t *table_at(const struct tables *tables, uint64_t entry)
{
	return (uint64_t *)(tables->host + ((entry & ~(PAGE_BYTES - 1)) - tables->physical));
}

/* The table below entry `index` of `table`, created if necessary. */
static uint64_t *descend(struct tables *tables, uint64_t *table, unsigned index)
{
	if (!(table[index] & PAGE_PRESENT)) {
		table[index] = (tables->physical + tables->used) | ENTRY_TABLE;
		tables->used += PAGE_BYTES;
	}
	return table_at(tables, table[index]);
}

/* The entry of a page of 4 KiB. */
static uint64_t *page_entry(struct tables *tables, uint64_t at)
{
	uint64_t *table = (uint64_t *)tables->host;

	for (int shift = 39; shift > 12; shift -= 9)
		table = descend(tables, table, (at >> shift) & 511);
	return table + ((at >> 12) & 511);
}

/* Maps virtual = physical addresses; `huge` requires start and end to be multiples of 2 MiB. */
static void map(struct tables *tables, uint64_t start, uint64_t end, uint64_t flags, bool huge)
{
	uint64_t *top = (uint64_t *)tables->host;
	uint64_t step = huge ? HUGE_BYTES : PAGE_BYTES;

	for (uint64_t at = start; at < end; at += step) {
		uint64_t *middle, *low;

		if (!huge) {
			*page_entry(tables, at) = at | flags;
			continue;
		}
		middle = descend(tables, top, (at >> 39) & 511);
		low = descend(tables, middle, (at >> 30) & 511);
		low[(at >> 21) & 511] = at | flags | PAGE_HUGE;
	}
}

static size_t tables_bytes(const struct vmm *vmm, uint64_t top)
{
	size_t directories = (size_t)(top >> 30) + 2;
	size_t tables = vmm->huge ? 0 : (size_t)((vmm->high - vmm->low) / HUGE_BYTES);

	/* top level, middle level, and one table each for system pages and vDSO */
	return (2 + directories + tables + 4) * PAGE_BYTES;
}

/* Finds this process's vDSO and the data pages that it reads. */
static int find_vdso(uint64_t *start, uint64_t *end)
{
	cleanup_file FILE *maps = fopen("/proc/self/maps", "re");
	unsigned long from, to;
	char line[512];

	*start = *end = 0;
	while (maps && fgets(line, sizeof(line), maps)) {
		if (!strstr(line, "[vvar") && !strstr(line, "[vdso]"))
			continue;
		if (sscanf(line, "%lx-%lx", &from, &to) != 2 || (*end && *end != from))
			return -ENOENT;
		if (!*start)
			*start = from;
		*end = to;
	}
	return *end ? 0 : -ENOENT;
}

/* May fail: reading the clock then costs an exit, and the status block says so. */
static void map_vdso(struct vmm *vmm, struct tables *tables)
{
	uint64_t start, end, at = vmm->high + HUGE_BYTES, vdso = getauxval(AT_SYSINFO_EHDR);

	if (find_vdso(&start, &end) || vdso < start || vdso >= end || end - start > HUGE_BYTES)
		return;
	if (set_slot(vmm, SLOT_VDSO, at, end - start, (void *)start, KVM_MEM_READONLY, NULL))
		return;
	map(tables, at, at + (end - start), ENTRY_READ_ONLY, false);
	vmm->vdso = at + (vdso - start);
}

static int build_tables(struct vmm *vmm, struct error *err)
{
	uint64_t top = vmm->high + 2 * HUGE_BYTES;
	size_t bytes = tables_bytes(vmm, top);
	struct tables tables = {.physical = top, .used = PAGE_BYTES, .size = bytes};

	tables.host = zeroed(bytes, err);
	if (!tables.host)
		return err->code;
	map(&tables, SYSTEM_GDT, SYSTEM_GDT + PAGE_BYTES, ENTRY_SYSTEM, false);
	vmm->stub_map = page_entry(&tables, SYSTEM_STUB);
	map(&tables, SYSTEM_TSS, SYSTEM_TSS + 3 * PAGE_BYTES, ENTRY_SYSTEM, false);
	map(&tables, SYSTEM_PROBE, SYSTEM_PROBE + PAGE_BYTES, ENTRY_READ_ONLY, false);
	map(&tables, vmm->low, vmm->high, ENTRY_PROGRAM, vmm->huge);
	map_vdso(vmm, &tables);
	vmm->tables = top;
	return set_slot(vmm, SLOT_TABLES, top, bytes, tables.host, 0, err);
}

static void build_system(uint8_t *system)
{
	uint64_t *gdt = (uint64_t *)system;
	uint8_t *tss = system + (SYSTEM_TSS - SYSTEM_LOW);

	gdt[2] = 0x00af9b000000ffff; /* 0x10 kernel code: for `syscall` on hardware */
	gdt[3] = 0x00cf93000000ffff; /* 0x18 kernel data */
	/* 0x20 would be 32-bit user code, the base for `sysret`, which never loads it */
	gdt[5] = 0x00cff3000000ffff; /* 0x28 user data */
	gdt[6] = 0x00affb000000ffff; /* 0x30 user code */
	/* The I/O permission bitmap: user mode may use only the stub's port. */
	memset(tss + TSS_BITMAP, 0xff, TSS_LIMIT + 1 - TSS_BITMAP);
	tss[TSS_BITMAP + CALL_PORT / 8] &= (uint8_t) ~(1 << CALL_PORT % 8);
	tss[102] = TSS_BITMAP;
}

/* The processor cannot have cached this entry, because it was absent. */
void machine_map_stub(struct vmm *vmm, int ring)
{
	*vmm->stub_map = SYSTEM_STUB | (ring ? ENTRY_READ_ONLY : ENTRY_SYSTEM_CODE);
}

static struct kvm_cpuid_entry2 *cpuid_entry(struct vmm *vmm, uint32_t function)
{
	for (unsigned i = 0; i < vmm->cpuid->nent; i++)
		if (vmm->cpuid->entries[i].function == function && !vmm->cpuid->entries[i].index)
			return vmm->cpuid->entries + i;
	return NULL;
}

/* The vector state that the host has enabled, so that the program chooses the same code as on the
 * host. KVM without hardware virtualization does not report it, but accepts it. Tiles (AMX) are
 * left out: a program must request them on the host as well. */
static void choose_xcr0(struct vmm *vmm)
{
	struct kvm_cpuid_entry2 *features = cpuid_entry(vmm, 1), *state = cpuid_entry(vmm, 13);
	uint32_t a, b, c, d;

	if (!features || !__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_OSXSAVE))
		return;
	__asm__ volatile("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
	vmm->xcr0 = ((((uint64_t)d) << 32) | a) & ~XCR0_TILES;
	if (state && state->eax)
		vmm->xcr0 &= (((uint64_t)state->edx) << 32) | state->eax;
	features->ecx |= bit_XSAVE | bit_OSXSAVE;
}

/* Ring 0, if there is one, neither executes nor accesses what user mode can write. */
static void choose_guards(struct vmm *vmm)
{
	const struct kvm_cpuid_entry2 *features = cpuid_entry(vmm, 7);

	if (features && features->ebx & CPUID_7_EBX_SMEP)
		vmm->guards |= CR4_SMEP;
	if (features && features->ebx & CPUID_7_EBX_SMAP)
		vmm->guards |= CR4_SMAP;
}

static int read_cpuid(struct vmm *vmm, struct error *err)
{
	unsigned entries = 256;

	vmm->cpuid = calloc(1, sizeof(*vmm->cpuid) + entries * sizeof(*vmm->cpuid->entries));
	if (!vmm->cpuid)
		return error_set(err, -ENOMEM, "no memory for the guest's CPUID");
	vmm->cpuid->nent = entries;
	if (ioctl(vmm->kvm, KVM_GET_SUPPORTED_CPUID, vmm->cpuid))
		return error_errno(err, -errno, "asking KVM for its CPUID");
	choose_xcr0(vmm);
	choose_guards(vmm);
	return 0;
}

static int create_vm(struct vmm *vmm, struct error *err)
{
	uint64_t identity = SYSTEM_LOW - PAGE_BYTES;
	int bytes;

	vmm->vm = ioctl(vmm->kvm, KVM_CREATE_VM, 0);
	if (vmm->vm < 0)
		return error_errno(err, -errno, "creating a virtual machine");
	if (ioctl(vmm->vm, KVM_CHECK_EXTENSION, KVM_CAP_SYNC_REGS) <= 0)
		return error_set(err, -ENOTSUP,
				 "this KVM has no KVM_CAP_SYNC_REGS, so the microvm is "
				 "unavailable; use Linux 4.17 or later");
	bytes = ioctl(vmm->kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	if (bytes < (int)sizeof(struct kvm_run))
		return error_set(err, -ENOTSUP, "KVM_GET_VCPU_MMAP_SIZE: %d", bytes);
	vmm->run_bytes = (size_t)bytes;
	/* Old Intel processors need four pages; the usual ones may be in the guest's memory. */
	ioctl(vmm->vm, KVM_SET_IDENTITY_MAP_ADDR, &identity);
	ioctl(vmm->vm, KVM_SET_TSS_ADDR, SYSTEM_LOW - 4 * PAGE_BYTES);
	return read_cpuid(vmm, err);
}

int machine_create(struct vmm *vmm, struct error *err)
{
	int rc;

	rc = create_vm(vmm, err);
	if (rc)
		return rc;
	vmm->system = zeroed(SYSTEM_BYTES, err);
	if (!vmm->system)
		return err->code;
	build_system(vmm->system);
	rc = set_slot(vmm, SLOT_SYSTEM, SYSTEM_LOW, SYSTEM_BYTES, vmm->system, 0, err);
	rc = rc ?: build_tables(vmm, err);
	if (rc)
		return rc;
	vmm->status->low = vmm->low;
	vmm->status->high = vmm->high;
	vmm->status->vdso = !!vmm->vdso;
	vmm->status->page_bytes = vmm->huge ? HUGE_BYTES : PAGE_BYTES;
	return 0;
}
