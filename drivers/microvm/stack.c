/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The initial stack of a program, see the x86-64 System V ABI (3.4.1, "Initial Stack"). */
#include <elf.h>
#include <errno.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/random.h>
#include <unistd.h>

#include "drivers/microvm/elf.h"
#include "drivers/microvm/memory.h"
#include "drivers/microvm/vmm.h"

#define STRINGS 256        /* for the arguments and for the environment */
#define STRING_BYTES 65536 /* total of either */

struct stack {
	uint64_t pointer;
	uint64_t words[2 * STRINGS + 64];
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
	/* AT_HWCAP2 would promise FSGSBASE, which needs a bit in CR4 that is not set here */
	add_auxiliary(stack, AT_RANDOM, random);
	add_auxiliary(stack, AT_PLATFORM, platform);
	add_auxiliary(stack, AT_EXECFN, name);
	add_auxiliary(stack, AT_MINSIGSTKSZ, getauxval(AT_MINSIGSTKSZ));
	if (vmm->vdso)
		add_auxiliary(stack, AT_SYSINFO_EHDR, vmm->vdso);
	add_auxiliary(stack, AT_NULL, 0);
}

/* Puts the strings on the stack and their addresses, followed by a zero, in `addresses`. */
static int push_strings(struct stack *stack, const char *const *strings,
			uint64_t addresses[STRINGS], struct error *err)
{
	size_t total = 0;
	int count = 0;

	for (; strings[count]; count++) {
		size_t size = strlen(strings[count]) + 1;

		total += size;
		if (count == STRINGS - 1 || total > STRING_BYTES)
			return error_set(err, -E2BIG, "too many arguments for the program");
		addresses[count] = push_bytes(stack, strings[count], size);
	}
	addresses[count] = 0;
	return count;
}

static void add_strings(struct stack *stack, const uint64_t *addresses)
{
	do
		add(stack, *addresses);
	while (*addresses++);
}

int stack_build(struct vmm *vmm, const struct image *image, const char *const *arguments,
		uint64_t *pointer, struct error *err)
{
	uint64_t argument_strings[STRINGS], environment_strings[STRINGS], random, platform;
	struct stack stack = {.pointer = vmm->high};
	uint8_t bytes[16];
	int count, rc;

	rc = memory_map(vmm, vmm->high - STACK_BYTES, STACK_BYTES, err);
	if (rc)
		return rc;
	if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
		return error_errno(err, -errno, "random bytes for the program");
	random = push_bytes(&stack, bytes, sizeof(bytes));
	platform = push_bytes(&stack, "x86_64", 7);
	count = push_strings(&stack, arguments, argument_strings, err);
	if (count < 0)
		return count;
	rc = push_strings(&stack, (const char *const *)environ, environment_strings, err);
	if (rc < 0)
		return rc;
	add(&stack, (uint64_t)count);
	add_strings(&stack, argument_strings);
	add_strings(&stack, environment_strings);
	add_vector(vmm, &stack, image, random, platform, argument_strings[0]);
	stack.pointer &= ~15ULL;
	stack.pointer -= ((uint64_t)stack.used * 8 + 15) & ~15ULL;
	memcpy((void *)stack.pointer, stack.words, (size_t)stack.used * 8);
	*pointer = stack.pointer;
	return 0;
}
