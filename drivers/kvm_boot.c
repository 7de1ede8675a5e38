/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/kvm_boot.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/command.h"
#include "base/hypervisor.h"
#include "drivers/guest/kernel.h"

#define EMULATOR "qemu-system-x86_64"
#define BOOT_MS 30000
#define EMULATED_BOOT_MS 120000     /* if the host itself is emulated */
#define FIRST_LINE "Linux version " /* of every kernel's log (init/version.c) */

static void last_line(char *text, char *line, size_t size)
{
	char *end = text + strlen(text);

	while (end > text && strchr("\r\n", end[-1]))
		*--end = 0;
	while (end > text && end[-1] != '\n')
		end--;
	snprintf(line, size, "%s", end);
}

/* It ends by itself: without a root file system the kernel panics and restarts, and QEMU exits. */
bool kvm_boots_linux(char *why, size_t size)
{
	struct guest_kernel kernel;
	const char *const argv[] = {EMULATOR,
				    "-accel",
				    "kvm",
				    "-cpu",
				    "host",
				    "-m",
				    "256",
				    "-nodefaults",
				    "-no-user-config",
				    "-display",
				    "none",
				    "-serial",
				    "stdio",
				    "-no-reboot",
				    "-sandbox",
				    "on,obsolete=deny,elevateprivileges=deny,spawn=deny,"
				    "resourcecontrol=deny",
				    "-kernel",
				    kernel.image,
				    "-append",
				    "console=ttyS0 earlyprintk=ttyS0 edd=off panic=-1",
				    NULL};
	cleanup_free char *output = NULL;
	struct error err = {0};
	char line[96] = "";

	if (guest_kernel_find(NULL, NULL, false, false, &kernel, &err) < 0) {
		snprintf(why, size, "cannot try a boot: %.120s", err.message);
		return false;
	}
	command_run(argv, NULL, host_cpu() == HOST_CPU_EMULATED ? EMULATED_BOOT_MS : BOOT_MS,
		    &output, &err);
	if (output && strstr(output, FIRST_LINE))
		return true;
	if (output)
		last_line(output, line, sizeof(line));
	snprintf(why, size, "a kernel in QEMU printed no first line: %.120s",
		 line[0] ? line : err.message);
	return false;
}
