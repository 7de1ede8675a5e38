/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The configuration of a virtual machine and its libvirt domain. Starts nothing. */
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
	bool kvm;        /* otherwise TCG, software emulation */
	const char *cpu; /* "host": every feature of the accelerator; otherwise a model of QEMU */
	int cpus;
	uint64_t memory_bytes;
	bool hugepages;
	bool pin;             /* each vCPU on one CPU; otherwise all float over the trial CPUs */
	const int *vcpu_cpus; /* host numbering; owned by the site, as below */
	int vcpu_cpu_count;
	const int *service_cpus; /* of QEMU's other threads */
	int service_cpu_count;
	int memory_node;  /* the host's node for all its memory; -1: any */
	const char *disk; /* "virtio", "scsi", "ide" */
	const char *cache, *aio, *format;
	bool iothread;
	const char *net; /* "virtio", "e1000", "rtl8139" */
	bool vhost;
	char tap[16]; /* "": no network card */
	char mac[18];
	char kernel[PATH_MAX], initramfs[PATH_MAX], image[PATH_MAX];
	char socket[PATH_MAX];  /* where the harness listens for the agent's stream */
	char console[PATH_MAX]; /* file for the guest's console */
	char command_line[512]; /* of the kernel */
};

/* Fills it from the options of `env` and the site, except names, paths and network. `site` may be
 * NULL: then memory and CPUs are from the options, by default one CPU and 1 GiB. */
void vm_config_init(struct vm_config *config, const struct environment *env,
		    const struct site *site, bool kvm);

/* Only the old machine type has IDE. */
const char *vm_machine(const struct vm_config *config);
/* The scratch disk's name in the guest: "vda". */
const char *vm_guest_disk(const struct vm_config *config);
/* Only the full kernel has drivers for old devices. */
bool vm_needs_full_kernel(const struct vm_config *config);
/* All modules that a guest with these devices loads, in order. */
int vm_modules(const struct vm_config *config, const char *directory, struct module_list *list,
	       struct error *err);

/* The domain in libvirt's format (https://libvirt.org/formatdomain.html); the caller frees. */
int vm_domain_xml(const struct vm_config *config, char **xml, struct error *err);
