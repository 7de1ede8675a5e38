/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A virtual machine of the driver `vm` and its files. */
#pragma once

#include <libvirt/libvirt.h>
#include <stdint.h>

#include "drivers/driver.h"
#include "drivers/guest/initramfs.h"
#include "drivers/guest/kernel.h"
#include "drivers/vm_domain.h"

#define VM_EMULATOR "/usr/bin/qemu-system-x86_64"

/* What a driver adds to the guest's initramfs besides the agent. */
typedef int (*vm_fill)(struct initramfs *archive, const struct instance *instance,
		       struct error *err);

struct vm {
	struct vm_config config;
	struct guest_kernel kernel;
	vm_fill fill;  /* NULL: nothing more */
	char user[64]; /* that QEMU runs as */
	uid_t uid;
	gid_t gid;
	char root[PATH_MAX]; /* of embedded libvirt; "": another URI */
	char uri[PATH_MAX];
	char directory[PATH_MAX]; /* socket, console */
	char scratch[PATH_MAX]; /* on the file system under test: image, kernel, initramfs; "": not
				 * created */
	int listener;           /* for the agent's stream; -1 */
	int log_fd;             /* the directory of QEMU's own output; 0: none */
	virConnectPtr connection;
	virDomainPtr domain;
	bool attached; /* to the network */
	bool entered;  /* in the resource journal */
};

/* Creates the instance's directory, kernel, initramfs and scratch image, all owned by QEMU's user.
 * The image is in vm->scratch; QEMU sees it as vm->config.image. */
int vm_files_make(struct instance *instance, struct vm *vm, struct error *err);
void vm_files_remove(struct instance *instance, struct vm *vm);

/* The driver's functions, for drivers that add more to the guest. */
int vm_probe(const struct environment *env, const struct site *site,
	     struct availability *availability);
/* With `fill` the agent runs in the container that it adds (struct vm_config: nested). */
int vm_start_guest(struct instance *instance, vm_fill fill, struct error *err);
int vm_stop(struct instance *instance, struct error *err);

/* The driver's describe, stats and last_words (vm_stats.c). */
json_t *vm_describe(struct instance *instance);
int vm_stats(struct instance *instance, struct instance_cost *cost);
char *vm_last_words(struct instance *instance);
/* vCPU threads of QEMU `target->pid`, to target->threads. */
void vm_find_threads(struct target *target);
