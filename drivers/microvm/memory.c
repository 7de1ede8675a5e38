/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The guest's memory: one reserved range of the VMM's address space, in which mmap and the like are
 * carried out on the host. Unmapped parts stay reserved without access, so that pages that the
 * guest frees are also freed on the host, and the VMM never has anything in the range. */
#include "drivers/microvm/memory.h"

#include <errno.h>
#include <sys/mman.h>

#include "drivers/microvm/vmm.h"

#define FLAGS_ALLOWED                                                                              \
	(MAP_SHARED | MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_FIXED_NOREPLACE |              \
	 MAP_NORESERVE | MAP_POPULATE | MAP_STACK | MAP_DENYWRITE | MAP_HUGETLB)

static uint64_t page_ceiling(uint64_t length)
{
	return (length + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1);
}

static long reserve(uint64_t start, uint64_t length)
{
	void *at = mmap((void *)start, length, PROT_NONE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);

	return at == MAP_FAILED ? -errno : 0;
}

int memory_reserve(struct vmm *vmm, uint64_t bytes, struct error *err)
{
	vmm->low = GUEST_LOW;
	vmm->high = (GUEST_LOW + bytes + HUGE_BYTES - 1) & ~(HUGE_BYTES - 1);
	if (bytes > GUEST_BYTES_LIMIT || vmm->high <= vmm->low + STACK_BYTES + BREAK_BYTES)
		return error_set(err, -EINVAL, "a guest cannot have %lu bytes of memory",
				 (unsigned long)bytes);
	/* NOREPLACE: an address in use is an error and never overwrites the VMM */
	if (mmap((void *)vmm->low, vmm->high - vmm->low, PROT_NONE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1,
		 0) == MAP_FAILED)
		return error_errno(err, -errno, "reserving %#lx to %#lx for the guest",
				   (unsigned long)vmm->low, (unsigned long)vmm->high);
	space_init(&vmm->space, vmm->low, vmm->high);
	return pthread_mutex_init(&vmm->memory_lock, NULL);
}

