/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/vm_checks.h"

#include <libvirt/libvirt.h>
#include <pwd.h>
#include <stddef.h>
#include <unistd.h>

#include "base/error.h"
#include "drivers/guest/kernel.h"
#include "drivers/kvm_probe.h"

#define QEMU_USER "libvirt-qemu"

static void check_kvm(struct check_result *result)
{
	struct kvm_probe probe;

	kvm_probe(&probe);
	if (probe.linux_guest) {
		if (probe.booted)
			say_value(result, "%s, %s; boots a Linux kernel", probe.module,
				  probe.paging);
		else
			say_value(result, "%s, %s; %.2f ns an instruction in ring 0", probe.module,
				  probe.paging, probe.ring0_ns);
		if (*kvm_probe_caveat(&probe))
			say_consequence(
				result, CHECK_NOTE,
				"%s: figures are labelled so and not compared with published ones",
				kvm_probe_caveat(&probe));
		return;
	}
	if (probe.ring3)
		say_value(result, "%s, %s: guests run only in ring 3", probe.module, probe.paging);
	else
		say_value(result, "cannot run guests");
	say_consequence(result, CHECK_UNAVAILABLE,
			"virtual machines are emulated (TCG), labelled so and not comparable%s; %s",
			probe.ring3 ? "; microvm works" : "", probe.reason);
}

static void check_qemu(struct check_result *result)
{
	check_program(result, "qemu-system-x86_64", "qemu-system-x86",
		      "virtual machines cannot be measured");
}

static void check_libvirt(struct check_result *result)
{
	static const char *const drivers[] = {
		"/usr/lib/x86_64-linux-gnu/libvirt/connection-driver/libvirt_driver_qemu.so",
		"/usr/lib64/libvirt/connection-driver/libvirt_driver_qemu.so",
		"/usr/lib/libvirt/connection-driver/libvirt_driver_qemu.so",
	};
	unsigned long version = 0;
	bool has_driver = false;

	virGetVersion(&version, NULL, NULL);
	for (size_t i = 0; i < sizeof(drivers) / sizeof(*drivers); i++)
		has_driver |= access(drivers[i], R_OK) == 0;
	say_value(result, "%lu.%lu.%lu, embedded: no daemon is needed", version / 1000000,
		  version / 1000 % 1000, version % 1000);
	if (!has_driver) {
		say_value(result, "its QEMU driver is not installed");
		say_consequence(result, CHECK_UNAVAILABLE, "virtual machines cannot be measured");
		say_command(result, "apt-get install libvirt-daemon-driver-qemu");
	} else if (!getpwnam(QEMU_USER)) {
		say_value(result, "the user %s does not exist", QEMU_USER);
		say_consequence(
			result, CHECK_UNAVAILABLE,
			"Tare does not run QEMU as root, so virtual machines cannot be measured");
		say_command(result, "apt-get install libvirt-daemon-system");
	}
}

static void check_guest_kernel(struct check_result *result)
{
	struct guest_kernel kernel;
	struct error err;

	if (!guest_kernel_find(NULL, NULL, false, false, &kernel, &err)) {
		say_value(result, "%.60s, %.120s", kernel.version, kernel.source);
		return;
	}
	say_value(result, "not downloaded yet");
	say_consequence(result, CHECK_NOTE,
			"the first run with a virtual machine downloads one (27 MB) to a cache and "
			"installs nothing: %.200s",
			err.message);
}

const struct check kvm_checks[] = {{"kvm", check_kvm}, {0}};

const struct check vm_checks[] = {
	{"kvm", check_kvm},
	{"qemu", check_qemu},
	{"libvirt", check_libvirt},
	{"guest kernel", check_guest_kernel},
	{0},
};
