/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "drivers/microvm/calls.h"
#include "drivers/microvm/descriptors.h"
#include "drivers/microvm/elf.h"
#include "drivers/microvm/space.h"
#include "drivers/microvm/vmm.h"

#define LOW 0x400000ULL
#define HIGH 0x10000000ULL

/* main.c is not linked */
_Noreturn void vmm_fail(struct vmm *vmm, const char *format, ...)
{
	(void)vmm;
	ck_abort_msg("%s", format);
}

/* ---- space ----------------------------------------------------------------------------------- */

START_TEST(space_hands_out_from_the_top_and_merges_what_comes_back)
{
	static struct space s;

	space_init(&s, LOW, HIGH);
	ck_assert_uint_eq(space_find(&s, 4096, 4096), HIGH - 4096);
	ck_assert_int_eq(space_take(&s, HIGH - 4096, 4096), 0);
	ck_assert_int_eq(space_take(&s, HIGH - 8192, 4096), 0);
	ck_assert_int_eq(s.count, 1);
	ck_assert_int_eq(space_give(&s, HIGH - 8192, 4096), 0);
	ck_assert_uint_eq(space_find(&s, 4096, 4096), HIGH - 8192);
	ck_assert_int_eq(space_give(&s, HIGH - 4096, 4096), 0);
	ck_assert_int_eq(s.count, 0);
}
END_TEST

START_TEST(space_agrees_with_a_bitmap_through_random_use)
{
	enum { PAGES = 512 };
	static struct space s;
	static bool taken[PAGES];
	unsigned seed = 1;

	space_init(&s, LOW, LOW + PAGES * 4096);
	for (int round = 0; round < 20000; round++) {
		unsigned at = (unsigned)rand_r(&seed) % PAGES;
		unsigned count = 1 + (unsigned)rand_r(&seed) % (PAGES - at), i, free = 1;
		bool take = rand_r(&seed) & 1;

		count = count > 16 ? count % 16 + 1 : count;
		for (i = at; i < at + count; i++)
			free &= !taken[i];
		ck_assert_int_eq(space_is_free(&s, LOW + at * 4096ULL, count * 4096ULL), free);
		ck_assert_int_eq(
			(take ? space_take : space_give)(&s, LOW + at * 4096ULL, count * 4096ULL),
			0);
		for (i = at; i < at + count; i++)
			taken[i] = take;
	}
}
END_TEST

START_TEST(space_refuses_what_lies_outside_or_wraps_around)
{
	static struct space s;

	space_init(&s, LOW, HIGH);
	ck_assert_int_eq(space_take(&s, LOW - 4096, 8192), -EINVAL);
	ck_assert_int_eq(space_take(&s, HIGH - 4096, 8192), -EINVAL);
	ck_assert_int_eq(space_take(&s, LOW, UINT64_MAX - LOW + 1), -EINVAL);
	ck_assert_int_eq(space_give(&s, HIGH, 4096), -EINVAL);
	ck_assert_int_eq(space_take(&s, LOW, 0), -EINVAL);
	ck_assert_uint_eq(space_find(&s, HIGH, 4096), 0);
}
END_TEST

START_TEST(space_is_full_after_too_many_fragments_and_says_so)
{
	static struct space s;
	int rc = 0;

	space_init(&s, LOW, LOW + (1ULL << 32));
	for (uint64_t at = LOW; !rc && at < LOW + (1ULL << 32); at += 8192)
		rc = space_take(&s, at, 4096);
	ck_assert_int_eq(rc, -ENOMEM);
	ck_assert_int_eq(s.count, SPACE_RANGES);
}
END_TEST

/* ---- programs -------------------------------------------------------------------------------- */

/* A program of one segment that is as small as can be. */
struct program {
	Elf64_Ehdr header;
	Elf64_Phdr segment[2];
	uint8_t code[64];
};

static struct program minimal(void)
{
	struct program p = {
		.header =
			{
				.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64,
					    ELFDATA2LSB, 1},
				.e_type = ET_EXEC,
				.e_machine = EM_X86_64,
				.e_entry = LOW + offsetof(struct program, code),
				.e_phoff = offsetof(struct program, segment),
				.e_phentsize = sizeof(Elf64_Phdr),
				.e_phnum = 1,
			},
		.segment[0] =
			{
				.p_type = PT_LOAD,
				.p_flags = PF_R | PF_X,
				.p_vaddr = LOW,
				.p_filesz = sizeof(p),
				.p_memsz = 8192,
			},
	};

	return p;
}

