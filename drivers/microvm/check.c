/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/microvm/check.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "drivers/microvm/vmm.h"

long check_arguments(const struct call *call, uint64_t low, uint64_t high,
		     const uint64_t arguments[6])
{
	for (int i = 0; i < 6; i++) {
		const struct argument *argument = call->arguments + i;
		uint64_t length = argument->size;

		switch (argument->kind) {
		case ARGUMENT_OPTIONAL:
			if (!arguments[i])
				continue;
			break;
		case ARGUMENT_BUFFER:
			length = arguments[argument->size];
			break;
		case ARGUMENT_STRUCT:
			break;
		case ARGUMENT_CLOCK:
			if (arguments[i] >= CLOCKS)
				return -EINVAL;
			continue;
		default:
			continue;
		}
		if (!range_holds(low, high, arguments[i], length))
			return -EFAULT;
	}
	return 0;
}

/* Through the kernel, which returns EFAULT where a plain copy would crash. */
static long copy(const struct vmm *vmm, uint64_t address, void *buffer, size_t size, bool write)
{
	/* cppcheck-suppress ctuuninitvar ; a reader's buffer is filled here */
	struct iovec mine = {buffer, size}, theirs = {(void *)address, size};
	ssize_t n;

	if (!size)
		return 0;
	if (!range_holds(vmm->low, vmm->high, address, size))
		return -EFAULT;
	n = write ? process_vm_writev(vmm->pid, &mine, 1, &theirs, 1, 0)
		  : process_vm_readv(vmm->pid, &mine, 1, &theirs, 1, 0);
	return n == (ssize_t)size ? 0 : -EFAULT;
}

long guest_read(const struct vmm *vmm, uint64_t address, void *to, size_t size)
{
	return copy(vmm, address, to, size, false);
}

long guest_write(const struct vmm *vmm, uint64_t address, const void *from, size_t size)
{
	return copy(vmm, address, (void *)from, size, true);
}

long guest_string(const struct vmm *vmm, uint64_t address, char *to, size_t size)
{
	for (size_t used = 0; used < size;) {
		/* not beyond the page: the next one may be missing and not needed */
		size_t part = PAGE_BYTES - ((address + used) & (PAGE_BYTES - 1));
		long rc;

		if (part > size - used)
			part = size - used;
		rc = guest_read(vmm, address + used, to + used, part);
		if (rc)
			return rc;
		if (memchr(to + used, 0, part))
			return 0;
		used += part;
	}
	return -ENAMETOOLONG;
}

long guest_vector(const struct vmm *vmm, uint64_t address, uint64_t count,
		  struct iovec vector[IOV_LIMIT])
{
	long rc;

	if (count > IOV_LIMIT)
		return -EINVAL;
	rc = guest_read(vmm, address, vector, count * sizeof(*vector));
	for (uint64_t i = 0; i < count && !rc; i++)
		if (!range_holds(vmm->low, vmm->high, (uint64_t)vector[i].iov_base,
				 vector[i].iov_len))
			rc = -EFAULT;
	return rc;
}
