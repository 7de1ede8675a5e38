/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A guest that means harm, run by tests/e2e_microvm.sh in tare-microvm: `hostile_guest ATTACK`.
 * It prints a line for each attack that got through, and "held" where none did; exit status 0
 * only then. The attacks named fault-* do not return: the VMM must end them with a report.
 */
#include <errno.h>
#include <fcntl.h>
#include <immintrin.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define LOW 0x400000ULL
#define HUGE_BYTES (2ULL << 20)
#define RACE_SECONDS 0.5

static long call(long number, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e,
		 uint64_t f)
{
	long rc = syscall(number, a, b, c, d, e, f);

	return rc < 0 ? -errno : rc;
}

static int got_through(const char *what, uint64_t detail, long rc)
{
	printf("got through: %s(%#lx) = %ld\n", what, (unsigned long)detail, rc);
	return 1;
}

/* The top of its memory: the first stack lies there. */
static uint64_t high(void)
{
	return ((uint64_t)environ & ~(HUGE_BYTES - 1)) + HUGE_BYTES;
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9;
}

/* ---- addresses ------------------------------------------------------------------------------- */

/* Calls with a pointer in argument `pointer` and its length in argument `length` (-1: fixed). */
static const struct pointer_call {
	const char *name;
	long number;
	int pointer, length;
	uint64_t arguments[6];
} pointer_calls[] = {
	{"read", SYS_read, 1, 2, {0}},
	{"write", SYS_write, 1, 2, {1}},
	{"pread64", SYS_pread64, 1, 2, {0}},
	{"getrandom", SYS_getrandom, 0, 1, {0}},
	{"getcwd", SYS_getcwd, 0, -1, {0, 4096}},
	{"uname", SYS_uname, 0, -1, {0}},
	{"sysinfo", SYS_sysinfo, 0, -1, {0}},
	{"getrusage", SYS_getrusage, 1, -1, {0}},
	{"clock_gettime", SYS_clock_gettime, 1, -1, {0}},
	{"nanosleep", SYS_nanosleep, 0, -1, {0}},
	{"fstat", SYS_fstat, 1, -1, {0}},
	{"fstatfs", SYS_fstatfs, 1, -1, {0}},
	{"newfstatat", SYS_newfstatat, 2, -1, {(uint64_t)AT_FDCWD, (uint64_t) "/scratch"}},
	{"statx", SYS_statx, 4, -1, {(uint64_t)AT_FDCWD, (uint64_t) "/scratch", 0, 0x7ff}},
	{"stat of path", SYS_stat, 0, -1, {0}},
	{"open", SYS_open, 0, -1, {0}},
	{"unlink", SYS_unlink, 0, -1, {0}},
	{"readv", SYS_readv, 1, -1, {0, 0, 1}},
	{"writev", SYS_writev, 1, -1, {1, 0, 1}},
	{"poll", SYS_poll, 0, -1, {0, 1, 0}},
	{"futex", SYS_futex, 0, -1, {0, FUTEX_WAKE, 1}},
	{"futex wait", SYS_futex, 0, -1, {0, FUTEX_WAIT, 1}},
	{"pipe2", SYS_pipe2, 0, -1, {0}},
	{"socketpair", SYS_socketpair, 3, -1, {AF_UNIX, SOCK_STREAM}},
	{"sched_getaffinity", SYS_sched_getaffinity, 2, -1, {0, 128}},
	{"prlimit64", SYS_prlimit64, 3, -1, {0, 3}},
	{"rt_sigaction", SYS_rt_sigaction, 2, -1, {2, 0, 0, 8}},
	{"rt_sigprocmask", SYS_rt_sigprocmask, 2, -1, {0, 0, 0, 8}},
	{"gettimeofday", SYS_gettimeofday, 0, -1, {0}},
};

static int try_pointer(const struct pointer_call *c, uint64_t address, uint64_t length)
{
	uint64_t a[6];
	long rc;

	memcpy(a, c->arguments, sizeof(a));
	a[c->pointer] = address;
	if (c->length >= 0)
		a[c->length] = length;
	rc = call(c->number, a[0], a[1], a[2], a[3], a[4], a[5]);
	return rc >= 0 ? got_through(c->name, address, rc) : 0;
}

