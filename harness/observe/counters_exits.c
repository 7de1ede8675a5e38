/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts KVM exits with the tracepoint kvm:kvm_exit, on the virtual CPUs' threads. */
#include <asm/svm.h>
#include <asm/vmx.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "harness/observe/counters_private.h"
#include "harness/observe/procfs.h"

struct exit_reason {
	unsigned code;
	const char *name;
};

/* The informative ones of about 70: each adds a filter to every exit. */
static const struct exit_reason intel_reasons[] = {
	{EXIT_REASON_EXTERNAL_INTERRUPT, "interrupt"},
	{EXIT_REASON_INTERRUPT_WINDOW, "interrupt-window"},
	{EXIT_REASON_CPUID, "cpuid"},
	{EXIT_REASON_HLT, "halt"},
	{EXIT_REASON_IO_INSTRUCTION, "port"},
	{EXIT_REASON_MSR_READ, "msr-read"},
	{EXIT_REASON_MSR_WRITE, "msr-write"},
	{EXIT_REASON_PAUSE_INSTRUCTION, "pause"},
	{EXIT_REASON_EPT_VIOLATION, "page-table"},
	{EXIT_REASON_EPT_MISCONFIG, "device-memory"},
	{EXIT_REASON_PREEMPTION_TIMER, "timer"},
	{0, NULL},
};

static const struct exit_reason amd_reasons[] = {
	{SVM_EXIT_INTR, "interrupt"},
	{SVM_EXIT_VINTR, "interrupt-window"},
	{SVM_EXIT_CPUID, "cpuid"},
	{SVM_EXIT_HLT, "halt"},
	{SVM_EXIT_IOIO, "port"},
	{SVM_EXIT_MSR, "msr"},
	{SVM_EXIT_PAUSE, "pause"},
	{SVM_EXIT_NPF, "page-table"},
	{0, NULL},
};

/* The exit reasons of the module behind /dev/kvm; NULL if their numbers are unknown. */
static const struct exit_reason *reasons_here(void)
{
	if (!access("/sys/module/kvm_intel", F_OK))
		return intel_reasons;
	if (!access("/sys/module/kvm_amd", F_OK))
		return amd_reasons;
	return NULL;
}

/* tracefs through a detached mount: nothing on the host changes. */
static int open_tracefs(void)
{
	int context = fsopen("tracefs", FSOPEN_CLOEXEC), mount = -1;

	if (context < 0)
		return -errno;
	if (!fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		mount = fsmount(context, FSMOUNT_CLOEXEC, MOUNT_ATTR_RDONLY);
	if (mount < 0)
		mount = -errno;
	close(context);
	return mount;
}

/* The number of kvm:kvm_exit, or a negative errno. */
static long tracepoint_number(void)
{
	cleanup_close int mount = -1, fd = -1;
	char line[32] = "";

	if (!proc_line(line, sizeof(line), "", "/sys/kernel/tracing/events/kvm/kvm_exit/id")) {
		mount = open_tracefs();
		if (mount < 0)
			return mount;
		fd = openat(mount, "events/kvm/kvm_exit/id", O_RDONLY | O_CLOEXEC);
		if (fd < 0 || read(fd, line, sizeof(line) - 1) <= 0)
			return -errno;
	}
	return atol(line);
}

static struct counter *add(struct counter_set *set, const char *reason)
{
	struct counter *counter = &set->list[set->count++];

	*counter = (struct counter){
		.kind = COUNTER_EXITS,
		.attr = {.type = PERF_TYPE_TRACEPOINT, .size = sizeof(counter->attr)}};
	snprintf(counter->name, sizeof(counter->name), "kvm-exits%s%s", reason ? ":" : "",
		 reason ? reason : "");
	snprintf(counter->encoding, sizeof(counter->encoding), "tracepoint kvm:kvm_exit");
	return counter;
}

static void add_filtered(struct counter_set *set, unsigned long number,
			 const struct exit_reason *reason)
{
	struct counter *counter = add(set, reason->name);

	counter->attr.config = number;
	snprintf(counter->filter, sizeof(counter->filter), "exit_reason==%u", reason->code);
	snprintf(counter->encoding, sizeof(counter->encoding), "tracepoint kvm:kvm_exit, %s",
		 counter->filter);
	counter_try(set->system, counter);
}

void counter_add_exits(struct counter_set *set, bool by_reason)
{
	struct counter *all = add(set, NULL);
	long number = tracepoint_number();

	if (number < 0) {
		snprintf(all->reason, sizeof(all->reason), "no tracepoint kvm:kvm_exit: %s",
			 strerror((int)-number));
		return;
	}
	all->attr.config = (unsigned long)number;
	counter_try(set->system, all);
	if (!by_reason || !all->usable)
		return;
	for (const struct exit_reason *reason = reasons_here(); reason && reason->name; reason++)
		add_filtered(set, (unsigned long)number, reason);
}
