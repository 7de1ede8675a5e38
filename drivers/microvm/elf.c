/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/microvm/elf.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drivers/microvm/memory.h"
#include "drivers/microvm/vmm.h"

#define HEADER_BYTES 4096 /* must contain the ELF header and program headers */

static uint64_t page_floor(uint64_t address)
{
	return address & ~(PAGE_BYTES - 1);
}

static uint64_t page_ceiling(uint64_t address)
{
	return page_floor(address + PAGE_BYTES - 1);
}

static int check_header(const Elf64_Ehdr *header, struct error *err)
{
	if (memcmp(header->e_ident, ELFMAG, SELFMAG))
		return error_set(err, -ENOEXEC, "the program is not an ELF file");
	if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_machine != EM_X86_64 ||
	    header->e_ident[EI_DATA] != ELFDATA2LSB)
		return error_set(err, -ENOEXEC,
				 "the program is for another architecture (ELF class %d, machine "
				 "%d): the microvm runs only x86-64",
				 header->e_ident[EI_CLASS], header->e_machine);
	if (header->e_type != ET_EXEC && header->e_type != ET_DYN)
		return error_set(err, -ENOEXEC, "the ELF file is not an executable (type %d)",
				 header->e_type);
	if (header->e_phentsize != sizeof(Elf64_Phdr) || !header->e_phnum)
		return error_set(err, -ENOEXEC, "the program is corrupt: no program headers");
	return 0;
}

static int add_segment(struct image *image, const Elf64_Phdr *segment, uint64_t file_size,
		       uint64_t high, struct error *err)
{
	Elf64_Phdr *last = image->segments + image->segment_count - 1;
	uint64_t address;

	if (segment->p_filesz > segment->p_memsz || segment->p_offset > file_size ||
	    segment->p_filesz > file_size - segment->p_offset)
		return error_set(err, -ENOEXEC,
				 "the program is truncated or corrupt: a segment of %#lx bytes at "
				 "%#lx of a file of %#lx",
				 (unsigned long)segment->p_filesz, (unsigned long)segment->p_offset,
				 (unsigned long)file_size);
	if (__builtin_add_overflow(segment->p_vaddr, image->base, &address) ||
	    address < image->low || address > high || segment->p_memsz > high - address)
		return error_set(err, -ENOEXEC,
				 "the program needs memory at %#lx, outside the guest's (%#lx to "
				 "%#lx); link it with -static, at the usual address",
				 (unsigned long)segment->p_vaddr, (unsigned long)image->low,
				 (unsigned long)high);
	if (image->segment_count && address < last->p_vaddr + last->p_memsz)
		return error_set(err, -ENOEXEC, "the program is corrupt: its segments overlap");
	if (image->segment_count == IMAGE_SEGMENTS)
		return error_set(err, -ENOEXEC, "the program has more than %d segments",
				 IMAGE_SEGMENTS);
	image->segments[image->segment_count] = *segment;
	image->segments[image->segment_count++].p_vaddr = address;
	image->end = page_ceiling(address + segment->p_memsz);
	return 0;
}

static void find_headers(struct image *image, const Elf64_Ehdr *header)
{
	uint64_t size = header->e_phnum * sizeof(Elf64_Phdr);

	for (int i = 0; i < image->segment_count; i++) {
		const Elf64_Phdr *segment = image->segments + i;

		if (header->e_phoff >= segment->p_offset && size <= segment->p_filesz &&
		    header->e_phoff - segment->p_offset <= segment->p_filesz - size)
			image->headers = segment->p_vaddr + header->e_phoff - segment->p_offset;
	}
}

static int check_entry(const struct image *image, struct error *err)
{
	for (int i = 0; i < image->segment_count; i++) {
		const Elf64_Phdr *segment = image->segments + i;

		if ((segment->p_flags & PF_X) && image->entry >= segment->p_vaddr &&
		    image->entry - segment->p_vaddr < segment->p_filesz)
			return 0;
	}
	return error_set(err, -ENOEXEC, "the program is corrupt: its entry %#lx is not in its code",
			 (unsigned long)image->entry);
}

int elf_check(const uint8_t *bytes, size_t size, uint64_t file_size, uint64_t low, uint64_t high,
	      struct image *image, struct error *err)
{
	Elf64_Ehdr header;
	Elf64_Phdr segment;
	int rc;

	memset(image, 0, sizeof(*image));
	image->low = low;
	if (size < sizeof(header))
		return error_set(err, -ENOEXEC, "the program is truncated: %zu bytes", size);
	memcpy(&header, bytes, sizeof(header));
	rc = check_header(&header, err);
	if (rc)
		return rc;
	if (header.e_phoff > size || header.e_phnum > (size - header.e_phoff) / sizeof(segment))
		return error_set(err, -ENOEXEC,
				 "the program is truncated or corrupt: %d program headers at %#lx",
				 header.e_phnum, (unsigned long)header.e_phoff);
	image->base = header.e_type == ET_DYN ? low : 0;
	for (int i = 0; i < header.e_phnum; i++) {
		memcpy(&segment, bytes + header.e_phoff + (size_t)i * sizeof(segment),
		       sizeof(segment));
		if (segment.p_type == PT_INTERP)
			return error_set(err, -ENOEXEC,
					 "the program is dynamically linked, but the microvm loads "
					 "no shared libraries; link it with -static");
		if (segment.p_type != PT_LOAD || !segment.p_memsz)
			continue;
		rc = add_segment(image, &segment, file_size, high, err);
		if (rc)
			return rc;
	}
	if (__builtin_add_overflow(header.e_entry, image->base, &image->entry))
		image->entry = 0;
	image->header_count = header.e_phnum;
	find_headers(image, &header);
	return check_entry(image, err);
}

static int load_segment(const Elf64_Phdr *segment, int fd, struct error *err)
{
	uint64_t done = 0;

	while (done < segment->p_filesz) {
		ssize_t n = pread(fd, (void *)(segment->p_vaddr + done), segment->p_filesz - done,
				  (off_t)(segment->p_offset + done));

		if (n <= 0)
			return error_errno(err, n ? -errno : -ENOEXEC, "reading the program");
		done += (uint64_t)n;
	}
	return 0;
}

int elf_load(struct vmm *vmm, int fd, struct image *image, struct error *err)
{
	uint8_t bytes[HEADER_BYTES];
	struct stat stat;
	ssize_t size;
	int rc;

	if (fstat(fd, &stat))
		return error_errno(err, -errno, "reading the program");
	if (!S_ISREG(stat.st_mode))
		return error_set(err, -ENOEXEC, "the program is not a regular file");
	size = pread(fd, bytes, sizeof(bytes), 0);
	if (size < 0)
		return error_errno(err, -errno, "reading the program");
	rc = elf_check(bytes, (size_t)size, (uint64_t)stat.st_size, vmm->low,
		       vmm->high - STACK_BYTES - BREAK_BYTES, image, err);
	if (rc)
		return rc;
	image->low = page_floor(image->segments[0].p_vaddr);
	rc = memory_map_program(vmm, image->low, image->end, err);
	for (int i = 0; i < image->segment_count && !rc; i++)
		rc = load_segment(image->segments + i, fd, err);
	return rc;
}
