/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether this host is a virtual machine, of which hypervisor, and the evidence. */
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/hypervisor.h"
#include "harness/observe/host.h"
#include "harness/observe/procfs.h"

struct known {
	const char *sign, *name;
};

/* The vendor signature of CPUID leaf 0x40000000. */
static const struct known signatures[] = {
	{"KVMKVMKVM", "KVM"},
	{"Linux KVM Hv", "KVM (with Hyper-V's interface)"},
	{"Microsoft Hv", "Hyper-V"},
	{"VMwareVMware", "VMware"},
	{"XenVMMXenVMM", "Xen"},
	{"VBoxVBoxVBox", "VirtualBox"},
	{"TCGTCGTCGTCG", "QEMU without KVM (TCG)"},
	{"bhyve bhyve ", "bhyve"},
	{"ACRNACRNACRN", "ACRN"},
	{" lrpepyh  vr", "Parallels"},
	{"prl hyperv  ", "Parallels"},
	{NULL, NULL},
};

/* What the firmware calls the machine. */
static const struct known machines[] = {
	{"Firecracker", "Firecracker"},
	{"Amazon EC2", "Amazon EC2"},
	{"Google Compute Engine", "Google Compute Engine"},
	{"VMware", "VMware"},
	{"VirtualBox", "VirtualBox"},
	{"QEMU", "QEMU"},
	{"Standard PC", "QEMU"},
	{"KVM", "KVM"},
	{"Xen", "Xen"},
	{"HVM domU", "Xen"},
	{"BHYVE", "bhyve"},
	{"Parallels", "Parallels"},
	{"OpenStack", "OpenStack"},
	{"DigitalOcean", "DigitalOcean"},
	{"Hetzner", "Hetzner"},
	{"Virtual Machine", "Hyper-V"},
	{NULL, NULL},
};

static const char *find(const struct known *list, const char *text)
{
	for (; list->sign; list++)
		if (strstr(text, list->sign))
			return list->name;
	return NULL;
}

/* Prefers the signature's name to the kernel's flag. */
static void by_processor(struct hypervisor *hypervisor)
{
	char signature[13];
	const char *name;

	if (!hypervisor_signature(signature))
		return;
	name = find(signatures, signature);
	snprintf(hypervisor->name, sizeof(hypervisor->name), "%s", name ? name : "unknown");
	snprintf(hypervisor->evidence, sizeof(hypervisor->evidence),
		 "CPUID leaf 0x40000000 says \"%s\"", signature);
}

/* The kernel's view of the same bit, the only source in another host's recorded files. *knows: the
 * processor has such a bit. */
static bool by_cpuinfo(const char *root, bool *knows, struct hypervisor *hypervisor)
{
	cleanup_free char *text = proc_text(root, "/proc/cpuinfo");
	char flags[4096];

	*knows = text && proc_value(text, "flags", flags, sizeof(flags));
	if (!*knows || !strstr(flags, " hypervisor"))
		return false;
	snprintf(hypervisor->name, sizeof(hypervisor->name), "unknown");
	snprintf(hypervisor->evidence, sizeof(hypervisor->evidence),
		 "the flag hypervisor in /proc/cpuinfo");
	return true;
}

/* Xen's paravirtual guests, and processors without CPUID. */
static bool by_kernel(const char *root, struct hypervisor *hypervisor)
{
	static const char *const paths[] = {"/sys/hypervisor/type",
					    "/proc/device-tree/hypervisor/compatible"};
	char line[64];

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		if (!proc_line(line, sizeof(line), root, "%s", paths[i]))
			continue;
		snprintf(hypervisor->name, sizeof(hypervisor->name), "%s",
			 !strcmp(line, "xen") ? "Xen" : line);
		snprintf(hypervisor->evidence, sizeof(hypervisor->evidence), "%s says \"%s\"",
			 paths[i], line);
		return true;
	}
	return false;
}

/* The firmware names the machine more precisely than the processor, and sometimes it is the only
 * source. */
static const char *by_firmware(const char *root, char *said, size_t size)
{
	static const char *const paths[] = {
		"/sys/class/dmi/id/product_name", "/sys/class/dmi/id/sys_vendor",
		"/sys/class/dmi/id/bios_vendor", "/proc/device-tree/model"};
	char line[128];

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		const char *name = NULL;

		if (proc_line(line, sizeof(line), root, "%s", paths[i]))
			name = find(machines, line);
		if (!name)
			continue;
		snprintf(said, size, "%s says \"%s\"", paths[i], line);
		return name;
	}
	return NULL;
}

/* Firecracker has no DMI: its ACPI tables name it as their maker. */
static const char *by_tables(const char *root, char *said, size_t size)
{
	static const char path[] = "/sys/firmware/acpi/tables/DSDT";
	char header[37];

	/* 10 bytes in: the maker, 6 letters (ACPI specification 6.5, table 5.4) */
	cleanup_free char *whole = NULL;
	cleanup_file FILE *file = NULL;

	if (asprintf(&whole, "%s%s", root, path) < 0)
		return NULL;
	file = fopen(whole, "re");
	if (!file || fread(header, 1, 36, file) != 36 || memcmp(header + 10, "FIRECK", 6))
		return NULL;
	snprintf(said, size, "%s is made by \"FIRECK\"", path);
	return "Firecracker";
}

/* Clouds use the same name for bare-metal machines and virtual ones. */
static bool is_whole_machine(const char *root)
{
	char product[128];

	return proc_line(product, sizeof(product), root, "/sys/class/dmi/id/product_name") &&
	       strstr(product, ".metal");
}

static void add_machine(struct hypervisor *hypervisor, const char *machine, const char *said)
{
	size_t used = strlen(hypervisor->evidence);

	snprintf(hypervisor->evidence + used, sizeof(hypervisor->evidence) - used, "%s%s",
		 used ? "; " : "", said);
	used = strlen(hypervisor->name);
	if (!used || !strcmp(hypervisor->name, "unknown"))
		snprintf(hypervisor->name, sizeof(hypervisor->name), "%s", machine);
	else
		snprintf(hypervisor->name + used, sizeof(hypervisor->name) - used, " (%s)",
			 machine);
}

void host_hypervisor(const char *root, struct hypervisor *hypervisor)
{
	const char *machine;
	char said[160];
	bool knows;

	*hypervisor = (struct hypervisor){0};
	hypervisor->present = by_cpuinfo(root, &knows, hypervisor);
	if (hypervisor->present && !*root)
		by_processor(hypervisor);
	if (!hypervisor->present)
		hypervisor->present = by_kernel(root, hypervisor);
	if (!hypervisor->present && (knows || is_whole_machine(root)))
		return;
	machine = by_firmware(root, said, sizeof(said));
	if (!machine)
		machine = by_tables(root, said, sizeof(said));
	if (!machine)
		return;
	hypervisor->present = true;
	if (strcmp(machine, hypervisor->name))
		add_machine(hypervisor, machine, said);
}