static int attack_addresses(void)
{
	const uint64_t outside[] = {
		1,
		0xfff,
		0x1000,
		0x100000,
		0x101000,
		0x102000,
		LOW - 1,
		LOW - 4,
		high() - 1,
		high(),
		high() + HUGE_BYTES,
		high() + 2 * HUGE_BYTES,
		0x555555554000,
		0x7ffff7fc1000,
		0x7fffffffe000,
		0x7fffffffffff,
		0x800000000000,
		0xffff800000000000,
		0xffffffffff600000,
		UINT64_MAX - 1,
		UINT64_MAX,
	};
	const uint64_t lengths[] = {2, 4096, 1ULL << 31, 1ULL << 47, 1ULL << 63, UINT64_MAX};
	uint64_t inside = (uint64_t)environ;
	int failures = 0;

	for (size_t i = 0; i < sizeof(pointer_calls) / sizeof(*pointer_calls); i++) {
		const struct pointer_call *c = pointer_calls + i;

		for (size_t j = 0; j < sizeof(outside) / sizeof(*outside); j++)
			for (size_t k = 0; k < (c->length < 0 ? 1 : 6); k++)
				failures += try_pointer(c, outside[j], lengths[k]);
		/* from within, to beyond the end and around the whole address space */
		for (size_t k = 2; k < 6 && c->length >= 0; k++)
			failures += try_pointer(c, inside, lengths[k]);
	}
	return failures;
}

/* Pointers within structures, which must be copied and checked, too. */
static int attack_structures(void)
{
	const uint64_t outside[] = {0x1000,         0x101000,  LOW - 8,
				    high() - 1,     high(),    high() + HUGE_BYTES,
				    0x555555554000, UINT64_MAX};
	int failures = 0, pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		return got_through("no socketpair", 0, -errno);
	for (size_t i = 0; i < sizeof(outside) / sizeof(*outside); i++) {
		struct iovec part[2] = {{pair, 1}, {(void *)outside[i], 4096}};
		struct msghdr message = {.msg_iov = part, .msg_iovlen = 2};
		long rc;

		rc = call(SYS_writev, (uint64_t)pair[0], (uint64_t)part, 2, 0, 0, 0);
		failures += rc >= 0 ? got_through("writev of", outside[i], rc) : 0;
		rc = call(SYS_sendmsg, (uint64_t)pair[0], (uint64_t)&message, 0, 0, 0, 0);
		failures += rc >= 0 ? got_through("sendmsg of", outside[i], rc) : 0;
		rc = call(SYS_recvmsg, (uint64_t)pair[0], (uint64_t)&message, MSG_DONTWAIT, 0, 0,
			  0);
		failures += rc >= 0 ? got_through("recvmsg to", outside[i], rc) : 0;
		message = (struct msghdr){.msg_iov = (struct iovec *)outside[i], .msg_iovlen = 1};
		rc = call(SYS_sendmsg, (uint64_t)pair[0], (uint64_t)&message, 0, 0, 0, 0);
		failures += rc >= 0 ? got_through("sendmsg by", outside[i], rc) : 0;
		rc = call(SYS_futex, (uint64_t)&failures, FUTEX_CMP_REQUEUE, 1, 1, outside[i],
			  (uint64_t)failures);
		failures += rc >= 0 ? got_through("requeue to", outside[i], rc) : 0;
	}
	return failures;
}

/* ---- memory ---------------------------------------------------------------------------------- */

static int attack_mappings(void)
{
	const uint64_t outside[] = {0x1000,         0x100000,
				    0x101000,       LOW - 4096,
				    high(),         high() + HUGE_BYTES,
				    0x555555554000, 0x7ffff7fc1000,
				    0x7fffffffe000, 0xfffffffffffff000};
	const uint64_t lengths[] = {4096, HUGE_BYTES, 1ULL << 47, 0xfffffffffffff000};
	const uint64_t flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
	char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int failures = page == MAP_FAILED;

	for (size_t i = 0; i < sizeof(outside) / sizeof(*outside); i++)
		for (size_t j = 0; j < sizeof(lengths) / sizeof(*lengths); j++) {
			uint64_t at = outside[i], length = lengths[j];
			long rc;

			rc = call(SYS_mmap, at, length, 3, flags, (uint64_t)-1, 0);
			failures += rc >= 0 ? got_through("mmap", at, rc) : 0;
			rc = call(SYS_munmap, at, length, 0, 0, 0, 0);
			failures += rc >= 0 ? got_through("munmap", at, rc) : 0;
			rc = call(SYS_mprotect, at, length, 3, 0, 0, 0);
			failures += rc >= 0 ? got_through("mprotect", at, rc) : 0;
			rc = call(SYS_madvise, at, length, MADV_DONTNEED, 0, 0, 0);
			failures += rc >= 0 ? got_through("madvise", at, rc) : 0;
			rc = call(SYS_mremap, at, length, 8192, MREMAP_MAYMOVE, 0, 0);
			failures += rc >= 0 ? got_through("mremap", at, rc) : 0;
			rc = call(SYS_mremap, (uint64_t)page, 4096, 4096,
				  MREMAP_MAYMOVE | MREMAP_FIXED, at, 0);
			failures += rc >= 0 ? got_through("mremap to", at, rc) : 0;
			rc = call(SYS_munmap, (uint64_t)page, length | 1ULL << 40, 0, 0, 0, 0);
			failures += rc >= 0 ? got_through("munmap of all", length, rc) : 0;
		}
	return failures;
}

