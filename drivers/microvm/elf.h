/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loads a static x86-64 ELF program: makes all checks, then copies. */
#pragma once

#include <elf.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define IMAGE_SEGMENTS 32

struct image {
	uint64_t entry;   /* address of the first instruction */
	uint64_t headers; /* address of the program headers in memory (AT_PHDR); 0: not loaded */
	int header_count;
	uint64_t base;     /* added to every address of the file: 0, or the base of a PIE */
	uint64_t low, end; /* the pages it covers */
	int segment_count;
	Elf64_Phdr segments[IMAGE_SEGMENTS]; /* PT_LOAD, rising addresses, base added */
};

/* Checks the first `size` bytes of a file of `file_size` bytes and fills `image`. The program must
 * fit between `low` and `high`. -ENOEXEC with the reason: not ELF, another architecture, dynamic,
 * truncated, corrupt. Reads only `bytes`. */
int elf_check(const uint8_t *bytes, size_t size, uint64_t file_size, uint64_t low, uint64_t high,
	      struct image *image, struct error *err);

struct vmm;
/* Checks and copies the program open at `fd` into the guest's memory. */
int elf_load(struct vmm *vmm, int fd, struct image *image, struct error *err);
