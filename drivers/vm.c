/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `vm`: a Linux guest in QEMU, started through libvirt, with only the agent in it. In everything
 * that is measured it is an ordinary virtual machine: kernel, virtio or emulated devices, a disk
 * image on the file system under test, a tap on the run's bridge. The agent's stream is a
 * virtio-serial port, so the guest needs neither network nor login. */
#include "drivers/vm.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "drivers/agent_stream.h"
#include "drivers/guest/guest.h"
#include "drivers/kvm_probe.h"
#include "drivers/network.h"
#include "drivers/process.h"
#include "drivers/resources.h"
#include "drivers/vm_checks.h"
#include "drivers/vm_instance.h"
#include "drivers/vm_libvirt.h"
#include "drivers/vm_options.h"
#include "base/clock.h"
#include "base/hypervisor.h"

#define CONNECT_MS 10000

static bool embedded(const struct environment *env)
{
	return strcmp(environment_option(env, "uri"), "embed") == 0;
}

/* Chooses KVM or TCG and the label. -ENOTSUP: KVM was requested but does not work. */
static int choose_accel(const struct environment *env, bool *kvm, struct availability *availability,
			struct error *err)
{
	const char *accel = environment_option(env, "accel");
	struct kvm_probe probe = {.reason = "requested with accel=tcg"};
	char name[80];

	if (strcmp(accel, "tcg") != 0)
		kvm_probe(&probe);
	if (strcmp(accel, "kvm") == 0 && !probe.linux_guest)
		return error_set(err, -ENOTSUP, "%s; accel=tcg emulates the CPU instead",
				 probe.reason);
	*kvm = probe.linux_guest;
	if (!availability)
		return 0;
	availability->emulated = !*kvm;
	availability->comparable = *kvm && !*kvm_probe_caveat(&probe);
	if (*kvm) {
		kvm_probe_name(&probe, name, sizeof(name));
		snprintf(availability->label, sizeof(availability->label), "VM (%s)", name);
		snprintf(availability->reason, sizeof(availability->reason), "%s",
			 kvm_probe_caveat(&probe));
	} else {
		snprintf(availability->label, sizeof(availability->label), "VM (emulated, TCG)");
		snprintf(availability->reason, sizeof(availability->reason),
			 "the CPU is emulated in software (TCG): %.400s", probe.reason);
	}
	return 0;
}

/* "vm:disk=ide" is "VM (...), disk=ide"; the label also says if a page cache is used. */
static void label_options(const struct environment *env, struct availability *availability)
{
	const char *options = strchr(env->name, ':');
	bool cached = strcmp(environment_option(env, "cache"), "none") != 0 &&
		      !(options && strstr(options, "cache="));
	size_t used = strlen(availability->label);

	snprintf(availability->label + used, sizeof(availability->label) - used, "%s%s%s",
		 cached ? ", cached by the host" : "", options ? ", " : "",
		 options ? options + 1 : "");
}

static int find_kernel(const struct environment *env, const struct vm_config *config, bool download,
		       struct guest_kernel *kernel, struct error *err)
{
	const char *value = environment_option(env, "kernel");
	const char *modules = environment_option(env, "modules");

	return guest_kernel_find(value[0] == '/' ? value : NULL, modules[0] == '/' ? modules : NULL,
				 strcmp(value, "full") == 0 || vm_needs_full_kernel(config),
				 download, kernel, err);
}

static int probe_programs(const struct environment *env, struct error *err)
{
	char user[64];
	uid_t uid;
	gid_t gid;

	if (geteuid() != 0)
		return error_set(
			err, -EPERM,
			"a VM with its own user, tap and pinning needs root: sudo tare ...");
	if (!embedded(env))
		return 0;
	if (access(VM_EMULATOR, X_OK) < 0)
		return error_set(err, -ENOENT,
				 VM_EMULATOR " is not installed, so no VM can run: apt-get install "
					     "qemu-system-x86 libvirt-daemon-driver-qemu");
	return vm_user(user, &uid, &gid, err);
}

