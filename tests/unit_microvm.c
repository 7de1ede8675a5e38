/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/landlock.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "drivers/microvm/calls.h"
#include "drivers/microvm/descriptors.h"
#include "drivers/microvm/elf.h"
#include "drivers/microvm/files.h"
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
	ck_assert_int_eq(check(&p, sizeof(p), &image, "not an ELF file"), -ENOEXEC);
	p = minimal();
	p.header.e_machine = EM_AARCH64;
	ck_assert_int_eq(check(&p, sizeof(p), &image, "another architecture"), -ENOEXEC);
	p = minimal();
	p.header.e_ident[EI_CLASS] = ELFCLASS32;
	ck_assert_int_eq(check(&p, sizeof(p), &image, "another architecture"), -ENOEXEC);
	p = minimal();
	p.header.e_phnum = 2;
	p.segment[1].p_type = PT_INTERP;
	ck_assert_int_eq(check(&p, sizeof(p), &image, "dynamic"), -ENOEXEC);
	p = minimal();
	p.header.e_type = ET_REL;
	ck_assert_int_eq(check(&p, sizeof(p), &image, "not an executable"), -ENOEXEC);
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

		ck_assert_int_eq(check_arguments(read, LOW, HIGH, a), cases[i].result);
	}
	ck_assert_int_eq(check_arguments(times, LOW, HIGH, (const uint64_t[6]){0}), 0);
	ck_assert_int_eq(check_arguments(times, LOW, HIGH, (const uint64_t[6]){1}), -EFAULT);
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

/* ---- the filter ------------------------------------------------------------------------------ */

static int victim; /* a process of the same user */

static long read_another_process(void)
{
	char byte;
	struct iovec mine = {&byte, 1}, theirs = {&victim, 1};

	return process_vm_readv(victim, &mine, 1, &theirs, 1, 0);
}

static long write_another_process(void)
{
	char byte = 0;
	struct iovec mine = {&byte, 1}, theirs = {&victim, 1};

	return process_vm_writev(victim, &mine, 1, &theirs, 1, 0);
}

static long fork_a_child(void)
{
	return fork();
}

static long clone_outside_of_the_thread_group(void)
{
	return syscall(SYS_clone, CLONE_VM | SIGCHLD, NULL, NULL, NULL, 0);
}

static long clone_into_a_namespace(void)
{
	return syscall(SYS_clone,
		       CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
			       CLONE_NEWUSER,
		       NULL, NULL, NULL, 0);
}

static long clone_by_a_structure(void)
{
	uint64_t arguments[8] = {0, 0, 0, 0, SIGCHLD};

	return syscall(SYS_clone3, arguments, sizeof(arguments));
}

static long execute_a_program(void)
{
	return execl("/bin/true", "true", NULL);
}

static long map_code(void)
{
	return (long)mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static char page[4096] __attribute__((aligned(4096)));

static long make_memory_code(void)
{
	return mprotect(page, sizeof(page), PROT_READ | PROT_EXEC);
}

static long kill_another_process(void)
{
	return syscall(SYS_tgkill, victim, victim, SIGTERM);
}

static long move_another_process(void)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(0, &cpus);
	return sched_setaffinity(victim, sizeof(cpus), &cpus);
}

static long ask_where_another_process_runs(void)
{
	cpu_set_t cpus;

	return sched_getaffinity(victim, sizeof(cpus), &cpus);
}

static long limit_another_process(void)
{
	const struct rlimit none = {0, 0};

	return prlimit(victim, RLIMIT_NOFILE, &none, NULL);
}

static long lift_its_own_limit(void)
{
	const struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY};

	return setrlimit(RLIMIT_FSIZE, &all);
}

static long read_the_clock_of_another_process(void)
{
	struct timespec ts;

	return syscall(SYS_clock_gettime, (~(unsigned)victim << 3) | 2, &ts);
}

static long lock_with_a_foreign_owner(void)
{
	uint32_t word = (uint32_t)victim;

	return syscall(SYS_futex, &word, FUTEX_LOCK_PI, 0, NULL, NULL, 0);
}

