/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/vm_domain.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/agent_stream.h"
#include "drivers/driver.h"
#include "drivers/guest/guest.h"
#include "drivers/vm_options.h"

#define CPU_LIST_BYTES 2048

static bool is(const char *value, const char *wanted)
{
	return strcmp(value, wanted) == 0;
}

void vm_config_init(struct vm_config *config, const struct environment *env,
		    const struct site *site, bool kvm)
{
	bool beside = is(environment_option(env, "place"), "beside");

	*config = (struct vm_config){
		.kvm = kvm,
		.cpu = environment_option(env, "cpu"),
		.cpus = site ? site->trial_cpu_count : 1,
		.memory_node = site ? site->memory_node : -1,
		.memory_bytes = site ? site->memory_bytes : 2ULL << 30,
		.pin = is(environment_option(env, "pin"), "on"),
		.disk = environment_option(env, "disk"),
		.cache = environment_option(env, "cache"),
		.aio = environment_option(env, "aio"),
		.format = environment_option(env, "format"),
		.iothread = is(environment_option(env, "iothread"), "on"),
		.net = environment_option(env, "net"),
	};
	vm_option_count(environment_option(env, "cpus"), &config->cpus);
	vm_option_size(environment_option(env, "memory"), &config->memory_bytes);
	config->hugepages = vm_wants_hugepages(env, config->memory_bytes);
	config->vhost = vm_wants_vhost(env);
	if (!site)
		return;
	config->vcpu_cpus = config->service_cpus = site->trial_cpus;
	config->vcpu_cpu_count = config->service_cpu_count = site->trial_cpu_count;
	if (beside && site->other_cpu_count > 0) {
		config->service_cpus = site->other_cpus;
		config->service_cpu_count = site->other_cpu_count;
	}
}

const char *vm_machine(const struct vm_config *config)
{
	return is(config->disk, "ide") ? "pc" : "q35";
}

const char *vm_guest_disk(const struct vm_config *config)
{
	return is(config->disk, "virtio") ? "vda" : "sda";
}

bool vm_needs_full_kernel(const struct vm_config *config)
{
	return !is(config->net, "virtio");
}

int vm_modules(const struct vm_config *config, const char *directory, struct module_list *list,
	       struct error *err)
{
	/* ext4 requests crc32c by algorithm name, which is not in its dependencies */
	const char *names[9] = {"virtio_pci", "virtio_console", "ext4"};
	size_t count = 3;

	if (is(config->disk, "virtio")) {
		names[count++] = "virtio_blk";
	} else {
		names[count++] = is(config->disk, "scsi") ? "virtio_scsi" : "ata_piix";
		names[count++] = "sd_mod";
	}
	names[count++] = is(config->net, "virtio")  ? "virtio_net"
			 : is(config->net, "e1000") ? "e1000"
						    : "8139cp";
	if (config->nested) {
		names[count++] = "overlay";
		names[count++] = "bridge";
		names[count++] = "veth";
	}
	if (!directory[0])
		return 0;
	module_list_add(list, directory, "crc32c_generic", NULL);
	for (size_t i = 0; i < count; i++) {
		int rc = module_list_add(list, directory, names[i], err);

		if (rc < 0)
			return rc;
	}
	return 0;
}

/* Text between tags or inside single quotes. */
static void put_escaped(FILE *out, const char *text)
{
	for (; *text; text++)
		if (strchr("<>&'\"", *text))
			fprintf(out, "&#%d;", *text);
		else
			fputc(*text, out);
}

static void put_element(FILE *out, const char *name, const char *text)
{
	fprintf(out, "<%s>", name);
	put_escaped(out, text);
	fprintf(out, "</%s>\n", name);
}

static void put_boot(FILE *out, const struct vm_config *config)
{
	fprintf(out, "<os>\n<type arch='x86_64' machine='%s'>hvm</type>\n", vm_machine(config));
	put_element(out, "kernel", config->kernel);
	put_element(out, "initrd", config->initramfs);
	put_element(out, "cmdline", config->command_line);
	fputs("</os>\n", out);
}

static void put_cpu(FILE *out, const struct vm_config *config)
{
	fputs("<features><acpi/><apic/></features>\n", out);
	if (!is(config->cpu, "host")) {
		fputs("<cpu mode='custom' match='exact' check='none'><model fallback='forbid'>",
		      out);
		put_escaped(out, config->cpu);
		fputs("</model></cpu>\n", out);
	} else if (config->kvm) {
		fputs("<cpu mode='host-passthrough'/>\n", out);
	} else {
		/* an emulator executes `rep movsb` byte by byte: the kernel should not prefer it */
		fputs("<cpu mode='maximum'><feature policy='disable' name='erms'/>"
		      "<feature policy='disable' name='fsrm'/></cpu>\n",
		      out);
	}
}

