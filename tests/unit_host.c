/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit.h"

#include <errno.h>
#include <string.h>

#include "drivers/cgroup.h"
#include "base/command.h"
#include "harness/observe/host.h"
#include "tests/fake_host.h"

static const char *text_of(const json_t *host, const char *fact)
{
	const char *text = json_string_value(json_object_get(host, fact));

	ck_assert_msg(text != NULL, "no %s", fact);
	return text;
}

static void expect_hypervisor(struct fake_host *host, bool present, const char *name,
			      const char *evidence)
{
	struct hypervisor found;

	host_hypervisor(host->root, &found);
	ck_assert_int_eq(found.present, present);
	ck_assert_str_eq(found.name, name);
	ck_assert_msg(strstr(found.evidence, evidence) != NULL, "%s", found.evidence);
	fake_host_finish(host);
}

#define X86_GUEST "processor\t: 0\nflags\t\t: fpu vme hypervisor lahf_lm\n"
#define X86_METAL "processor\t: 0\nflags\t\t: fpu vme vmx lahf_lm\n"

START_TEST(a_bare_machine_is_not_called_virtual)
{
	struct fake_host host;

	fake_host_init(&host);
	fake_host_file(&host, "/proc/cpuinfo", X86_METAL);
	fake_host_file(&host, "/sys/class/dmi/id/sys_vendor", "Dell Inc.\n");
	expect_hypervisor(&host, false, "", "");
}
END_TEST

START_TEST(a_whole_machine_of_a_cloud_is_not_called_virtual)
{
	struct fake_host host;

	fake_host_init(&host);
	fake_host_file(&host, "/proc/cpuinfo", X86_METAL);
	fake_host_file(&host, "/sys/class/dmi/id/sys_vendor", "Amazon EC2\n");
	expect_hypervisor(&host, false, "", "");
	fake_host_init(&host); /* ARM: no flag that would tell */
	fake_host_file(&host, "/proc/cpuinfo", "processor\t: 0\nFeatures\t: fp asimd\n");
	fake_host_file(&host, "/sys/class/dmi/id/sys_vendor", "Amazon EC2\n");
	fake_host_file(&host, "/sys/class/dmi/id/product_name", "c6g.metal\n");
	expect_hypervisor(&host, false, "", "");
}
END_TEST

START_TEST(virtual_machines_are_named_by_their_firmware)
{
	static const struct {
		const char *cpuinfo, *path, *text, *name;
	} hosts[] = {
		{X86_GUEST, "/sys/class/dmi/id/sys_vendor", "Amazon EC2\n", "Amazon EC2"},
		{X86_GUEST, "/sys/class/dmi/id/product_name", "VMware Virtual Platform\n",
		 "VMware"},
		{X86_GUEST, "/sys/class/dmi/id/product_name", "Virtual Machine\n", "Hyper-V"},
		{X86_GUEST, "/sys/class/dmi/id/product_name", "KVM Virtual Machine\n", "KVM"},
		{X86_GUEST, "/sys/class/dmi/id/product_name", "Standard PC (Q35 + ICH9, 2009)\n",
		 "QEMU"},
		{X86_GUEST, "/sys/firmware/acpi/tables/DSDT",
		 "DSDTS+++..FIRECKFCVMDSDT....FCAT....++++", "Firecracker"},
		{X86_GUEST, "/proc/nothing", "", "unknown"},
		{"Features\t: fp asimd\n", "/sys/class/dmi/id/product_name",
		 "KVM Virtual Machine\n", "KVM"},
		{"", "/sys/hypervisor/type", "xen\n", "Xen"},
		{"", "/proc/device-tree/hypervisor/compatible", "linux,kvm", "linux,kvm"},
	};

	for (size_t i = 0; i < sizeof(hosts) / sizeof(*hosts); i++) {
		struct fake_host host;

		fake_host_init(&host);
		fake_host_file(&host, "/proc/cpuinfo", hosts[i].cpuinfo);
		fake_host_file(&host, hosts[i].path, hosts[i].text);
		expect_hypervisor(&host, true, hosts[i].name, "");
	}
}
END_TEST

START_TEST(cgroup_layouts_are_told_apart)
{
	static const struct {
		const char *mounts, *layout;
		bool usable; /* by a container's runtime */
	} hosts[] = {
		{"cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0\n", "v2", true},
		{"cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0\n"
		 "cgroup2 /var/lib/x/cgroup cgroup2 rw 0 0\n",
		 "v2", true},
		{"cgroup2 /mnt/cgroup2 cgroup2 rw,nosuid 0 0\n", "v2", false},
		{"tmpfs /sys/fs/cgroup tmpfs ro 0 0\n"
		 "cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,cpu,cpuacct 0 0\n",
		 "v1", true},
		{"cgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0\n"
		 "cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\n",
		 "hybrid (v1 with v2 beside it)", true},
		{"cgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0\n"
		 "cgroup2 /mnt/cgroup2 cgroup2 rw 0 0\n",
		 "hybrid (v1 with v2 beside it)", true},
		{"proc /proc proc rw 0 0\n", "none", false},
	};

	for (size_t i = 0; i < sizeof(hosts) / sizeof(*hosts); i++) {
		struct fake_host host;
		struct cgroups cgroups;
		char path[256];
		json_t *facts;

		fake_host_init(&host);
		fake_host_file(&host, "/proc/self/mounts", hosts[i].mounts);
		facts = host_facts(host.root);
		ck_assert_str_eq(text_of(facts, "cgroup"), hosts[i].layout);
		json_decref(facts);
		snprintf(path, sizeof(path), "%s/proc/self/mounts", host.root);
		ck_assert_int_eq(cgroups_read(path, &cgroups, NULL), 0);
		ck_assert_int_eq(!cgroup_obstacle(&cgroups), hosts[i].usable);
		fake_host_finish(&host);
	}
}
END_TEST