/* KiB of the VMM with its guest. */
static long resident(void)
{
	char text[4096], *at;
	int fd = open("/proc/self/status", O_RDONLY);
	ssize_t n = read(fd, text, sizeof(text) - 1);

	close(fd);
	text[n > 0 ? n : 0] = 0;
	at = strstr(text, "VmRSS:");
	return at ? atol(at + 6) : -1;
}

/* What munmap gives back must be gone from the host, too. */
static int attack_growth(void)
{
	const size_t size = 64 << 20;

	for (int i = 0; i < 60; i++) {
		char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
				    -1, 0);

		if (memory == MAP_FAILED)
			return got_through("memory was not given back, round", (uint64_t)i, -errno);
		for (size_t at = 0; at < size; at += 64 << 10) {
			memory[at] = 1;
			if (memory[at + 1])
				return got_through("new memory is not zero", (uint64_t)memory, 0);
		}
		memory = mremap(memory, size, size / 2, 0);
		memory = mremap(memory, size / 2, size, MREMAP_MAYMOVE);
		if (memory == MAP_FAILED || memory[0] != 1 ||
		    memory[size - 1]) /* moved, and grown by zeroes */
			return got_through("mremap", (uint64_t)memory, -errno);
		munmap(memory, size);
	}
	if (resident() > 100 << 10)
		return got_through("memory stays resident, KiB", (uint64_t)resident(), 0);
	/* more than what is left of the program's last huge page, where its heap begins */
	char *old = sbrk(0), *heap = sbrk(2 * HUGE_BYTES);

	memset(heap, 1, 2 * HUGE_BYTES);
	sbrk(-(intptr_t)(2 * HUGE_BYTES));
	heap = sbrk(2 * HUGE_BYTES);
	if (heap != old || sbrk(0) != old + 2 * HUGE_BYTES)
		return got_through("the heap moved", (uint64_t)heap, 0);
	for (size_t i = 0; i < 2 * HUGE_BYTES; i++)
		if (heap[i])
			return got_through("the heap kept its contents", (uint64_t)heap + i, 0);
	return 0;
}

/* ---- descriptors, paths, calls --------------------------------------------------------------- */

static int attack_descriptors(void)
{
	const unsigned kvm_run = 0xae80, get_regs = 0x8090ae81;
	int failures = 0, fd = open("/scratch/file", O_RDWR | O_CREAT, 0600);
	char byte;

	if (fd < 0)
		return got_through("no file", 0, -errno);
	close(fd);
	for (uint64_t n = 3; n < 1100; n++) {
		long rc = call(SYS_read, n, (uint64_t)&byte, 1, 0, 0, 0);

		failures += rc != -EBADF ? got_through("read of descriptor", n, rc) : 0;
		rc = call(SYS_mmap, 0, 4096, 3, MAP_SHARED, n, 0);
		failures += rc != -EBADF ? got_through("mmap of descriptor", n, rc) : 0;
		rc = call(SYS_dup2, n, 4, 0, 0, 0, 0);
		failures += rc != -EBADF ? got_through("dup2 of descriptor", n, rc) : 0;
	}
	for (uint64_t n = 0; n < 3; n++) {
		long rc = call(SYS_ioctl, n, kvm_run, 0, 0, 0, 0);

		failures += rc != -ENOTTY ? got_through("KVM_RUN", n, rc) : 0;
		rc = call(SYS_ioctl, n, get_regs, (uint64_t)environ, 0, 0, 0);
		failures += rc != -ENOTTY ? got_through("KVM_GET_REGS", n, rc) : 0;
		rc = call(SYS_dup2, n, 1ULL << 31, 0, 0, 0, 0);
		failures += rc != -EBADF ? got_through("dup2 to", 1ULL << 31, rc) : 0;
		rc = call(SYS_dup2, n, 256, 0, 0, 0, 0);
		failures += rc != -EBADF ? got_through("dup2 to", 256, rc) : 0;
	}
	/* more than there can be: refused, and nothing else breaks */
	while ((fd = open("/scratch/file", O_RDONLY)) >= 0)
		;
	failures += errno != EMFILE ? got_through("descriptors", 0, -errno) : 0;
	return failures;
}

