/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The counters' system calls, and a test whether their counts can be trusted. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness/observe/counters_private.h"

#define LOOP_TURNS 1000000UL
#define LOOP_INSTRUCTIONS (2 * LOOP_TURNS) /* each iteration: subtract, branch */
#define TRUTH_LIMIT 0.01

static int real_open(void *context, struct perf_event_attr *attr, pid_t pid, int cpu, int group,
		     unsigned long flags)
{
	long fd = syscall(SYS_perf_event_open, attr, pid, cpu, group, flags | PERF_FLAG_FD_CLOEXEC);

	(void)context;
	return fd < 0 ? -errno : (int)fd;
}

static ssize_t real_read(void *context, int fd, void *buffer, size_t size)
{
	ssize_t n = read(fd, buffer, size);

	(void)context;
	return n < 0 ? -errno : n;
}

static int real_control(void *context, int fd, unsigned long request, unsigned long argument)
{
	(void)context;
	return ioctl(fd, request, argument) < 0 ? -errno : 0;
}

static void real_close(void *context, int fd)
{
	(void)context;
	close(fd);
}

const struct counter_system counter_system_real = {
	.open = real_open,
	.read = real_read,
	.control = real_control,
	.close = real_close,
};

const char *counter_open_failure(int code)
{
	switch (-code) {
	case ENOENT:
	case ENODEV:
	case EOPNOTSUPP:
	case ENXIO:
		return "no PMU here counts it: either this virtual machine has none, or the event "
		       "belongs to another processor";
	case EACCES:
	case EPERM:
		return "not allowed: run as root, or sysctl kernel.perf_event_paranoid=-1";
	case EMFILE:
	case ENFILE:
		return "too many open files: raise ulimit -n";
	case EBUSY:
		return "another user holds the counter";
	case ESRCH:
		return "the process is gone";
	default:
		return strerror(-code);
	}
}

void counter_try(const struct counter_system *system, struct counter *counter)
{
	struct perf_event_attr attr = counter->attr;
	int fd, rc = 0;

	attr.disabled = 1;
	fd = system->open(system->context, &attr, 0, -1, -1, 0);
	if (fd >= 0 && counter->filter[0])
		rc = system->control(system->context, fd, PERF_EVENT_IOC_SET_FILTER,
				     (unsigned long)counter->filter);
	if (fd >= 0)
		system->close(system->context, fd);
	counter->usable = fd >= 0 && rc == 0;
	if (!counter->usable)
		snprintf(counter->reason, sizeof(counter->reason), "%s",
			 counter_open_failure(fd < 0 ? fd : rc));
}

/* Exactly LOOP_INSTRUCTIONS in user mode; false if there is no loop for this architecture. */
static bool known_loop(void)
{
	unsigned long turns = LOOP_TURNS;

#if defined(__x86_64__)
	__asm__ volatile("1: sub $1, %0\n\tjnz 1b" : "+r"(turns) : : "cc");
	return true;
#elif defined(__aarch64__)
	__asm__ volatile("1: subs %0, %0, #1\n\tb.ne 1b" : "+r"(turns) : : "cc");
	return true;
#else
	(void)turns;
	return false;
#endif
}

/* The loop's instructions as counted, or a negative errno. */
static double count_loop(const struct counter_system *system)
{
	struct perf_event_attr attr = {.size = sizeof(attr),
				       .type = PERF_TYPE_HARDWARE,
				       .config = PERF_COUNT_HW_INSTRUCTIONS,
				       .disabled = 1,
				       .exclude_kernel = 1,
				       .exclude_hv = 1,
				       .read_format = COUNTER_READ_FORMAT};
	struct counter_reading reading = {0};
	int fd = system->open(system->context, &attr, 0, -1, -1, 0);
	bool known;
	ssize_t n;

	if (fd < 0)
		return fd;
	system->control(system->context, fd, PERF_EVENT_IOC_ENABLE, 0);
	known = known_loop();
	system->control(system->context, fd, PERF_EVENT_IOC_DISABLE, 0);
	n = system->read(system->context, fd, &reading, sizeof(reading));
	system->close(system->context, fd);
	if (!known)
		return -ENOSYS;
	if (n != sizeof(reading))
		return n < 0 ? (double)n : -EIO;
	if (!reading.running)
		return -EBUSY;
	return (double)reading.value * ((double)reading.enabled / (double)reading.running);
}

void counter_test_truth(struct counter_set *set)
{
	double counted = count_loop(set->system);

	if (counted < 0)
		snprintf(set->truth, sizeof(set->truth), "cannot count a known loop: %s",
			 counter_open_failure((int)counted));
	else
		snprintf(set->truth, sizeof(set->truth),
			 "a loop of %lu instructions was counted as %.0f", LOOP_INSTRUCTIONS,
			 counted);
	set->truth_good = fabs(counted / (double)LOOP_INSTRUCTIONS - 1) <= TRUTH_LIMIT;
	for (int i = 0; i < set->count && !set->truth_good; i++) {
		struct counter *counter = &set->list[i];

		if (counter->kind != COUNTER_HARDWARE || !counter->usable)
			continue;
		counter->usable = false;
		snprintf(counter->reason, sizeof(counter->reason), "%s", set->truth);
	}
}
