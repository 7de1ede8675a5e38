/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "drivers/driver.h"
#include "drivers/vm_domain.h"
#include "drivers/vm_options.h"
#include "base/cleanup.h"
#include "base/command.h"
#include "base/file.h"
#include "tests/unit.h"

static const int trial_cpus[] = {1, 2}, other_cpus[] = {0};

static struct site site = {
	.trial_cpus = trial_cpus,
	.trial_cpu_count = 2,
	.other_cpus = other_cpus,
	.other_cpu_count = 1,
	.memory_node = -1,
	.memory_bytes = 2ULL << 30,
};

static char *make_xml(const char *text, bool kvm)
{
	struct environment *env;
	struct vm_config config;
	struct error err = {0};
	char *xml;

	ck_assert_msg(environment_parse(text, &env, &err) == 0, "%s", err.message);
	vm_config_init(&config, env, &site, kvm);
	strcpy(config.name, "tare-test");
	strcpy(config.uuid, "3f2a1c60-0d6b-4a5e-8a34-0242ac120002");
	strcpy(config.kernel, "/state/a&b/kernel");
	strcpy(config.initramfs, "/state/initramfs");
	strcpy(config.image, "/state/scratch/disk.img");
	strcpy(config.socket, "/state/it's/agent");
	strcpy(config.console, "/state/<console>");
	strcpy(config.command_line, "quiet tare.scratch=vda");
	strcpy(config.tap, "tap10");
	strcpy(config.mac, "52:54:00:77:01:0a");
	ck_assert_int_eq(vm_domain_xml(&config, &xml, &err), 0);
	environment_destroy(env);
	return xml;
}

static void validate(const char *environment, bool kvm)
{
	char path[] = "/tmp/unit-domain-XXXXXX";
	const char *argv[] = {"virt-xml-validate", path, "domain", NULL};
	cleanup_free char *xml = make_xml(environment, kvm), *output = NULL;
	struct error err = {0};
	int rc;

	close(mkstemp(path));
	ck_assert_int_eq(file_write(path, xml, &err), 0);
	rc = command_run(argv, NULL, 20000, &output, &err);
	unlink(path);
	ck_assert_msg(rc == 0, "%s: %s\n%s\n%s", environment, err.message, output, xml);
}

static const char *const environments[] = {
	"vm",
	"vm:untuned",
	"vm:virt-install",
	"vm:tuned",
	"vm:hugepages=on,vhost=on,iothread=on",
	"vm:disk=scsi,iothread=on,format=qcow2",
	"vm:disk=ide,net=rtl8139,cache=writethrough,aio=threads",
	"vm:cpus=4,memory=3G,pin=off,cpu=Haswell-noTSX,place=beside,cache=unsafe,aio=native",
};

START_TEST(every_kind_of_domain_is_valid_in_libvirts_schema)
{
	for (size_t i = 0; i < sizeof(environments) / sizeof(environments[0]); i++) {
		validate(environments[i], false);
		validate(environments[i], true);
	}
}
END_TEST

START_TEST(each_vcpu_is_pinned_and_the_rest_stays_inside_the_trial_cpus)
{
	cleanup_free char *xml = make_xml("vm", true);

	ck_assert_ptr_nonnull(strstr(xml, "<vcpupin vcpu='0' cpuset='1'/>"));
	ck_assert_ptr_nonnull(strstr(xml, "<vcpupin vcpu='1' cpuset='2'/>"));
	ck_assert_ptr_nonnull(strstr(xml, "<emulatorpin cpuset='1,2'/>"));
	ck_assert_ptr_nonnull(strstr(xml, "<cpu mode='host-passthrough'"));
}
END_TEST

START_TEST(its_memory_is_from_the_node_of_the_trial_cpus_where_there_are_several)
{
	char *xml = make_xml("vm", true);

	ck_assert_ptr_null(strstr(xml, "numatune"));
	free(xml);
	site.memory_node = 1;
	xml = make_xml("vm", true);
	site.memory_node = -1;
	ck_assert_ptr_nonnull(
		strstr(xml, "<numatune><memory mode='strict' nodeset='1'/></numatune>"));
	free(xml);
}
END_TEST

START_TEST(an_unpinned_vcpu_still_stays_inside_the_trial_cpus)
{
	cleanup_free char *xml = make_xml("vm:pin=off,place=beside", false);

	ck_assert_ptr_nonnull(strstr(xml, "<vcpupin vcpu='0' cpuset='1,2'/>"));
	ck_assert_ptr_nonnull(strstr(xml, "<emulatorpin cpuset='0'/>"));
	ck_assert_ptr_nonnull(strstr(xml, "<domain type='qemu'"));
}
END_TEST

START_TEST(paths_with_special_characters_stay_text)
{
	cleanup_free char *xml = make_xml("vm", false);

	ck_assert_ptr_nonnull(strstr(xml, "/state/a&#38;b/kernel"));
	ck_assert_ptr_nonnull(strstr(xml, "/state/it&#39;s/agent"));
	ck_assert_ptr_null(strstr(xml, "<console>"));
}
END_TEST

START_TEST(ide_means_the_old_machine_and_emulated_cards_the_full_kernel)
{
	struct vm_config config = {.disk = "ide", .net = "e1000"};

	ck_assert_str_eq(vm_machine(&config), "pc");
	ck_assert_str_eq(vm_guest_disk(&config), "sda");
	ck_assert(vm_needs_full_kernel(&config));
	config = (struct vm_config){.disk = "virtio", .net = "virtio"};
	ck_assert_str_eq(vm_machine(&config), "q35");
	ck_assert(!vm_needs_full_kernel(&config));
}
END_TEST

static void refuse(const char *text, const char *word)
{
	struct environment *env;
	struct error err = {0};
	int rc = environment_parse(text, &env, &err);

	if (rc == 0) {
		rc = vm_options_check(env, &site, &err);
		environment_destroy(env);
	}
	ck_assert_msg(rc == -EINVAL, "%s: %d", text, rc);
	ck_assert_msg(strstr(err.message, word), "%s: %s", text, err.message);
}

START_TEST(values_and_combinations_that_cannot_be_are_refused_with_the_valid_ones)
{
	refuse("vm:disk=floppy", "virtio, scsi, ide");
	refuse("vm:memory=1M", "256M");
	refuse("vm:memory=99999999999999999999G", "256M");
	refuse("vm:memory=-4G", "256M");
	refuse("vm:cpus=0", "1 to");
	refuse("vm:cpus=1", "fewer than the 2 CPUs");
	refuse("vm:kernel=vmlinuz", "path");
	refuse("vm:cpu=a b'", "qemu-system-x86_64 -cpu help");
	refuse("vm:uri=system", "qemu:///system");
	refuse("vm:aio=native,cache=writeback", "cache=none");
	refuse("vm:disk=ide,iothread=on", "disk=virtio");
	refuse("vm:vhost=on,net=e1000", "net=virtio");
}
END_TEST

UNIT("domain_xml", every_kind_of_domain_is_valid_in_libvirts_schema,
     each_vcpu_is_pinned_and_the_rest_stays_inside_the_trial_cpus,
     its_memory_is_from_the_node_of_the_trial_cpus_where_there_are_several,
     an_unpinned_vcpu_still_stays_inside_the_trial_cpus, paths_with_special_characters_stay_text,
     ide_means_the_old_machine_and_emulated_cards_the_full_kernel,
     values_and_combinations_that_cannot_be_are_refused_with_the_valid_ones)