static int attack_paths(void)
{
	static const char *const paths[] = {
		"/etc/passwd",
		"../etc/passwd",
		"../../../../../../etc/passwd",
		"..",
		"/",
		"/..",
		"/scratch/../etc/passwd",
		"/scratch/..",
		"/scratch/../../../../etc/passwd",
		"/scratch//../..//etc/passwd",
		"/scratch/link",
		"/scratch/directory-link",
		"/scratch/directory-link/etc/passwd",
		"link",
		"up/etc/passwd",
		"/scratchy",
		"/scratch/./link",
		"/proc/self/mem",
		"/proc/self/maps",
		"/proc/self/fd/0",
		"/proc/self/exe/../mem",
		"/proc/1/environ",
		"/proc/self/root/etc/passwd",
		"/proc/self/cwd",
		"/dev/kvm",
		"/dev/mem",
		"/proc/kallsyms",
		"/sys/kernel/mm/transparent_hugepage/../../../../etc/passwd",
		"/sys/kernel/mm/transparent_hugepage/..",
		"/proc/cpuinfo/../self/mem",
		"/sys/devices/system/cpu/vulnerabilities/../online/..",
	};
	static const char *const read_only[] = {
		"/proc/self/exe",
		"/proc/cpuinfo",
		"/proc/sys/vm/nr_hugepages",
		"/sys/kernel/mm/transparent_hugepage/enabled",
	};
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct stat stat_of;
	int failures = 0, fd;

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		fd = open(paths[i], O_RDONLY);
		failures += fd >= 0 ? got_through(paths[i], i, fd) : 0;
		failures += !mkdir(paths[i], 0700) ? got_through("mkdir there", i, 0) : 0;
		/* a link itself may be replaced: it lies in the scratch directory */
		failures += !strstr(paths[i], "link") && !rename("/scratch/file", paths[i])
				    ? got_through("rename there", i, 0)
				    : 0;
		close(open("/scratch/file", O_CREAT | O_WRONLY, 0600));
	}
	for (size_t i = 0; i < sizeof(read_only) / sizeof(*read_only); i++) {
		fd = open(read_only[i], O_RDWR);
		failures += fd >= 0 ? got_through(read_only[i], i, fd) : 0;
		fd = open(read_only[i], O_RDONLY);
		failures += fd < 0 ? got_through("cannot read", i, -errno) : 0;
	}
	failures += !stat("/scratch/directory-link/etc", &stat_of) ? got_through("stat", 0, 0) : 0;
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	strcpy(address.sun_path, "/scratch/../socket");
	failures += fd >= 0 && !bind(fd, (struct sockaddr *)&address, sizeof(address))
			    ? got_through("bind", 0, 0)
			    : 0;
	strcpy(address.sun_path + 1, "abstract");
	address.sun_path[0] = 0;
	failures += fd >= 0 && !bind(fd, (struct sockaddr *)&address, sizeof(address))
			    ? got_through("bind of an abstract name", 0, 0)
			    : 0;
	return failures;
}

static int attack_calls(void)
{
	static const long refused[] = {
		SYS_fork,
		SYS_vfork,
		SYS_execve,
		SYS_execveat,
		SYS_ptrace,
		SYS_process_vm_readv,
		SYS_process_vm_writev,
		SYS_io_uring_setup,
		SYS_bpf,
		SYS_kill,
		SYS_mount,
		SYS_chroot,
		SYS_unshare,
		SYS_setns,
		SYS_setuid,
		SYS_seccomp,
		SYS_perf_event_open,
		SYS_clone3,
		SYS_userfaultfd,
		SYS_shmat,
		SYS_memfd_create,
		SYS_open_by_handle_at,
		SYS_init_module,
		SYS_iopl,
		SYS_splice,
		SYS_vmsplice,
		SYS_set_mempolicy,
		SYS_pidfd_getfd,
		SYS_symlink,
		SYS_link,
		SYS_mknod,
		SYS_chmod,
		450,
		511,
		512,
		1 << 20,
		1L << 40,
		-1,
	};
	int failures = 0;
	long rc;

	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		rc = call(refused[i], 0, 0, 0, 0, 0, 0);
		failures += rc != -ENOSYS ? got_through("call", (uint64_t)refused[i], rc) : 0;
	}
	rc = call(SYS_clone, 17 /* SIGCHLD: a fork */, 0, 0, 0, 0, 0);
	failures += rc >= 0 ? got_through("fork by clone", 0, rc) : 0;
	rc = call(SYS_sched_setaffinity, 1, 8, (uint64_t)environ, 0, 0, 0);
	failures += rc != -ESRCH ? got_through("affinity of another process", 1, rc) : 0;
	rc = call(SYS_socket, AF_NETLINK, SOCK_RAW, 0, 0, 0, 0);
	failures += rc >= 0 ? got_through("netlink socket", 0, rc) : 0;
	rc = call(SYS_socketpair, AF_UNIX, SOCK_DGRAM, 0, (uint64_t)&failures, 0, 0);
	failures += rc >= 0 ? got_through("pair that can send to any name", 0, rc) : 0;
	rc = call(SYS_socket, AF_INET, SOCK_RAW, 1, 0, 0, 0);
	failures += rc >= 0 ? got_through("raw socket", 0, rc) : 0;
	return failures;
}