static long allocate_beyond_the_limit(void)
{
	return fallocate(1, FALLOC_FL_KEEP_SIZE, 0, (1 << 20) + 1);
}

static long open_by_the_old_call(void)
{
	return syscall(SYS_open, "/etc/passwd", O_RDONLY);
}

static long make_an_internet_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

static long make_a_virtual_machine(void)
{
	return ioctl(0, KVM_CREATE_VM, 0);
}

static long trace_another_process(void)
{
	return ptrace(PTRACE_SEIZE, victim, NULL, NULL);
}

static const struct {
	const char *name;
	long (*attempt)(void);
	int code; /* 0: it is the end of the process */
} attempts[] = {
	{"read_another_process", read_another_process, 0},
	{"write_another_process", write_another_process, 0},
	{"fork_a_child", fork_a_child, 0},
	{"clone_outside_of_the_thread_group", clone_outside_of_the_thread_group, 0},
	{"clone_into_a_namespace", clone_into_a_namespace, 0},
	{"clone_by_a_structure", clone_by_a_structure, ENOSYS},
	{"execute_a_program", execute_a_program, 0},
	{"map_code", map_code, 0},
	{"make_memory_code", make_memory_code, 0},
	{"kill_another_process", kill_another_process, 0},
	{"move_another_process", move_another_process, 0},
	{"ask_where_another_process_runs", ask_where_another_process_runs, 0},
	{"limit_another_process", limit_another_process, 0},
	{"lift_its_own_limit", lift_its_own_limit, 0},
	{"read_the_clock_of_another_process", read_the_clock_of_another_process, 0},
	{"lock_with_a_foreign_owner", lock_with_a_foreign_owner, 0},
	{"allocate_beyond_the_limit", allocate_beyond_the_limit, 0},
	{"open_by_the_old_call", open_by_the_old_call, 0},
	{"make_an_internet_socket", make_an_internet_socket, 0},
	{"make_a_virtual_machine", make_a_virtual_machine, 0},
	{"trace_another_process", trace_another_process, 0},
};

enum { SET_UP_FAILED = 200, GOT_THROUGH = 201 };

static void *add_one(void *argument)
{
	++*(int *)argument;
	return NULL;
}

/* In a process of its own, where threads are begun before: the VMM's filter, then `attempt`.
 * Returns its status of wait(). */
static int behind_the_filter(long (*attempt)(void))
{
	int status, child = fork();

	ck_assert_int_ge(child, 0);
	if (!child) {
		struct vmm vmm = {.pid = getpid(), .file_bytes = 1 << 20};
		struct error err = {0};
		pthread_t thread;
		int ran = 0;
		long rc;

		if (pthread_create(&thread, NULL, add_one, &ran) || pthread_join(thread, NULL) ||
		    sandbox_filter(&vmm, &err))
			_exit(SET_UP_FAILED);
		rc = attempt();
		_exit(rc < 0 ? errno : GOT_THROUGH);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	return status;
}

START_TEST(the_filter_ends_a_vmm_that_reaches_for_what_is_not_its_own)
{
	victim = fork();
	if (!victim)
		for (;;)
			pause();
	for (size_t i = 0; i < sizeof(attempts) / sizeof(*attempts); i++) {
		int status = behind_the_filter(attempts[i].attempt);
		bool held = attempts[i].code
				    ? WIFEXITED(status) && WEXITSTATUS(status) == attempts[i].code
				    : WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;

		ck_assert_msg(held, "%s: status %#x", attempts[i].name, (unsigned)status);
	}
	kill(victim, SIGKILL);
	waitpid(victim, NULL, 0);
}
END_TEST

/* All that the VMM does by itself: memory, its own and through the kernel, threads, clocks. */
static long do_what_a_vmm_does(void)
{
	struct iovec mine = {page, 8}, own = {page + 8, 8};
	uint32_t word = 0;
	pthread_t thread;
	struct timespec ts;
	int ran = 0;
	void *memory =
		mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED || mprotect(memory, 4096, PROT_READ) || munmap(memory, 1 << 20))
		return -1;
	if (process_vm_readv(getpid(), &mine, 1, &own, 1, 0) != 8 ||
	    process_vm_writev(getpid(), &mine, 1, &own, 1, 0) != 8)
		return -1;
	if (pthread_create(&thread, NULL, add_one, &ran) || pthread_join(thread, NULL) || ran != 1)
		return -1;
	if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts) ||
	    syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0) < 0)
		return -1;
	return 0;
}