/* Only a run has a site: then a missing kernel is downloaded. */
static int probe_kernel(const struct environment *env, const struct site *site, struct error *err)
{
	struct module_list list = {.count = 0};
	struct guest_kernel kernel;
	struct vm_config config;
	int rc;

	vm_config_init(&config, env, site, false);
	rc = find_kernel(env, &config, site != NULL, &kernel, err);
	if (rc == -ENOENT && !site)
		return 0;
	rc = rc ?: vm_modules(&config, kernel.modules, &list, err);
	module_list_finish(&list);
	return rc;
}

int vm_probe(const struct environment *env, const struct site *site,
	     struct availability *availability)
{
	struct error err = {0};
	bool kvm;
	int rc;

	memset(availability, 0, sizeof(*availability));
	snprintf(availability->label, sizeof(availability->label), "VM");
	rc = probe_programs(env, &err);
	rc = rc ?: vm_options_check(env, site, &err);
	rc = rc ?: choose_accel(env, &kvm, availability, &err);
	rc = rc ?: probe_kernel(env, site, &err);
	label_options(env, availability);
	availability->usable = rc == 0;
	availability->no_network = !embedded(env); /* the tap is in one of the run's namespaces */
	if (rc < 0)
		snprintf(availability->reason, sizeof(availability->reason), "%.511s", err.message);
	return 0;
}

/* A random UUID, version 4 (RFC 9562). */
static void make_uuid(char uuid[37])
{
	unsigned char bytes[16];
	char *at = uuid;

	if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
		abort(); /* 16 bytes are never cut short */
	bytes[6] = (bytes[6] & 0x0f) | 0x40;
	bytes[8] = (bytes[8] & 0x3f) | 0x80;
	for (int i = 0; i < 16; i++)
		at += sprintf(at, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "",
			      bytes[i]);
}

static int name_domain(struct instance *instance, struct vm *vm, struct error *err)
{
	const struct site *site = instance->site;

	snprintf(vm->config.name, sizeof(vm->config.name), "tare-%.90s-%.60s", site->run_id,
		 instance->id);
	make_uuid(vm->config.uuid);
	if (!embedded(instance->environment)) {
		snprintf(vm->uri, sizeof(vm->uri), "%s",
			 environment_option(instance->environment, "uri"));
		return 0;
	}
	if (snprintf(vm->root, sizeof(vm->root), "%s/libvirt", site->state_dir) >= PATH_MAX)
		return error_errno(err, -ENAMETOOLONG, "%s/libvirt", site->state_dir);
	vm_embedded_uri(vm->root, vm->uri, sizeof(vm->uri));
	return 0;
}

/* A tap in namespace H, which a libvirt elsewhere cannot access. */
static int attach(struct instance *instance, struct vm *vm, struct error *err)
{
	struct network *network = instance->site->network;
	int rc;

	if (!network || !vm->root[0])
		return 0;
	rc = network_attach_tap(network, instance->id, vm->uid, instance->address, vm->config.tap,
				err);
	if (rc < 0)
		return rc;
	vm->attached = true;
	network_mac(instance->address, vm->config.mac);
	return 0;
}

/* The guest's tick is 10000 us; Linux allows at most 10 % more or less. */
static const char *clock_word(const struct environment *env)
{
	const char *value = environment_option(env, "clock");

	if (strcmp(value, "right") == 0)
		return "";
	return strcmp(value, "fast") == 0 ? " tare.tick=11000" : " tare.tick=9000";
}

static void write_command_line(const struct instance *instance, struct vm_config *config)
{
	char network[128] = "";

	if (config->tap[0])
		snprintf(network, sizeof(network),
			 " tare.address=%s tare.gateway=" NETWORK_ADDRESS_BRIDGE,
			 instance->address);
	/* the last group skips hardware tests that take long under emulation */
	snprintf(config->command_line, sizeof(config->command_line),
		 "console=ttyS0 quiet panic=-1 tare.scratch=%s%s%s%s", vm_guest_disk(config),
		 network, clock_word(instance->environment),
		 config->kvm ? ""
			     : " tsc=reliable no_timer_check cryptomgr.notests i8042.noaux "
			       "i8042.nokbd");
}