/* ---- limits: the VMM runs with --file-bytes 1048576 and --cpus 0 ------------------------------
 */

#define FILE_BYTES (1ULL << 20)

/* The CPU clock of process `pid`, as clock_getcpuclockid() makes it. */
static uint64_t clock_of(int pid)
{
	return (uint32_t)((~(unsigned)pid << 3) | 2);
}

static int attack_clocks(void)
{
	const uint64_t clocks[] = {clock_of(1),  clock_of(2), clock_of(0),   clock_of(getpid()),
				   (uint64_t)-3, 12,          1ULL << 32 | 1};
	struct timespec ts = {0};
	int failures = 0;

	for (size_t i = 0; i < sizeof(clocks) / sizeof(*clocks); i++) {
		uint64_t id = clocks[i], to = (uint64_t)&ts;
		long rc = call(SYS_clock_gettime, id, to, 0, 0, 0, 0);

		failures += rc != -EINVAL ? got_through("clock_gettime", id, rc) : 0;
		rc = call(SYS_clock_getres, id, to, 0, 0, 0, 0);
		failures += rc != -EINVAL ? got_through("clock_getres", id, rc) : 0;
		rc = call(SYS_clock_nanosleep, id, 0, to, 0, 0, 0);
		failures += rc != -EINVAL ? got_through("clock_nanosleep", id, rc) : 0;
		rc = call(SYS_timerfd_create, id, 0, 0, 0, 0, 0);
		failures += rc != -EINVAL ? got_through("timerfd_create", id, rc) : 0;
	}
	if (call(SYS_clock_gettime, CLOCK_THREAD_CPUTIME_ID, (uint64_t)&ts, 0, 0, 0, 0))
		failures += got_through("no CPU clock of its own", 0, -errno);
	return failures;
}

static int attack_futex_owners(void)
{
	static const int commands[] = {FUTEX_FD,
				       FUTEX_LOCK_PI,
				       FUTEX_UNLOCK_PI,
				       FUTEX_TRYLOCK_PI,
				       FUTEX_WAIT_REQUEUE_PI,
				       FUTEX_CMP_REQUEUE_PI,
				       13 /* FUTEX_LOCK_PI2 */};
	uint32_t words[2] = {1, 0}; /* owned by process 1 */
	int failures = 0;

	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		for (uint64_t private = 0; private <= 128; private += 128) {
			long rc = call(SYS_futex, (uint64_t)words, (uint64_t)commands[i] | private,
				       1, 0, (uint64_t)(words + 1), 1);

			failures += rc != -ENOSYS ? got_through("futex", i, rc) : 0;
		}
	return failures;
}

static int attack_file_size(void)
{
	static const uint64_t modes[] = {0, 1 /* keep size */, 0x10 /* zero */, 0x11};
	const uint64_t past[][2] = {{0, FILE_BYTES + 1}, {FILE_BYTES, 4096}, {FILE_BYTES - 1, 2},
				    {1ULL << 40, 4096},  {4096, 1ULL << 62}, {1ULL << 63, 4096}};
	int failures = 0, fd = open("/scratch/file", O_RDWR | O_CREAT, 0600);
	struct stat st;
	long rc;

	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++)
		for (size_t j = 0; j < sizeof(past) / sizeof(*past); j++) {
			rc = call(SYS_fallocate, (uint64_t)fd, modes[i], past[j][0], past[j][1], 0,
				  0);
			failures += rc >= 0 ? got_through("fallocate", past[j][1], rc) : 0;
		}
	for (uint64_t mode = 8; mode <= 0x40; mode *= 2) { /* collapse, insert, unshare */
		rc = call(SYS_fallocate, (uint64_t)fd, mode & ~0x10ULL, 0, 4096, 0, 0);
		failures += rc >= 0 && mode != 0x10 ? got_through("fallocate", mode, rc) : 0;
	}
	rc = call(SYS_ftruncate, (uint64_t)fd, FILE_BYTES + 1, 0, 0, 0, 0);
	failures += rc != -EFBIG ? got_through("ftruncate", FILE_BYTES + 1, rc) : 0;
	rc = call(SYS_pwrite64, (uint64_t)fd, (uint64_t)environ, 1, FILE_BYTES, 0, 0);
	failures += rc != -EFBIG ? got_through("pwrite64", FILE_BYTES, rc) : 0;
	if (fallocate(fd, 0, 0, FILE_BYTES))
		failures += got_through("not even what is allowed", FILE_BYTES, -errno);
	if (fstat(fd, &st) || (uint64_t)st.st_blocks * 512 > FILE_BYTES + 65536)
		failures += got_through("blocks", (uint64_t)st.st_blocks, 0);
	return failures;
}