static void put_pinning(FILE *out, const struct vm_config *config)
{
	char cpus[CPU_LIST_BYTES], service[CPU_LIST_BYTES];

	if (config->vcpu_cpu_count == 0)
		return;
	cpu_list(config->vcpu_cpus, config->vcpu_cpu_count, cpus, sizeof(cpus));
	cpu_list(config->service_cpus, config->service_cpu_count, service, sizeof(service));
	fputs("<cputune>\n", out);
	for (int i = 0; i < config->cpus; i++)
		if (config->pin)
			fprintf(out, "<vcpupin vcpu='%d' cpuset='%d'/>\n", i,
				config->vcpu_cpus[i % config->vcpu_cpu_count]);
		else
			fprintf(out, "<vcpupin vcpu='%d' cpuset='%s'/>\n", i, cpus);
	fprintf(out, "<emulatorpin cpuset='%s'/>\n", service);
	if (config->iothread)
		fprintf(out, "<iothreadpin iothread='1' cpuset='%s'/>\n", service);
	fputs("</cputune>\n", out);
}

static void put_disk(FILE *out, const struct vm_config *config)
{
	bool virtio = is(config->disk, "virtio"), scsi = is(config->disk, "scsi");

	if (scsi)
		fprintf(out,
			"<controller type='scsi' index='0' model='virtio-scsi'>%s</controller>\n",
			config->iothread ? "<driver iothread='1'/>" : "");
	fprintf(out,
		"<disk type='file' device='disk'>\n"
		"<driver name='qemu' type='%s' cache='%s' io='%s'%s/>\n<source file='",
		config->format, config->cache, config->aio,
		virtio && config->iothread ? " iothread='1'" : "");
	put_escaped(out, config->image);
	fprintf(out, "'/>\n<target dev='%s' bus='%s'/>\n</disk>\n",
		virtio ? "vda"
		: scsi ? "sda"
		       : "hda",
		config->disk);
}

static void put_network(FILE *out, const struct vm_config *config)
{
	if (!config->tap[0])
		return;
	fprintf(out,
		"<interface type='ethernet'>\n<mac address='%s'/>\n"
		"<target dev='%s' managed='no'/>\n<model type='%s'/>\n",
		config->mac, config->tap, config->net);
	if (is(config->net, "virtio"))
		fprintf(out, "<driver name='%s'/>\n", config->vhost ? "vhost" : "qemu");
	fputs("<rom enabled='no'/>\n</interface>\n", out);
}

static void put_devices(FILE *out, const struct vm_config *config)
{
	fputs("<devices>\n<controller type='usb' model='none'/>\n"
	      "<controller type='virtio-serial' index='0' ports='2'/>\n"
	      "<channel type='unix'>\n<source mode='connect' path='",
	      out);
	put_escaped(out, config->socket);
	fputs("'/>\n<target type='virtio' name='" GUEST_PORT "'/>\n</channel>\n"
	      "<serial type='file'>\n<source path='",
	      out);
	put_escaped(out, config->console);
	fputs("'/>\n<target port='0'/>\n</serial>\n<memballoon model='none'/>\n", out);
	put_disk(out, config);
	put_network(out, config);
	fputs("</devices>\n", out);
}

static void put_domain(FILE *out, const struct vm_config *config)
{
	fprintf(out, "<domain type='%s' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>\n",
		config->kvm ? "kvm" : "qemu");
	put_element(out, "name", config->name);
	fprintf(out, "<uuid>%s</uuid>\n<memory unit='KiB'>%llu</memory>\n", config->uuid,
		(unsigned long long)config->memory_bytes / 1024);
	if (config->hugepages)
		fputs("<memoryBacking><hugepages/></memoryBacking>\n", out);
	fprintf(out, "<vcpu placement='static'>%d</vcpu>\n", config->cpus);
	if (config->iothread)
		fputs("<iothreads>1</iothreads>\n", out);
	put_pinning(out, config);
	if (config->memory_node >= 0)
		fprintf(out, "<numatune><memory mode='strict' nodeset='%d'/></numatune>\n",
			config->memory_node);
	put_boot(out, config);
	put_cpu(out, config);
	/* the guest is never restarted */
	fputs("<on_poweroff>destroy</on_poweroff>\n<on_reboot>destroy</on_reboot>\n"
	      "<on_crash>destroy</on_crash>\n",
	      out);
	put_devices(out, config);
	/* libvirt keeps QEMU after the guest has powered off and ends it itself. But if the harness
	 * dies, so does the embedded libvirt, so QEMU must exit when the guest powers off. */
	fputs("<qemu:commandline>\n<qemu:arg value='-action'/>\n"
	      "<qemu:arg value='shutdown=poweroff'/>\n</qemu:commandline>\n</domain>\n",
	      out);
}

int vm_domain_xml(const struct vm_config *config, char **xml, struct error *err)
{
	size_t size;
	FILE *out = open_memstream(xml, &size);

	if (!out)
		return error_errno(err, -errno, "writing the domain");
	put_domain(out, config);
	if (fclose(out) != 0)
		return error_errno(err, -ENOMEM, "writing the domain");
	return 0;
}
