/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first stack of a program, as the x86-64 System V ABI has it (3.4.1, "Initial Stack"). */
#include <elf.h>
#include <errno.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/random.h>
#include <unistd.h>

#include "drivers/microvm/elf.h"
#include "drivers/microvm/memory.h"
#include "drivers/microvm/vmm.h"

#define ARGUMENTS 32
#define STRING_BYTES 16384 /* all argument strings together */

struct stack {
	uint64_t pointer;
	uint64_t words[2 * ARGUMENTS + 64];
	int used;
};

static uint64_t push_bytes(struct stack *stack, const void *bytes, size_t size)
{
	stack->pointer -= size;
	memcpy((void *)stack->pointer, bytes, size);
	return stack->pointer;
}

static void add(struct stack *stack, uint64_t word)
{
	stack->words[stack->used++] = word;
}

static void add_auxiliary(struct stack *stack, uint64_t type, uint64_t value)
{
	add(stack, type);
	add(stack, value);
}

static void add_vector(struct vmm *vmm, struct stack *stack, const struct image *image,
		       uint64_t random, uint64_t platform, uint64_t name)
{
	add_auxiliary(stack, AT_PHDR, image->headers);
	add_auxiliary(stack, AT_PHENT, sizeof(Elf64_Phdr));
	add_auxiliary(stack, AT_PHNUM, (uint64_t)image->header_count);
	add_auxiliary(stack, AT_PAGESZ, PAGE_BYTES);
	add_auxiliary(stack, AT_BASE, 0);
	add_auxiliary(stack, AT_ENTRY, image->entry);
	add_auxiliary(stack, AT_UID, getuid());
	add_auxiliary(stack, AT_EUID, getuid());
	add_auxiliary(stack, AT_GID, getgid());
	add_auxiliary(stack, AT_EGID, getgid());
	add_auxiliary(stack, AT_SECURE, 0);
	add_auxiliary(stack, AT_CLKTCK, (uint64_t)sysconf(_SC_CLK_TCK));
	add_auxiliary(stack, AT_HWCAP, getauxval(AT_HWCAP));
	/* AT_HWCAP2 would promise FSGSBASE, which needs a bit in CR4 that this guest has not */
	add_auxiliary(stack, AT_RANDOM, random);
	add_auxiliary(stack, AT_PLATFORM, platform);
	add_auxiliary(stack, AT_EXECFN, name);
	add_auxiliary(stack, AT_MINSIGSTKSZ, getauxval(AT_MINSIGSTKSZ));
	if (vmm->vdso)
		add_auxiliary(stack, AT_SYSINFO_EHDR, vmm->vdso);
	add_auxiliary(stack, AT_NULL, 0);
}

int stack_build(struct vmm *vmm, const struct image *image, const char *const *arguments,
		uint64_t *pointer, struct error *err)
{
	struct stack stack = {.pointer = vmm->high};
	uint64_t strings[ARGUMENTS], random, platform;
	uint8_t bytes[16];
	size_t total = 0;
	int count = 0, rc;

	for (; arguments[count]; count++) {
		total += strlen(arguments[count]) + 1;
		if (count == ARGUMENTS - 1 || total > STRING_BYTES)
			return error_set(err, -E2BIG, "too many arguments for the program");
	}
	rc = memory_map(vmm, vmm->high - STACK_BYTES, STACK_BYTES, err);
	if (rc)
		return rc;
	if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
		return error_errno(err, -errno, "random bytes for the program");
	random = push_bytes(&stack, bytes, sizeof(bytes));
	platform = push_bytes(&stack, "x86_64", 7);
	for (int i = 0; i < count; i++)
		strings[i] = push_bytes(&stack, arguments[i], strlen(arguments[i]) + 1);
	add(&stack, (uint64_t)count);
	for (int i = 0; i < count; i++)
		add(&stack, strings[i]);
	add(&stack, 0);
	add(&stack, 0); /* no environment */
	add_vector(vmm, &stack, image, random, platform, strings[0]);
	stack.pointer &= ~15ULL;
	stack.pointer -= ((uint64_t)stack.used * 8 + 15) & ~15ULL;
	memcpy((void *)stack.pointer, stack.words, (size_t)stack.used * 8);
	*pointer = stack.pointer;
	return 0;
}