static int check(const struct program *p, size_t size, struct image *image, const char *words)
{
	struct error err = {0};
	int rc = elf_check((const uint8_t *)p, size, size, LOW, HIGH, image, &err);

	if (rc)
		ck_assert_msg(strstr(err.message, words), "'%s' has no '%s'", err.message, words);
	return rc;
}

START_TEST(a_static_program_is_taken_with_its_entry_headers_and_end)
{
	struct program p = minimal();
	struct image image;

	ck_assert_int_eq(check(&p, sizeof(p), &image, ""), 0);
	ck_assert_uint_eq(image.entry, p.header.e_entry);
	ck_assert_uint_eq(image.headers, LOW + p.header.e_phoff);
	ck_assert_uint_eq(image.end, LOW + 8192);
}
END_TEST

START_TEST(a_static_pie_is_moved_to_where_the_guest_begins)
{
	struct program p = minimal();
	struct image image;

	p.header.e_type = ET_DYN;
	p.header.e_entry = offsetof(struct program, code);
	p.segment[0].p_vaddr = 0;
	ck_assert_int_eq(check(&p, sizeof(p), &image, ""), 0);
	ck_assert_uint_eq(image.entry, LOW + offsetof(struct program, code));
}
END_TEST

START_TEST(other_files_are_refused_each_with_its_reason)
{
	struct program p = minimal();
	struct image image;

	ck_assert_int_eq(check(&p, 10, &image, "truncated"), -ENOEXEC);
	ck_assert_int_eq(check(&p, sizeof(p.header), &image, "truncated"), -ENOEXEC);
	ck_assert_int_eq(check(&p, sizeof(p) - 1, &image, "truncated"), -ENOEXEC);
	p.header.e_ident[0] = '#';
	ck_assert_int_eq(check(&p, sizeof(p), &image, "no ELF file"), -ENOEXEC);
	p = minimal();
	p.header.e_machine = EM_AARCH64;
	ck_assert_int_eq(check(&p, sizeof(p), &image, "another machine"), -ENOEXEC);
	p = minimal();
	p.header.e_ident[EI_CLASS] = ELFCLASS32;
	ck_assert_int_eq(check(&p, sizeof(p), &image, "another machine"), -ENOEXEC);
	p = minimal();
	p.header.e_phnum = 2;
	p.segment[1].p_type = PT_INTERP;
	ck_assert_int_eq(check(&p, sizeof(p), &image, "dynamic"), -ENOEXEC);
	p = minimal();
	p.header.e_type = ET_REL;
	ck_assert_int_eq(check(&p, sizeof(p), &image, "no program"), -ENOEXEC);
	p = minimal();
	p.header.e_entry = HIGH;
	ck_assert_int_eq(check(&p, sizeof(p), &image, "entry"), -ENOEXEC);
}
END_TEST

START_TEST(numbers_that_overflow_are_refused)
{
	struct program p = minimal();
	struct image image;

	p.segment[0].p_vaddr = UINT64_MAX - 4096;
	ck_assert_int_eq(check(&p, sizeof(p), &image, "outside"), -ENOEXEC);
	p = minimal();
	p.segment[0].p_memsz = UINT64_MAX;
	ck_assert_int_eq(check(&p, sizeof(p), &image, "outside"), -ENOEXEC);
	p = minimal();
	p.segment[0].p_offset = UINT64_MAX;
	ck_assert_int_eq(check(&p, sizeof(p), &image, "truncated"), -ENOEXEC);
	p = minimal();
	p.header.e_phoff = UINT64_MAX - 8;
	ck_assert_int_eq(check(&p, sizeof(p), &image, "truncated"), -ENOEXEC);
	p = minimal();
	p.header.e_phnum = 0xffff;
	ck_assert_int_eq(check(&p, sizeof(p), &image, "truncated"), -ENOEXEC);
	p = minimal();
	p.header.e_phnum = 2;
	p.segment[1] = p.segment[0];
	ck_assert_int_eq(check(&p, sizeof(p), &image, "overlap"), -ENOEXEC);
}
END_TEST

/* ---- the boundary ---------------------------------------------------------------------------- */

