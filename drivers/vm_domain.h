/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a virtual machine is made of, and the libvirt domain that says so. Starts nothing. */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "drivers/guest/modules.h"
#include "base/error.h"

struct environment;
struct site;

struct vm_config {
	char name[160], uuid[37];
	bool nested;     /* the agent runs in a container in the guest */
	bool kvm;        /* else TCG: software emulation */
	const char *cpu; /* "host": all that the accelerator can; else a model of QEMU's */
	int cpus;
	uint64_t memory_bytes;
	bool hugepages;
	bool pin;             /* each vCPU on one CPU; else all float over the trial CPUs */
	const int *vcpu_cpus; /* host numbering; owned by the site, as below */
	int vcpu_cpu_count;
	const int *service_cpus; /* of QEMU's other threads */
	int service_cpu_count;
	int memory_node;  /* all its memory is from this node of the host; -1: from anywhere */
	const char *disk; /* "virtio", "scsi", "ide" */
	const char *cache, *aio, *format;
	bool iothread;
	const char *net; /* "virtio", "e1000", "rtl8139" */
	bool vhost;
	char tap[16]; /* "": no network card */
	char mac[18];
	char kernel[PATH_MAX], initramfs[PATH_MAX], image[PATH_MAX];
	char socket[PATH_MAX];  /* where the harness listens for the agent's stream */
	char console[PATH_MAX]; /* file that the guest's console is written to */
	char command_line[512]; /* of the kernel */
};

/* Fills what the options of `env` and the site say; names, paths and network stay empty. `site`
 * may be NULL: then memory and CPUs are those that the options give, else one CPU and 1 GiB. */
void vm_config_init(struct vm_config *config, const struct environment *env,
		    const struct site *site, bool kvm);

/* IDE exists on the old machine type alone. */
const char *vm_machine(const struct vm_config *config);
/* The scratch disk as the guest names it: "vda". */
const char *vm_guest_disk(const struct vm_config *config);
/* Drivers for old devices are in the full kernel alone. */
bool vm_needs_full_kernel(const struct vm_config *config);
/* All modules that a guest with these devices loads, in order. */
int vm_modules(const struct vm_config *config, const char *directory, struct module_list *list,
	       struct error *err);

/* The domain in libvirt's format (https://libvirt.org/formatdomain.html); the caller frees. */
int vm_domain_xml(const struct vm_config *config, char **xml, struct error *err);
