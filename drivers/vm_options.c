/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/vm_options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "drivers/vm_domain.h"
#include "base/cleanup.h"
#include "base/file.h"

#define CPUS_MAX 64
#define MEMORY_MIN (256ULL << 20) /* minimum for the guest's kernel and initramfs */
#define VHOST_DEVICE "/dev/vhost-net"

int vm_option_count(const char *value, int *count)
{
	char *end;
	long number;

	if (strcmp(value, "auto") == 0)
		return 0;
	number = strtol(value, &end, 10);
	if (end == value || *end || number < 1 || number > CPUS_MAX)
		return -EINVAL;
	*count = (int)number;
	return 0;
}

int vm_option_size(const char *value, uint64_t *bytes)
{
	unsigned long long number;
	int shift;
	char *end;

	if (strcmp(value, "auto") == 0)
		return 0;
	number = strtoull(value, &end, 10);
	shift = *end == 'K' ? 10 : *end == 'M' ? 20 : *end == 'G' ? 30 : 0;
	if (end == value || value[0] == '-' || end[shift ? 1 : 0] || number > UINT64_MAX >> shift ||
	    number << shift < MEMORY_MIN)
		return -EINVAL;
	*bytes = number << shift;
	return 0;
}

static int check_count(const char *value, struct error *err)
{
	int count;

	if (vm_option_count(value, &count) == 0)
		return 0;
	return error_set(err, -EINVAL, "give auto, or 1 to %d", CPUS_MAX);
}

static int check_size(const char *value, struct error *err)
{
	uint64_t bytes;

	if (vm_option_size(value, &bytes) == 0)
		return 0;
	return error_set(err, -EINVAL, "give auto, or a size of at least 256M, as in 2G");
}

static int check_kernel(const char *value, struct error *err)
{
	if (strcmp(value, "auto") == 0 || strcmp(value, "full") == 0 || value[0] == '/')
		return 0;
	return error_set(err, -EINVAL, "give auto, full, or a path that begins with /");
}

static int check_modules(const char *value, struct error *err)
{
	if (strcmp(value, "auto") == 0 || value[0] == '/')
		return 0;
	return error_set(err, -EINVAL, "give auto, or a path that begins with /");
}

static int check_model(const char *value, struct error *err)
{
	size_t length = strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_.-");

	if (length > 0 && !value[length])
		return 0;
	return error_set(
		err, -EINVAL,
		"give host, or a CPU model that QEMU knows (qemu-system-x86_64 -cpu help)");
}

/* Only libvirt transports that do not run a program named in the URI (ext, ssh and libssh do), and
 * no parameters, which can also name programs and files. */
static int check_uri(const char *value, struct error *err)
{
	static const char *const schemes[] = {"qemu:///", "qemu+unix:///", "qemu+tls://"};
	size_t plain = strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "0123456789+:/.-_");

	if (strcmp(value, "embed") == 0)
		return 0;
	for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes) && !value[plain]; i++)
		if (!strncmp(value, schemes[i], strlen(schemes[i])))
			return 0;
	return error_set(err, -EINVAL,
			 "give embed, or a libvirt URI without parameters: qemu:///system, "
			 "qemu+unix:///system or qemu+tls://HOST/system");
}

static const char *const on_off[] = {"on", "off", NULL};
static const char *const auto_on_off[] = {"auto", "on", "off", NULL};
static const char *const accels[] = {"auto", "kvm", "tcg", NULL};
static const char *const disks[] = {"virtio", "scsi", "ide", NULL};
static const char *const caches[] = {"none", "writeback", "writethrough", "unsafe", NULL};
static const char *const aios[] = {"io_uring", "native", "threads", NULL};
static const char *const formats[] = {"raw", "qcow2", NULL};
static const char *const nets[] = {"virtio", "e1000", "rtl8139", NULL};
static const char *const places[] = {"inside", "beside", NULL};
static const char *const clocks[] = {"right", "fast", "slow", NULL};

const struct option_spec vm_options[] = {
	{"accel", "auto", "accelerator; auto: KVM where a timed guest proves that it works",
	 .choices = accels},
	{"cpus", "auto", "virtual CPUs; auto: as many as a trial has", .placeholder = "COUNT",
	 .check = check_count},
	{"memory", "auto", "guest memory; auto: what every environment gets", .placeholder = "SIZE",
	 .check = check_size},
	{"pin", "on", "pin each vCPU to one CPU; off: all float over the trial's CPUs",
	 .choices = on_off},
	{"cpu", "host", "CPU model; host: every feature that the accelerator supports",
	 .placeholder = "MODEL", .check = check_model},
	{"hugepages", "off", "guest memory in reserved huge pages; auto: where enough are free",
	 .choices = auto_on_off},
	{"disk", "virtio", "bus of the scratch disk; ide: on machine type pc", .choices = disks},
	{"cache", "none", "QEMU's cache mode; none: bypasses the host's page cache",
	 .choices = caches},
	{"aio", "io_uring", "how QEMU reads and writes the image", .choices = aios},
	{"format", "raw", "image format", .choices = formats},
	{"iothread", "off", "a separate thread for the disk", .choices = on_off},
	{"net", "virtio", "the network card", .choices = nets},
	{"vhost", "auto", "the host's kernel moves packets; auto: where it can",
	 .choices = auto_on_off},
	{"kernel", "auto", "guest kernel; full: Debian's, with drivers for old devices",
	 .placeholder = "PATH", .check = check_kernel},
	{"modules", "auto", "modules of kernel=PATH; auto: next to it, or in /lib/modules",
	 .placeholder = "DIR", .check = check_modules},
	{"uri", "embed", "libvirt connection; embed: in this process, without a daemon",
	 .placeholder = "URI", .check = check_uri},
	{"place", "inside", "CPUs of QEMU's own threads: the trial's, or others",
	 .choices = places},
	{"clock", "right", "guest clock; fast, slow: 10 % off, to test that Tare detects it",
	 .choices = clocks},
	{0},
};