int memory_map(struct vmm *vmm, uint64_t start, uint64_t length, struct error *err)
{
	if (!space_is_free(&vmm->space, start, length) || space_take(&vmm->space, start, length))
		return error_set(err, -ENOMEM, "the guest's memory is too small for its program");
	if (mmap((void *)start, length, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
		return error_errno(err, -errno, "memory for the guest's program");
	return machine_give(vmm, start, length, err);
}

static uint64_t huge_ceiling(uint64_t address)
{
	return (address + HUGE_BYTES - 1) & ~(HUGE_BYTES - 1);
}

/* The first access to a page is an exit inside KVM: a program of a megabyte would begin with
 * hundreds. So the program and the start of its heap use huge pages if the host has some. */
int memory_map_program(struct vmm *vmm, uint64_t start, uint64_t end, struct error *err)
{
	uint64_t length = huge_ceiling(end) - start;
	int rc = memory_map(vmm, start, length, err);

	if (!rc && vmm->huge)
		madvise((void *)start, length, MADV_HUGEPAGE);
	if (!rc && space_take(&vmm->space, start + length, BREAK_BYTES))
		rc = error_set(err, -ENOMEM, "the guest's memory is too small for its program");
	rc = rc ?: machine_give(vmm, start + length, BREAK_BYTES, err);
	vmm->break_low = vmm->break_now = end;
	vmm->break_backed = start + length;
	vmm->break_high = start + length + BREAK_BYTES;
	return rc;
}

/* The processor needs no host permission to execute, but to read. */
static int host_protection(uint64_t protection)
{
	int host = (int)(protection & (PROT_READ | PROT_WRITE));

	return protection & PROT_EXEC ? host | PROT_READ : host;
}

static uint64_t later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* Up to break_backed the heap is always mapped: freed parts read as zero; what is beyond is mapped
 * and unmapped. With the lock held. */
static bool move_break(const struct vmm *vmm, uint64_t old_end, uint64_t new_end)
{
	uint64_t old_top = later(old_end, vmm->break_backed);
	uint64_t new_top = later(new_end, vmm->break_backed);

	if (new_top > old_top)
		return mmap((void *)old_top, new_top - old_top, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED;
	if (new_top < old_top && reserve(new_top, old_top - new_top))
		return false;
	if (new_end < old_end && new_end < vmm->break_backed)
		return !madvise((void *)new_end,
				(old_end < vmm->break_backed ? old_end : vmm->break_backed) -
					new_end,
				MADV_DONTNEED);
	return true;
}

long memory_brk(struct vcpu *vcpu, const uint64_t a[6])
{
	struct vmm *vmm = vcpu->vmm;
	uint64_t now;

	pthread_mutex_lock(&vmm->memory_lock);
	if (a[0] >= vmm->break_low && a[0] <= vmm->break_high &&
	    move_break(vmm, page_ceiling(vmm->break_now), page_ceiling(a[0])))
		vmm->break_now = a[0];
	now = vmm->break_now;
	pthread_mutex_unlock(&vmm->memory_lock);
	return (long)now;
}

/* Chooses the address of a mapping, or returns a negative errno. With the lock held. */
static long choose(struct vmm *vmm, uint64_t hint, uint64_t length, uint64_t flags, uint64_t align)
{
	uint64_t at;

	if (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) {
		if (hint & (align - 1))
			return -EINVAL;
		if (!space_holds(&vmm->space, hint, length))
			return -ENOMEM;
		if ((flags & MAP_FIXED_NOREPLACE) && !space_is_free(&vmm->space, hint, length))
			return -EEXIST;
		return (long)hint;
	}
	hint &= ~(align - 1);
	if (hint && space_is_free(&vmm->space, hint, length))
		return (long)hint;
	at = space_find(&vmm->space, length, length >= HUGE_BYTES ? HUGE_BYTES : align);
	return at ? (long)at : -ENOMEM;
}

static long map_at(struct vmm *vmm, uint64_t at, uint64_t length, const uint64_t a[6], int fd)
{
	int flags = (int)(a[3] & ~(uint64_t)MAP_FIXED_NOREPLACE) | MAP_FIXED;

	if (space_take(&vmm->space, at, length) || machine_give(vmm, at, length, NULL))
		return -ENOMEM;
	if (mmap((void *)at, length, host_protection(a[2]), flags, fd, (off_t)a[5]) != MAP_FAILED)
		return (long)at;
	/* the kernel may have removed the old mapping */
	flags = -errno;
	if (!reserve(at, length))
		space_give(&vmm->space, at, length);
	return flags;
}

static long map(struct vmm *vmm, const uint64_t a[6], int fd)
{
	uint64_t align = a[3] & MAP_HUGETLB ? HUGE_BYTES : PAGE_BYTES, length;
	long at;

	if (!a[1] || (a[3] & ~(uint64_t)FLAGS_ALLOWED) || (a[5] & (PAGE_BYTES - 1)) ||
	    (a[2] & ~(uint64_t)(PROT_READ | PROT_WRITE | PROT_EXEC)))
		return -EINVAL;
	if (a[1] > vmm->high)
		return -ENOMEM;
	length = (a[1] + align - 1) & ~(align - 1);
	pthread_mutex_lock(&vmm->memory_lock);
	at = choose(vmm, a[0], length, a[3], align);
	if (at > 0)
		at = map_at(vmm, (uint64_t)at, length, a, fd);
	pthread_mutex_unlock(&vmm->memory_lock);
	return at;
}

long memory_mmap(struct vcpu *vcpu, const uint64_t a[6])
{
	struct descriptor *file;
	long at;

	if (a[3] & MAP_ANONYMOUS)
		return map(vcpu->vmm, a, -1);
	file = descriptors_get(&vcpu->vmm->descriptors, a[4]);
	if (!file)
		return -EBADF;
	at = map(vcpu->vmm, a, file->host);
	descriptors_put(&vcpu->vmm->descriptors, file);
	return at;
}

/* With the lock held. */
static long unmap(struct vmm *vmm, uint64_t start, uint64_t length)
{
	long rc = reserve(start, length);

	return rc ? rc : space_give(&vmm->space, start, length);
}

/* A range of whole pages in the guest's memory; *length is rounded up. */
static bool is_range(const struct vmm *vmm, uint64_t start, uint64_t *length)
{
	if ((start & (PAGE_BYTES - 1)) || *length > vmm->high)
		return false;
	*length = page_ceiling(*length);
	return space_holds(&vmm->space, start, *length);
}

long memory_munmap(struct vcpu *vcpu, const uint64_t a[6])
{
	struct vmm *vmm = vcpu->vmm;
	uint64_t length = a[1];
	long rc;

	if (!is_range(vmm, a[0], &length))
		return -EINVAL;
	pthread_mutex_lock(&vmm->memory_lock);
	rc = unmap(vmm, a[0], length);
	pthread_mutex_unlock(&vmm->memory_lock);
	return rc;
}

/* With the lock held. Growing always moves. */
static long grow(struct vmm *vmm, uint64_t start, uint64_t length, uint64_t wanted)
{
	uint64_t at =
		space_find(&vmm->space, wanted, wanted >= HUGE_BYTES ? HUGE_BYTES : PAGE_BYTES);
	long rc;

	if (!at || space_take(&vmm->space, at, wanted) || machine_give(vmm, at, wanted, NULL))
		return -ENOMEM;
	if (mremap((void *)start, length, wanted, MREMAP_MAYMOVE | MREMAP_FIXED, (void *)at) ==
	    MAP_FAILED) {
		rc = -errno;
		if (!reserve(at, wanted))
			space_give(&vmm->space, at, wanted);
		return rc;
	}
	rc = unmap(vmm, start, length);
	return rc ? rc : (long)at;
}

long memory_mremap(struct vcpu *vcpu, const uint64_t a[6])
{
	struct vmm *vmm = vcpu->vmm;
	uint64_t length = a[1], wanted = page_ceiling(a[2]);
	long rc = (long)a[0];

	if ((a[3] & ~(uint64_t)MREMAP_MAYMOVE) || !wanted || a[2] > vmm->high)
		return -EINVAL;
	if (!is_range(vmm, a[0], &length))
		return -EFAULT;
	pthread_mutex_lock(&vmm->memory_lock);
	if (wanted < length && unmap(vmm, a[0] + wanted, length - wanted))
		rc = -ENOMEM;
	else if (wanted > length)
		rc = a[3] & MREMAP_MAYMOVE ? grow(vmm, a[0], length, wanted) : -ENOMEM;
	pthread_mutex_unlock(&vmm->memory_lock);
	return rc;
}

long memory_mprotect(struct vcpu *vcpu, const uint64_t a[6])
{
	uint64_t length = a[1];

	if (a[2] & ~(uint64_t)(PROT_READ | PROT_WRITE | PROT_EXEC))
		return -EINVAL;
	if (!length)
		return 0;
	if (!is_range(vcpu->vmm, a[0], &length))
		return -ENOMEM;
	return mprotect((void *)a[0], length, host_protection(a[2])) ? -errno : 0;
}

long memory_madvise(struct vcpu *vcpu, const uint64_t a[6])
{
	uint64_t length = a[1];

	switch (a[2]) {
	case MADV_NORMAL:
	case MADV_RANDOM:
	case MADV_SEQUENTIAL:
	case MADV_WILLNEED:
	case MADV_DONTNEED:
	case MADV_FREE:
	case MADV_HUGEPAGE:
	case MADV_NOHUGEPAGE:
	case MADV_POPULATE_READ:
	case MADV_POPULATE_WRITE:
	case 25: /* MADV_COLLAPSE */
		break;
	default:
		return -EINVAL;
	}
	if (!length)
		return 0;
	if (!is_range(vcpu->vmm, a[0], &length))
		return -ENOMEM;
	return madvise((void *)a[0], length, (int)a[2]) ? -errno : 0;
}
