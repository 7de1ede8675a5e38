/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/study.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})

const struct study studies[] = {
	{
		.name = "overhead",
		.title = "What do a container and a virtual machine cost on this machine?",
		.figure = "overhead",
		.baseline = "bare",
		.environments = LIST("container", "?microvm", "vm"),
		.workloads = LIST("cpu.compress", "memory.stream", "disk.randomrw", "network.rr"),
	},
	{
		.name = "aa",
		.title = "What can this machine resolve? The baseline against itself",
		.figure = "overhead",
		.baseline = "bare",
		.environments = (const char *const[]){NULL},
		.workloads = LIST("cpu.compress", "memory.stream", "disk.randomrw", "network.rr"),
	},
	{
		.name = "exits",
		.title = "What does an exit of a KVM guest cost on this machine?",
		.figure = "exits",
		.baseline = "bare",
		.environments = (const char *const[]){NULL},
		/* a system call and a context switch of the host, for scale, then the guest's
		   events */
		.workloads = LIST("cpu.syscall", "cpu.switch", "cpu.exit:kind=pio",
				  "cpu.exit:kind=mmio", "cpu.exit:kind=pio-event",
				  "cpu.exit:kind=mmio-event", "cpu.exit:kind=cpuid",
				  "cpu.exit:kind=hypercall", "cpu.exit:kind=irqfd",
				  "cpu.exit:kind=touch-4k", "cpu.exit:kind=touch-2m",
				  "cpu.exit:kind=write", "cpu.exit:kind=write-logged"),
	},
	{0},
};

int study_find(const char *name, const struct study **study, struct error *err)
{
	char valid[256] = "";

	for (*study = studies; (*study)->name; (*study)++) {
		size_t used = strlen(valid);

		if (!name || strcmp(name, (*study)->name) == 0)
			return 0;
		snprintf(valid + used, sizeof(valid) - used, " %s", (*study)->name);
	}
	*study = NULL;
	return error_set(err, -EINVAL, "study '%s' is unknown; valid are:%s", name, valid);
}