static int attack_affinity(void)
{
	uint64_t all[16], got[16] = {0};
	int failures = 0;
	long rc;

	memset(all, 0xff, sizeof(all));
	call(SYS_sched_setaffinity, 0, sizeof(all), (uint64_t)all, 0, 0, 0);
	rc = call(SYS_sched_getaffinity, 0, sizeof(got), (uint64_t)got, 0, 0, 0);
	failures += rc < 8 || got[0] != 1 ? got_through("every CPU", got[0], rc) : 0;
	all[0] = 2;
	memset(all + 1, 0, sizeof(all) - sizeof(*all));
	rc = call(SYS_sched_setaffinity, 0, sizeof(all), (uint64_t)all, 0, 0, 0);
	failures += rc != -EINVAL ? got_through("another CPU", 2, rc) : 0;
	return failures;
}

/* Where the VMM's own memory lies is none of the guest's business. */
static int attack_rollup(void)
{
	int failures = 0;

	for (int i = 0; i < 2; i++) { /* the second time, too */
		char text[4097] = {0};
		int fd = open("/proc/self/smaps_rollup", O_RDONLY);
		ssize_t n = read(fd, text, sizeof(text) - 1);

		if (n <= 0 || !strstr(text, "AnonHugePages:"))
			failures += got_through("no rollup", (uint64_t)i, n);
		if (strstr(text, "rollup]") || strchr(text, '-'))
			failures += got_through(text, (uint64_t)i, n);
		lseek(fd, 0, SEEK_SET);
		if (pread(fd, text, 64, 0) > 0 && strchr(text, '-'))
			failures += got_through(text, (uint64_t)i, 0);
		close(fd);
	}
	return failures;
}

static int attack_limits(void)
{
	return attack_clocks() + attack_futex_owners() + attack_file_size() + attack_affinity() +
	       attack_rollup();
}

/* ---- threads and races ----------------------------------------------------------------------- */

struct race {
	char *page;
	int pair[2];
	_Atomic bool stop;
	_Atomic long rounds;
};

static void *race_mapping(void *argument)
{
	struct race *race = argument;

	for (; !race->stop; race->rounds++) {
		call(SYS_munmap, (uint64_t)race->page, 4096, 0, 0, 0, 0);
		call(SYS_mmap, (uint64_t)race->page, 4096, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, (uint64_t)-1, 0);
		call(SYS_mprotect, (uint64_t)race->page, 4096, PROT_NONE, 0, 0, 0);
		call(SYS_mprotect, (uint64_t)race->page, 4096, PROT_READ | PROT_WRITE, 0, 0, 0);
	}
	return NULL;
}

static void *race_descriptors(void *argument)
{
	struct race *race = argument;

	for (; !race->stop; race->rounds++) {
		uint64_t n = 3 + (uint64_t)race->rounds % 8;
		char byte;

		call(SYS_close, n, 0, 0, 0, 0, 0);
		call(SYS_open, (uint64_t) "/scratch/file", O_RDWR, 0, 0, 0, 0);
		call(SYS_dup2, 3, n, 0, 0, 0, 0);
		call(SYS_pread64, n, (uint64_t)&byte, 1, 0, 0, 0);
		call(SYS_mmap, 0, 4096, PROT_READ, MAP_SHARED, n, 0);
	}
	return NULL;
}

static int attack_races(void)
{
	void *(*const racers[])(void *) = {race_mapping, race_descriptors, race_descriptors};
	pthread_t threads[3];
	struct race race = {0};
	double end = now() + RACE_SECONDS;

	race.page = mmap(NULL, 4096, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	close(open("/scratch/file", O_RDWR | O_CREAT, 0600));
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, race.pair))
		return got_through("no socketpair", 0, -errno);
	for (int i = 0; i < 3; i++)
		if (pthread_create(threads + i, NULL, racers[i], &race))
			return got_through("no thread", (uint64_t)i, 0);
	while (now() < end) {
		uint64_t page = (uint64_t)race.page;

		call(SYS_open, page, O_RDONLY, 0, 0, 0, 0);
		call(SYS_writev, (uint64_t)race.pair[0], page, 4, 0, 0, 0);
		call(SYS_recvmsg, (uint64_t)race.pair[0], page, MSG_DONTWAIT, 0, 0, 0);
		call(SYS_poll, page, 4, 0, 0, 0, 0);
		call(SYS_futex, page, FUTEX_WAKE, 1, 0, 0, 0);
		call(SYS_uname, page, 0, 0, 0, 0, 0);
		call(SYS_getrandom, page, 4096, 0, 0, 0, 0);
	}
	race.stop = true;
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	return race.rounds < 10 ? got_through("no race took place", (uint64_t)race.rounds, 0) : 0;
}