START_TEST(pointers_must_lie_within_with_all_their_bytes)
{
	const struct call *read = call_find(SYS_read), *times = call_find(SYS_times);
	const struct {
		uint64_t address, length;
		long result;
	} cases[] = {
		{LOW, 1, 0},
		{LOW - 1, 1, -EFAULT},
		{LOW, HIGH - LOW, 0},
		{LOW, HIGH - LOW + 1, -EFAULT},
		{HIGH - 1, 1, 0},
		{HIGH - 1, 2, -EFAULT},
		{HIGH, 1, -EFAULT},
		{HIGH, 0, 0},
		{0, 0, 0},
		{LOW, UINT64_MAX, -EFAULT},
		{UINT64_MAX, 1, -EFAULT},
		{UINT64_MAX - 1, 8, -EFAULT},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const uint64_t a[6] = {0, cases[i].address, cases[i].length};

		ck_assert_int_eq(check_pointers(read, LOW, HIGH, a), cases[i].result);
	}
	ck_assert_int_eq(check_pointers(times, LOW, HIGH, (const uint64_t[6]){0}), 0);
	ck_assert_int_eq(check_pointers(times, LOW, HIGH, (const uint64_t[6]){1}), -EFAULT);
}
END_TEST

START_TEST(calls_that_reach_beyond_the_guest_are_not_carried_across)
{
	static const int absent[] = {
		SYS_ptrace, SYS_process_vm_writev, SYS_kill,  SYS_execveat, SYS_mount,
		SYS_bpf,    SYS_perf_event_open,   SYS_setns, SYS_vmsplice};

	for (size_t i = 0; i < sizeof(absent) / sizeof(*absent); i++)
		ck_assert_ptr_null(call_find((uint64_t)absent[i]));
	ck_assert_ptr_null(call_find(STATUS_CALLS));
	ck_assert_ptr_null(call_find(UINT64_MAX));
	ck_assert(call_find(SYS_fork)->refused);
	ck_assert(call_find(SYS_io_uring_setup)->refused);
}
END_TEST

START_TEST(a_closed_descriptor_stays_open_while_a_call_uses_it)
{
	struct descriptors table;
	struct descriptor *used;
	int pair[2], number;
	char byte;

	ck_assert_int_eq(pipe2(pair, O_NONBLOCK | O_CLOEXEC), 0);
	descriptors_init(&table);
	number = descriptors_add(&table, pair[1], 0);
	used = descriptors_get(&table, (uint64_t)number);
	ck_assert_int_eq(descriptors_close(&table, (uint64_t)number), 0);
	ck_assert_ptr_null(descriptors_get(&table, (uint64_t)number));
	ck_assert_int_eq(descriptors_close(&table, (uint64_t)number), -EBADF);
	ck_assert_int_eq(write(used->host, "x", 1), 1);
	descriptors_put(&table, used);
	ck_assert_int_eq(read(pair[0], &byte, 1), 1);
	ck_assert_int_eq(read(pair[0], &byte, 1), 0); /* now it is closed */
	close(pair[0]);
}
END_TEST

START_TEST(there_are_so_many_descriptors_and_no_more)
{
	struct descriptors table;
	int number = 0;

	descriptors_init(&table);
	for (int i = 0; i <= DESCRIPTORS && number >= 0; i++)
		number = descriptors_add(&table, dup(0), 0);
	ck_assert_int_eq(number, -EMFILE);
	ck_assert_int_eq(descriptors_set(&table, DESCRIPTORS, dup(0)), -EBADF);
	ck_assert_ptr_null(descriptors_get(&table, DESCRIPTORS));
	for (uint64_t i = 0; i < DESCRIPTORS; i++)
		ck_assert_int_eq(descriptors_close(&table, i), 0);
}
END_TEST

UNIT("microvm", space_hands_out_from_the_top_and_merges_what_comes_back,
     space_agrees_with_a_bitmap_through_random_use, space_refuses_what_lies_outside_or_wraps_around,
     space_is_full_after_too_many_fragments_and_says_so,
     a_static_program_is_taken_with_its_entry_headers_and_end,
     a_static_pie_is_moved_to_where_the_guest_begins, other_files_are_refused_each_with_its_reason,
     numbers_that_overflow_are_refused, pointers_must_lie_within_with_all_their_bytes,
     calls_that_reach_beyond_the_guest_are_not_carried_across,
     a_closed_descriptor_stays_open_while_a_call_uses_it, there_are_so_many_descriptors_and_no_more)