/* We listen before QEMU connects, so there is no race for the socket. */
static int listen_for_agent(struct vm *vm, struct error *err)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int rc;

	rc = snprintf(vm->config.socket, sizeof(vm->config.socket), "%s/agent", vm->directory);
	if ((size_t)rc >= sizeof(address.sun_path))
		return error_set(err, -ENAMETOOLONG, "%s is too long for a socket's path",
				 vm->config.socket);
	memcpy(address.sun_path, vm->config.socket, (size_t)rc);
	vm->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (vm->listener < 0 ||
	    bind(vm->listener, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(vm->listener, 1) < 0 || chown(vm->config.socket, vm->uid, vm->gid) < 0 ||
	    chmod(vm->config.socket, 0600) < 0)
		return error_errno(err, -errno, "listening on %s", vm->config.socket);
	return 0;
}

static int enter_in_journal(struct instance *instance, struct vm *vm, struct error *err)
{
	char name[PATH_MAX + 64];
	int rc;

	snprintf(name, sizeof(name), "%s %s", vm->uri, vm->config.uuid);
	rc = resources_add(instance->site->resources, RESOURCE_DOMAIN, name, err);
	vm->entered = rc == 0;
	return rc;
}

static void leave_journal(struct instance *instance, struct vm *vm)
{
	char name[PATH_MAX + 64];

	if (!vm->entered)
		return;
	snprintf(name, sizeof(name), "%s %s", vm->uri, vm->config.uuid);
	resources_drop(instance->site->resources, RESOURCE_DOMAIN, name);
	if (instance->target.pid > 0)
		resources_drop_process(instance->site->resources, instance->target.pid);
}

static int create_domain(struct instance *instance, struct vm *vm, struct error *err)
{
	char mount_point[PATH_MAX + 16];
	struct vm_creation creation = {.uri = vm->uri, .kvm = vm->config.kvm, .namespace_fd = -1};
	char *xml = NULL;
	int rc = vm_domain_xml(&vm->config, &xml, err);

	if (rc < 0)
		return rc;
	creation.xml = xml;
	if (vm->root[0]) {
		snprintf(mount_point, sizeof(mount_point), "%s/scratch", vm->directory);
		creation.root = vm->root;
		creation.bind_from = vm->scratch;
		creation.bind_to = mount_point;
		creation.console = vm->config.console;
		creation.uid = vm->uid;
		creation.gid = vm->gid;
		if (vm->attached)
			creation.namespace_fd = network_host(instance->site->network);
	}
	rc = enter_in_journal(instance, vm, err);
	rc = rc ?: vm_create(&creation, err);
	vm->connection = creation.connection;
	vm->domain = creation.domain;
	instance->log = creation.console_fd;
	vm->log_fd = creation.log_fd;
	free(xml);
	return rc;
}

/* Every process of QEMU's user can connect. A QEMU started by the embedded libvirt is a child of
 * this process; one started by another libvirt is unknown. */
static bool is_its_qemu(const struct vm *vm, pid_t pid)
{
	return pid > 0 && (!vm->root[0] || process_parent(pid) == getpid());
}