static _Thread_local int mine;

static void *count(void *argument)
{
	mine++;
	*(_Atomic int *)argument += mine;
	return NULL;
}

static _Atomic bool released;

static void *wait_for_release(void *argument)
{
	while (!released)
		usleep(20000);
	return argument;
}

static int attack_threads(void)
{
	pthread_t threads[80];
	_Atomic int sum = 0;
	int started = 0;

	/* one after the other: vCPUs are used again, and nothing of the last thread is left */
	for (int i = 0; i < 200; i++)
		if (pthread_create(threads, NULL, count, &sum) || pthread_join(*threads, NULL))
			return got_through("thread", (uint64_t)i, 0);
	/* more at once than there are vCPUs: refused, not broken */
	pthread_attr_t small;

	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 65536);
	for (; started < 80; started++)
		if (pthread_create(threads + started, &small, wait_for_release, NULL))
			break;
	released = true;
	for (int i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	if (started < 40 || started == 80)
		return got_through("threads at once", (uint64_t)started, 0);
	return sum != 200 ? got_through("threads counted", 200, sum) : 0;
}

static void *outlive_the_first(void *unused)
{
	(void)unused;
	usleep(100000); /* the first thread has ended by then */
	printf("held\n");
	_exit(0);
}

static int end_the_first_thread(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, outlive_the_first, NULL))
		return got_through("thread", 0, 0);
	syscall(SYS_exit, 0);
	return got_through("exit", 0, 0);
}

/* ---- vector state ---------------------------------------------------------------------------- */

__attribute__((target("avx512f"))) static int lost_vectors(int seed)
{
	__m512i wanted[8], got[8];

	for (int i = 0; i < 8; i++)
		wanted[i] = _mm512_set1_epi64(seed * 8 + i);
	__asm__ volatile("vmovdqu64 (%0), %%zmm16; vmovdqu64 64(%0), %%zmm17;"
			 "vmovdqu64 128(%0), %%zmm2; vmovdqu64 192(%0), %%zmm31"
			 :
			 : "r"(wanted)
			 : "xmm2", "xmm16", "xmm17", "xmm31", "memory");
	/* a call, and time to be preempted by the other thread */
	__asm__ volatile("syscall; mov $20000, %%ecx; 1: dec %%ecx; jnz 1b"
			 :
			 : "a"(SYS_sched_yield)
			 : "rcx", "r11", "memory");
	__asm__ volatile("vmovdqu64 %%zmm16, (%0); vmovdqu64 %%zmm17, 64(%0);"
			 "vmovdqu64 %%zmm2, 128(%0); vmovdqu64 %%zmm31, 192(%0)"
			 :
			 : "r"(got)
			 : "memory");
	return memcmp(got, wanted, 256) != 0;
}

static void *vector_thread(void *argument)
{
	double end = now() + RACE_SECONDS;
	long lost = 0;

	for (int i = 0; now() < end; i++)
		lost += lost_vectors((int)(intptr_t)argument + i);
	return (void *)lost;
}

static int attack_vectors(void)
{
	pthread_t other;
	void *lost, *here;

	if (!__builtin_cpu_supports("avx512f")) {
		printf("no AVX-512\n");
		return 0;
	}
	if (pthread_create(&other, NULL, vector_thread, (void *)1000))
		return got_through("no thread", 0, 0);
	here = vector_thread(NULL);
	pthread_join(other, &lost);
	return lost || here ? got_through("vector registers lost", (uint64_t)lost, (long)here) : 0;
}

/* ---- the first act --------------------------------------------------------------------------- */

/*
 * Where the program begins. With the name ring-0-first it jumps into the VMM's stub before it has
 * made a single call, as if `syscall` had led there in ring 3. A VMM that believes it makes the
 * later calls return in ring 0. All registers are as the C library's start wants them.
 */
__asm__(".globl hostile_start\n"
	"hostile_start:\n"
	"	mov 16(%rsp), %rax\n" /* argv[1] */
	"	test %rax, %rax\n"
	"	jz _start\n"
	"	cmpl $0x676e6972, (%rax)\n" /* "ring" */
	"	jne _start\n"
	"	mov %rdx, %r15\n"
	"	mov $39, %eax\n" /* getpid */
	"	lea 1f(%rip), %rcx\n"
	"	mov $0x101000, %edi\n"
	"	jmp *%rdi\n"
	"1:	mov %r15, %rdx\n"
	"	jmp _start\n");