START_TEST(the_filter_leaves_a_vmm_what_it_does)
{
	int status = behind_the_filter(do_what_a_vmm_does);

	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == GOT_THROUGH, "status %#x",
		      (unsigned)status);
}
END_TEST

/* What a VMM that was taken over could reach through what it holds; it never gets more. */
static int count_ways_out(const struct vmm *vmm)
{
	const struct special *special = vmm->specials;
	int count = 0, directories = 0;

	for (; special->path; special++) {
		struct stat stat;

		if (special->fd < 0 || fstat(special->fd, &stat) || !S_ISDIR(stat.st_mode))
			continue;
		directories++;
		if (openat(special->fd, ".", O_RDONLY | O_DIRECTORY) < 0 ||
		    openat(special->fd, "../../../../../../../etc/passwd", O_RDONLY) >= 0)
			count++;
	}
	count += open("/etc/passwd", O_RDONLY) >= 0 || open("/proc/self/maps", O_RDONLY) >= 0;
	if (mkdirat(vmm->scratch, "d", 0700) ||
	    openat(vmm->scratch, "file", O_CREAT | O_WRONLY, 0600) < 0 ||
	    renameat(vmm->scratch, "file", vmm->scratch, "d/file") ||
	    unlinkat(vmm->scratch, "d/file", 0) || unlinkat(vmm->scratch, "d", AT_REMOVEDIR))
		return SET_UP_FAILED; /* the guest's own files are in reach */
	return directories ? count : SET_UP_FAILED;
}

/* Started by root, and by a user; true: nothing but its own is in reach. */
static bool is_shut_in(bool root)
{
	char scratch[] = "/tmp/tare-unit-XXXXXX";
	struct sandbox sandbox = {.uid = 65534, .scratch = scratch};
	int status, child;

	ck_assert_ptr_nonnull(mkdtemp(scratch));
	ck_assert(geteuid() || !chown(scratch, 65534, 65534));
	child = fork();
	if (!child) {
		struct vmm vmm = {.scratch = open(scratch, O_PATH | O_DIRECTORY)};
		struct error err = {0};

		if (!root && !geteuid() && setresuid(65534, 65534, 65534))
			_exit(SET_UP_FAILED);
		files_open_specials(&vmm, open("/proc/self/exe", O_RDONLY));
		_exit(sandbox_enter(&vmm, &sandbox, &err) ? SET_UP_FAILED : count_ways_out(&vmm));
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	rmdir(scratch);
	return WIFEXITED(status) && !WEXITSTATUS(status);
}

START_TEST(a_vmm_reaches_no_path_but_its_scratch_directory_whoever_started_it)
{
	long landlock =
		syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

	ck_assert(geteuid() != 0 || is_shut_in(true));
	ck_assert(landlock < 1 || is_shut_in(false));
}
END_TEST

UNIT("microvm", a_vmm_reaches_no_path_but_its_scratch_directory_whoever_started_it,
     the_filter_ends_a_vmm_that_reaches_for_what_is_not_its_own,
     the_filter_leaves_a_vmm_what_it_does, space_hands_out_from_the_top_and_merges_what_comes_back,
     space_agrees_with_a_bitmap_through_random_use, space_refuses_what_lies_outside_or_wraps_around,
     space_is_full_after_too_many_fragments_and_says_so,
     a_static_program_is_taken_with_its_entry_headers_and_end,
     a_static_pie_is_moved_to_where_the_guest_begins, other_files_are_refused_each_with_its_reason,
     numbers_that_overflow_are_refused, pointers_must_lie_within_with_all_their_bytes,
     calls_that_reach_beyond_the_guest_are_not_carried_across,
     a_closed_descriptor_stays_open_while_a_call_uses_it, there_are_so_many_descriptors_and_no_more)