/* Accepts QEMU's end of the stream, which identifies its process, whichever libvirt started it. */
static int accept_agent(struct instance *instance, struct vm *vm, struct error *err)
{
	uint64_t end = clock_now() + (uint64_t)host_limit_ms(CONNECT_MS) * NSEC_PER_MSEC, now;
	struct pollfd poller = {.fd = vm->listener, .events = POLLIN};
	struct ucred peer;
	socklen_t size = sizeof(peer);
	int fd;

	while ((now = clock_now()) < end &&
	       poll(&poller, 1, (int)((end - now) / NSEC_PER_MSEC) + 1) > 0) {
		fd = accept4(vm->listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0)
			return error_errno(err, -errno, "accepting the agent's stream");
		if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0 ||
		    !is_its_qemu(vm, peer.pid)) {
			close(fd);
			continue;
		}
		instance->in = instance->out = fd;
		instance->target = (struct target){.kind = TARGET_THREADS, .pid = peer.pid};
		vm_find_threads(&instance->target);
		return resources_add_process(instance->site->resources, peer.pid, err);
	}
	return error_set(err, -ETIMEDOUT, "QEMU did not open the agent's port within %d ms",
			 host_limit_ms(CONNECT_MS));
}

static int prepare(struct instance *instance, struct vm *vm, struct error *err)
{
	const struct environment *env = instance->environment;
	bool kvm;
	int rc = choose_accel(env, &kvm, NULL, err);

	rc = rc ?: vm_user(vm->user, &vm->uid, &vm->gid, err);
	if (rc)
		return rc;
	vm_config_init(&vm->config, env, instance->site, kvm);
	vm->config.nested = vm->fill != NULL;
	rc = find_kernel(env, &vm->config, true, &vm->kernel, err);
	rc = rc ?: name_domain(instance, vm, err);
	rc = rc ?: attach(instance, vm, err);
	if (rc < 0)
		return rc;
	write_command_line(instance, &vm->config);
	return vm_files_make(instance, vm, err);
}

int vm_start_guest(struct instance *instance, vm_fill fill, struct error *err)
{
	struct vm *vm = calloc(1, sizeof(*vm));
	int rc;

	instance->in = instance->out = -1;
	instance->state = vm;
	if (!vm)
		return error_errno(err, -ENOMEM, "starting a VM");
	vm->listener = -1;
	vm->fill = fill;
	rc = prepare(instance, vm, err);
	rc = rc ?: listen_for_agent(vm, err);
	rc = rc ?: create_domain(instance, vm, err);
	rc = rc ?: accept_agent(instance, vm, err);
	instance->scratch = GUEST_SCRATCH;
	return rc;
}

static int vm_start(struct instance *instance, struct error *err)
{
	return vm_start_guest(instance, NULL, err);
}

static void close_log(struct instance *instance, const struct vm *vm)
{
	if (vm_log_is_full(vm->log_fd))
		instance->cut = "emulator's output";
	if (vm->log_fd > 0)
		close(vm->log_fd);
}

int vm_stop(struct instance *instance, struct error *err)
{
	struct vm *vm = instance->state;
	int rc = 0;

	if (!vm)
		return 0;
	instance_close_stream(instance);
	if (vm->listener >= 0)
		close(vm->listener);
	if (vm->domain)
		rc = vm_destroy(vm->domain, err);
	if (vm->domain)
		virDomainFree(vm->domain);
	if (vm->connection)
		virConnectClose(vm->connection);
	/* what could not be stopped stays in the journal for `tare clean` */
	if (rc == 0)
		leave_journal(instance, vm);
	if (vm->attached)
		network_detach(instance->site->network, instance->id);
	vm_files_remove(instance, vm);
	instance_log_close(instance, "console");
	close_log(instance, vm);
	free(vm);
	instance->state = NULL;
	return rc;
}

static const struct driver_program programs[] = {
	{"qemu", "qemu-system-x86_64", "--version"},
	{"mkfs.ext4", "mkfs.ext4", "-V"},
	{0},
};

const struct driver vm_driver = {
	.name = "vm",
	.summary = "a Linux guest in QEMU, through libvirt; with KVM where it works, else emulated",
	.style = STYLE_VERMILLION_TRIANGLE,
	.programs = programs,
	.checks = vm_checks,
	.options = vm_options,
	.presets = vm_presets,
	.needs_root = true,
	.probe = vm_probe,
	.start = vm_start,
	.stop = vm_stop,
	.stats = vm_stats,
	.describe = vm_describe,
	.last_words = vm_last_words,
};