/* The ring is in the code segment's selector. */
static int attack_ring_0(void)
{
	uint16_t code;

	call(SYS_getppid, 0, 0, 0, 0, 0, 0);
	__asm__ volatile("mov %%cs, %0" : "=r"(code));
	return code & 3 ? 0 : got_through("ring 0 with code segment", code, 0);
}

/* ---- faults: none of these returns ----------------------------------------------------------- */

static int fault_null(void)
{
	volatile uint64_t nowhere = 16;

	*(volatile int *)nowhere = 1;
	return 0;
}

static int fault_stub(void)
{
	*(volatile char *)0x101000 = 1;
	return 0;
}

static int fault_tables(void)
{
	*(volatile char *)(high() + 2 * HUGE_BYTES) = 1;
	return 0;
}

static int fault_vdso(void)
{
	*(volatile char *)(high() + HUGE_BYTES) = 1;
	return 0;
}

static int fault_read_only(void)
{
	*(volatile char *)mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) = 1;
	return 0;
}

static int fault_unmapped(void)
{
	return *(volatile char *)(high() - (64ULL << 20));
}

static int fault_halt(void)
{
	__asm__ volatile("hlt");
	return 0;
}

static int fault_port(void)
{
	__asm__ volatile("outb %%al, $0x80" : : "a"(1));
	return 0;
}

static int fault_call_port_string(void)
{
	__asm__ volatile("rep outsb" : : "S"(environ), "c"(64), "d"(0x12));
	return 0;
}

static int fault_jump(void)
{
	((void (*)(void))0x7fff00000000)();
	return 0;
}

static int fault_jump_to_stub(void)
{
	__asm__ volatile("mov $0x101000, %%rdx; mov $39, %%eax; xor %%ecx, %%ecx; jmp *%%rdx"
			 :
			 :
			 : "rdx", "rax", "rcx");
	return 0;
}

static int fault_abort(void)
{
	raise(SIGABRT);
	return 0;
}

static int fault_truncated_mapping(void)
{
	int fd = open("/scratch/file", O_RDWR | O_CREAT | O_TRUNC, 0600);
	char *memory;

	if (ftruncate(fd, 4096))
		return 0;
	memory = mmap(NULL, 4096, 3, MAP_SHARED, fd, 0);
	if (ftruncate(fd, 0))
		return 0;
	/* through the VMM first: an error, no death */
	printf("%ld\n", call(SYS_uname, (uint64_t)memory, 0, 0, 0, 0, 0));
	return *(volatile char *)memory;
}

static int fault_loop(void)
{
	for (volatile int forever = 1; forever;)
		;
	return 0;
}

static int fault_sleep(void)
{
	return (int)sleep(1000);
}

static const struct attack {
	const char *name;
	int (*run)(void);
} attacks[] = {
	{"addresses", attack_addresses},
	{"structures", attack_structures},
	{"mappings", attack_mappings},
	{"growth", attack_growth},
	{"descriptors", attack_descriptors},
	{"paths", attack_paths},
	{"calls", attack_calls},
	{"limits", attack_limits},
	{"races", attack_races},
	{"threads", attack_threads},
	{"first-thread", end_the_first_thread},
	{"vectors", attack_vectors},
	{"ring-0-first", attack_ring_0},
	{"fault-null", fault_null},
	{"fault-stub", fault_stub},
	{"fault-tables", fault_tables},
	{"fault-vdso", fault_vdso},
	{"fault-read-only", fault_read_only},
	{"fault-unmapped", fault_unmapped},
	{"fault-halt", fault_halt},
	{"fault-port", fault_port},
	{"fault-call-port-string", fault_call_port_string},
	{"fault-jump", fault_jump},
	{"fault-jump-to-stub", fault_jump_to_stub},
	{"fault-abort", fault_abort},
	{"fault-truncated-mapping", fault_truncated_mapping},
	{"fault-loop", fault_loop},
	{"fault-sleep", fault_sleep},
};

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (size_t i = 0; argc == 2 && i < sizeof(attacks) / sizeof(*attacks); i++) {
		if (strcmp(attacks[i].name, argv[1]))
			continue;
		if (attacks[i].run())
			return 1;
		printf("held\n");
		return 0;
	}
	for (size_t i = 0; i < sizeof(attacks) / sizeof(*attacks); i++)
		printf("%s\n", attacks[i].name);
	return 2;
}
