/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A thread that ends the VMM when the driver's end of the control pipe is closed or the time is up.
 * A signal interrupts KVM_RUN, so that the vCPU itself can report its state. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "drivers/microvm/vmm.h"
#include "base/clock.h"

#define WATCH_STACK (128u << 10)
#define REPORT_MS 500 /* for the vCPU to report */

struct watch {
	struct vmm *vmm;
	int control;
	uint64_t deadline; /* 0: none */
};

static void on_signal(int signal)
{
	(void)signal; /* its arrival makes KVM_RUN and blocking calls return */
}

static void interrupt(struct vmm *vmm)
{
	char text[1024];

	atomic_store(&vmm->stopping, true);
	for (int i = 0; i < vmm->vcpu_count; i++) {
		vmm->vcpus[i]->run->immediate_exit = 1;
		if (vmm->vcpus[i]->busy)
			pthread_kill(vmm->vcpus[i]->thread, SIGUSR1);
	}
	poll(NULL, 0, REPORT_MS);
	vcpu_describe(vmm->vcpus[0], text, sizeof(text));
	vmm_fail(vmm, "the guest could not be interrupted: %s", text);
}

/* 'r' requests a report; the end of the pipe means that the driver is gone. */
static void *watch_thread(void *argument)
{
	struct watch *watch = argument;

	for (;;) {
		struct pollfd pfd = {.fd = watch->control, .events = POLLIN};
		uint64_t now = clock_now();
		int wait = -1;
		char byte;

		if (watch->deadline) {
			if (now >= watch->deadline)
				interrupt(watch->vmm);
			wait = (int)((watch->deadline - now) / NSEC_PER_MSEC) + 1;
		}
		if (poll(&pfd, 1, wait) <= 0)
			continue;
		if (read(watch->control, &byte, 1) != 1)
			_exit(VMM_EXIT_FAILED);
		interrupt(watch->vmm);
	}
	return NULL;
}

int watch_start(struct vmm *vmm, int control, double seconds, struct error *err)
{
	struct watch *watch = malloc(sizeof(*watch));
	struct sigaction action = {.sa_handler = on_signal};
	pthread_attr_t attributes;
	pthread_t thread;
	int rc;

	sigaction(SIGUSR1, &action, NULL);
	if (!watch)
		return error_set(err, -ENOMEM, "no memory");
	watch->vmm = vmm;
	watch->control = control;
	watch->deadline = seconds > 0 ? clock_now() + (uint64_t)(seconds * 1e9) : 0;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, WATCH_STACK);
	rc = pthread_create(&thread, &attributes, watch_thread, watch);
	pthread_attr_destroy(&attributes);
	if (rc) {
		free(watch);
		return error_errno(err, -rc, "starting a thread");
	}
	return 0;
}
