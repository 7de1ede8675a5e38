/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any sequence of system calls with any arguments, against the VMM's own code, without KVM. A call
 * must touch nothing outside of the guest's memory: the pages right below and above it hold a
 * pattern, and the address sanitizer watches the VMM's.
 */
#include <assert.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "drivers/microvm/calls.h"
#include "drivers/microvm/memory.h"
#include "drivers/microvm/vmm.h"

#define MEMORY_BYTES (96ULL << 20)
#define PATTERN 0x5a

_Noreturn void vmm_fail(struct vmm *vmm, const char *format, ...)
{
	(void)vmm, (void)format;
	abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* What would wait, end the process or needs a real vCPU. */
static bool is_left_out(uint64_t number)
{
	static const int left_out[] = {
		SYS_exit,    SYS_exit_group, SYS_clone,           SYS_tgkill,
		SYS_futex,   SYS_nanosleep,  SYS_clock_nanosleep, SYS_poll,
		SYS_ppoll,   SYS_epoll_wait, SYS_epoll_pwait,     SYS_read,
		SYS_readv,   SYS_recvmsg,    SYS_recvfrom,        SYS_accept,
		SYS_accept4, SYS_connect,    SYS_write,           SYS_writev,
		SYS_sendto,  SYS_sendmsg,    SYS_fsync,           SYS_fdatasync,
		SYS_prctl,
	};

	for (size_t i = 0; i < sizeof(left_out) / sizeof(*left_out); i++)
		if ((uint64_t)left_out[i] == number)
			return true;
	return false;
}

/* Calls whose first argument is a clock: the guest has no other process's. */
static bool is_by_clock(uint64_t number)
{
	return number == SYS_clock_gettime || number == SYS_clock_getres ||
	       number == SYS_timerfd_create;
}

static uint8_t *guard(uint64_t address)
{
	void *at = mmap((void *)address, PAGE_BYTES, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	assert(at == (void *)address);
	return memset(at, PATTERN, PAGE_BYTES);
}

struct world {
	struct vmm vmm;
	struct vcpu vcpu;
	struct kvm_regs regs;
	uint8_t *below, *above;
};

static struct world *world_create(void)
{
	struct world *w = calloc(1, sizeof(*w));
	char directory[] = "/tmp/fuzz-microvm-XXXXXX";
	struct rlimit limit = {1 << 20, 1 << 20};

	assert(w && mkdtemp(directory));
	setrlimit(RLIMIT_FSIZE, &limit);
	w->vmm.pid = getpid();
	w->vmm.file_bytes = 1 << 20;
	sched_getaffinity(0, sizeof(w->vmm.cpus), &w->vmm.cpus);
	w->vmm.vm = w->vmm.kvm = -1;
	w->vmm.scratch = open(directory, O_PATH | O_DIRECTORY);
	w->vmm.status = calloc(1, sizeof(struct status));
	memset(w->vmm.given, 0xff, sizeof(w->vmm.given));
	memset(w->vmm.call_log, 0xff, sizeof(w->vmm.call_log));
	descriptors_init(&w->vmm.descriptors);
	pthread_mutex_init(&w->vmm.vcpu_lock, NULL);
	assert(!memory_reserve(&w->vmm, MEMORY_BYTES, NULL));
	assert(!memory_map_program(&w->vmm, w->vmm.low, w->vmm.low + PAGE_BYTES, NULL));
	w->vcpu = (struct vcpu){.vmm = &w->vmm, .fd = -1, .regs = &w->regs, .tid = gettid()};
	w->vcpu.status = w->vmm.status->vcpu;
	w->vmm.vcpus[0] = &w->vcpu;
	w->vmm.vcpu_count = 1;
	w->below = guard(w->vmm.low - PAGE_BYTES);
	w->above = guard(w->vmm.high);
	return w;
}

/* A byte chooses what an argument is made of: most are near something that matters. */
static uint64_t argument(const struct world *w, uint8_t kind, uint64_t raw)
{
	switch (kind & 7) {
	case 0:
		return raw;
	case 1:
		return w->vmm.low + (int8_t)raw;
	case 2:
		return w->vmm.high + (int8_t)raw;
	case 3:
		return w->vmm.low + raw % (w->vmm.high - w->vmm.low);
	case 4:
		return (w->vmm.low + raw % (w->vmm.high - w->vmm.low)) & ~(PAGE_BYTES - 1);
	case 5:
		return raw & 15;
	case 6:
		return (raw & 63) << 12;
	default:
		return raw & 0xffff;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct world *w; /* one address range: one world */

	if (!w)
		w = world_create();
	for (; size >= 56; bytes += 56, size -= 56) {
		uint64_t raw[7], a[6], number;

		memcpy(raw, bytes, sizeof(raw));
		number = raw[0] & 511;
		if (is_left_out(number))
			continue;
		for (int i = 0; i < 6; i++)
			a[i] = argument(w, bytes[2 + i], raw[1 + i]);
		w->regs.rax = number;
		if (call_run(&w->vcpu, number, a) >= 0 && is_by_clock(number))
			assert(a[0] < CLOCKS);
	}
	for (size_t i = 0; i < PAGE_BYTES; i++)
		assert(w->below[i] == PATTERN && w->above[i] == PATTERN);
	for (uint64_t i = 0; i < DESCRIPTORS; i++)
		descriptors_close(&w->vmm.descriptors, i);
	return 0;
}