const struct preset vm_presets[] = {
	{.name = "untuned",
	 .options = "cpu=qemu64,pin=off,disk=ide,cache=writeback,aio=threads,net=e1000,vhost=off",
	 .summary = "QEMU's bare defaults"},
	{.name = "virt-install",
	 .options = "pin=off,cache=writeback,aio=threads",
	 .summary = "what virt-install sets up for Linux: virtio, host CPU, nothing pinned"},
	{.name = "tuned",
	 .options = "hugepages=auto,iothread=on,vhost=auto",
	 .summary = "pinned, host CPU, huge pages where reserved, io_uring, iothread, vhost"},
	{0},
};

/* Bytes in free huge pages of the default size, and that size. */
static uint64_t free_hugepages(uint64_t *page_bytes)
{
	cleanup_free char *text = NULL;
	unsigned long long count = 0, kib = 2048;
	const char *at;

	if (file_read("/proc/meminfo", 1 << 16, &text, NULL, NULL) == 0) {
		at = strstr(text, "HugePages_Free:");
		if (at)
			sscanf(at, "HugePages_Free: %llu", &count);
		at = strstr(text, "Hugepagesize:");
		if (at)
			sscanf(at, "Hugepagesize: %llu", &kib);
	}
	*page_bytes = kib * 1024;
	return count * *page_bytes;
}

bool vm_wants_hugepages(const struct environment *env, uint64_t bytes)
{
	const char *value = environment_option(env, "hugepages");
	uint64_t page;

	if (strcmp(value, "auto") != 0)
		return strcmp(value, "on") == 0;
	return free_hugepages(&page) >= bytes;
}

bool vm_wants_vhost(const struct environment *env)
{
	const char *value = environment_option(env, "vhost");

	if (strcmp(environment_option(env, "net"), "virtio") != 0)
		return false;
	if (strcmp(value, "auto") != 0)
		return strcmp(value, "on") == 0;
	return access(VHOST_DEVICE, R_OK | W_OK) == 0;
}

static int check_host(const struct environment *env, const struct vm_config *config,
		      struct error *err)
{
	uint64_t page, free_bytes = free_hugepages(&page);

	if (strcmp(environment_option(env, "hugepages"), "on") == 0 &&
	    free_bytes < config->memory_bytes)
		return error_set(err, -ENOTSUP,
				 "only %llu of the %llu huge pages of %llu KiB that the guest "
				 "needs are free: sysctl vm.nr_hugepages=%llu, or use "
				 "hugepages=off",
				 (unsigned long long)(free_bytes / page),
				 (unsigned long long)(config->memory_bytes / page),
				 (unsigned long long)page / 1024,
				 (unsigned long long)(config->memory_bytes / page));
	if (strcmp(environment_option(env, "vhost"), "on") == 0 &&
	    access(VHOST_DEVICE, R_OK | W_OK) < 0)
		return error_set(err, -ENOTSUP,
				 VHOST_DEVICE " cannot be opened (%s), so vhost is unavailable: "
					      "modprobe vhost_net, or use vhost=off",
				 strerror(errno));
	return 0;
}

int vm_options_check(const struct environment *env, const struct site *site, struct error *err)
{
	struct vm_config config;

	vm_config_init(&config, env, site, false);
	if (strcmp(config.aio, "native") == 0 && strcmp(config.cache, "none") != 0)
		return error_set(err, -EINVAL, "aio=native needs cache=none, not cache=%s",
				 config.cache);
	if (config.iothread && strcmp(config.disk, "ide") == 0)
		return error_set(err, -EINVAL,
				 "iothread=on needs disk=virtio or disk=scsi: only QEMU's main "
				 "thread serves IDE");
	if (strcmp(environment_option(env, "vhost"), "on") == 0 &&
	    strcmp(config.net, "virtio") != 0)
		return error_set(err, -EINVAL, "vhost=on needs net=virtio, not net=%s", config.net);
	if (environment_option(env, "modules")[0] == '/' &&
	    environment_option(env, "kernel")[0] != '/')
		return error_set(
			err, -EINVAL,
			"modules=DIR needs kernel=PATH, the kernel that the modules belong to");
	if (site && config.cpus < site->trial_cpu_count)
		return error_set(err, -EINVAL, "cpus=%d is fewer than the %d CPUs of a trial",
				 config.cpus, site->trial_cpu_count);
	return check_host(env, &config, err);
}
