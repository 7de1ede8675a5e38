/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workloads/tiny_program.h"

#include <elf.h>
#include <stddef.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define BASE 0x400000

#if defined(__x86_64__)
#define MACHINE EM_X86_64
static const unsigned char code[] = {
	0xbf, TINY_PROGRAM_STATUS,
	0,    0,
	0, /* mov $42, %edi */
	0xb8, 231,
	0,    0,
	0,          /* mov $exit_group, %eax */
	0x0f, 0x05, /* syscall */
};
#elif defined(__aarch64__)
#define MACHINE EM_AARCH64
static const unsigned char code[] = {
	0x40, 0x05, 0x80, 0xd2, /* mov x0, #42 */
	0xc8, 0x0b, 0x80, 0xd2, /* mov x8, #exit_group (94) */
	0x01, 0x00, 0x00, 0xd4, /* svc #0 */
};
#else
/* cppcheck-suppress preprocessorErrorDirective */
#error "cpu.fork does not support this architecture"
#endif

struct program {
	Elf64_Ehdr header;
	Elf64_Phdr segment;
	unsigned char code[sizeof(code)];
};

int tiny_program_open(struct error *err)
{
	struct program p = {
		.header = {.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB,
				       EV_CURRENT},
			   .e_type = ET_EXEC,
			   .e_machine = MACHINE,
			   .e_version = EV_CURRENT,
			   .e_entry = BASE + offsetof(struct program, code),
			   .e_phoff = offsetof(struct program, segment),
			   .e_ehsize = sizeof(Elf64_Ehdr),
			   .e_phentsize = sizeof(Elf64_Phdr),
			   .e_phnum = 1},
		.segment = {.p_type = PT_LOAD,
			    .p_flags = PF_R | PF_X,
			    .p_vaddr = BASE,
			    .p_paddr = BASE,
			    .p_filesz = sizeof(p),
			    .p_memsz = sizeof(p),
			    .p_align = 0x1000},
	};
	int fd = memfd_create("tare-tiny", MFD_CLOEXEC), rc;

	memcpy(p.code, code, sizeof(code));
	if (fd >= 0 && write(fd, &p, sizeof(p)) == (ssize_t)sizeof(p))
		return fd;
	rc = error_errno(err, errno ? -errno : -EIO, "creating a program in memory");
	if (fd >= 0)
		close(fd);
	return rc;
}
