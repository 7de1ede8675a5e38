/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a program: refused, or taken with all of its segments within the guest's memory. */
#include <assert.h>
#include <stdlib.h>

#include "drivers/microvm/elf.h"
#include "drivers/microvm/vmm.h"

#define HIGH (GUEST_LOW + (64ULL << 20))

_Noreturn void vmm_fail(struct vmm *vmm, const char *format, ...)
{
	(void)vmm, (void)format;
	abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct image image;

	if (elf_check(bytes, size, size, GUEST_LOW, HIGH, &image, NULL))
		return 0;
	assert(image.entry >= GUEST_LOW && image.entry < HIGH && image.end <= HIGH);
	for (int i = 0; i < image.segment_count; i++) {
		const Elf64_Phdr *s = image.segments + i;

		assert(s->p_vaddr >= GUEST_LOW && s->p_vaddr <= HIGH);
		assert(s->p_memsz <= HIGH - s->p_vaddr && s->p_filesz <= s->p_memsz);
		assert(s->p_offset <= size && s->p_filesz <= size - s->p_offset);
	}
	return 0;
}