START_TEST(facts_of_another_host_come_from_its_files_alone)
{
	struct fake_host host;
	json_t *facts;

	fake_host_init(&host);
	fake_host_file(&host, "/proc/sys/kernel/osrelease", "5.14.0-70.el9.x86_64\n");
	fake_host_file(&host, "/proc/cmdline",
		       "BOOT_IMAGE=/vmlinuz root=/dev/sda1 mitigations=off quiet\n");
	fake_host_file(&host, "/proc/cpuinfo",
		       "processor\t: 0\nmodel name\t: AMD EPYC 7763 64-Core Processor  \n"
		       "microcode\t: 0xa0011d1\nflags\t\t: fpu svm\n");
	fake_host_file(&host, "/proc/meminfo", "MemTotal:       263856040 kB\nMemFree: 1 kB\n");
	fake_host_file(&host, "/proc/stat", "cpu  1 2\ncpu0 1 2\ncpu3 1 2\ncpu127 1 2\nintr 5\n");
	fake_host_file(&host, "/etc/os-release", "NAME=\"x\"\nPRETTY_NAME=\"Rocky Linux 9\"\n");
	fake_host_file(&host, "/sys/kernel/mm/transparent_hugepage/enabled",
		       "[always] madvise never\n");
	fake_host_file(&host, "/sys/devices/system/cpu/vulnerabilities/meltdown", "Not affected\n");
	facts = host_facts(host.root);
	ck_assert_str_eq(text_of(facts, "kernel"), "5.14.0-70.el9.x86_64");
	ck_assert_str_eq(text_of(facts, "mitigations"), "off");
	ck_assert_str_eq(text_of(facts, "cpu_model"), "AMD EPYC 7763 64-Core Processor");
	ck_assert_str_eq(text_of(facts, "microcode"), "0xa0011d1");
	ck_assert_str_eq(text_of(facts, "distribution"), "Rocky Linux 9");
	ck_assert_str_eq(text_of(facts, "transparent_huge_pages"), "always");
	ck_assert_int_eq(json_integer_value(json_object_get(facts, "cpus")), 3);
	ck_assert_int_eq(json_integer_value(json_object_get(facts, "memory_bytes")),
			 263856040LL * 1024);
	ck_assert_str_eq(text_of(json_object_get(facts, "vulnerabilities"), "meltdown"),
			 "Not affected");
	ck_assert_ptr_null(json_object_get(facts, "governor")); /* it has none: not made up */
	ck_assert_ptr_null(json_object_get(facts, "versions"));
	json_decref(facts);
	fake_host_finish(&host);
}
END_TEST

START_TEST(this_host_says_what_it_is)
{
	json_t *facts = host_facts("");
	char *text = NULL;
	size_t length;

	text_of(facts, "kernel");
	text_of(facts, "clock_source");
	ck_assert_int_eq(json_integer_value(json_object_get(facts, "cpus")),
			 sysconf(_SC_NPROCESSORS_ONLN));
	ck_assert(json_is_boolean(json_object_get(facts, "virtualized")));
	ck_assert_int_gt((int)json_object_size(json_object_get(facts, "versions")), 5);
	json_decref(facts);
	ck_assert_int_eq(host_topology(&text, &length, NULL), 0);
	ck_assert_uint_eq(length, strlen(text));
	ck_assert_ptr_nonnull(strstr(text, "<topology"));
	free(text);
}
END_TEST

START_TEST(a_program_that_is_not_there_is_told_from_one_that_is)
{
	char line[128];

	ck_assert_int_eq(program_version("tare-no-such-program", "-v", line, sizeof(line)),
			 -ENOENT);
	ck_assert_int_eq(program_version("echo", "one two", line, sizeof(line)), 0);
	ck_assert_str_eq(line, "one two");
}
END_TEST

UNIT("host", a_bare_machine_is_not_called_virtual, a_whole_machine_of_a_cloud_is_not_called_virtual,
     virtual_machines_are_named_by_their_firmware, cgroup_layouts_are_told_apart,
     facts_of_another_host_come_from_its_files_alone, this_host_says_what_it_is,
     a_program_that_is_not_there_is_told_from_one_that_is)
