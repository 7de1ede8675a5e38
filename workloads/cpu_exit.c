/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#ifdef __x86_64__
#include <cpuid.h>
#include <x86intrin.h>
#endif

#include "base/clock.h"
#include "workloads/kvm_guest.h"
#include "workloads/workload.h"

static const char *const kinds[] = {"pio",      "mmio",      "pio-event",    "mmio-event",
				    "cpuid",    "hypercall", "irqfd",        "touch-4k",
				    "touch-2m", "write",     "write-logged", NULL};

#define SMALL_PAGE 4096u
#define HUGE_PAGE (2u << 20)
#define HUGE_PAGES 16

/* What the guest does each time, and where its pages come from. */
struct kind {
	const char *name;
	uint8_t code[10];
	uint8_t length;
	uint32_t page_bytes;
	int count; /* of a batch */
};

#define DEVICE_BYTES 0x00, 0x00, 0x00, 0x20 /* KVM_GUEST_DEVICE */
#define WRITE_PAGE {0x41, 0xc6, 0x02, 1}, 4 /* movb $1, (r10) */

struct state {
	struct kind kind;
	struct kvm_guest *guest;
	uint64_t events; /* timed since prepare */
	uint64_t seen;   /* of these, seen by the host: exits, eventfd counts, logged pages */
};

static bool is(const struct state *s, const char *name)
{
	return strcmp(s->kind.name, name) == 0;
}

#ifdef __x86_64__
static const struct kind all[] = {
	{"pio", {0xe6, KVM_GUEST_PORT}, 2, 0, 32},
	{"pio-event", {0xe6, KVM_GUEST_PORT}, 2, 0, 32},
	{"mmio", {0x89, 0x04, 0x25, DEVICE_BYTES}, 7, 0, 32},
	{"mmio-event", {0x89, 0x04, 0x25, DEVICE_BYTES}, 7, 0, 32},
	{"cpuid", {0x31, 0xc0, 0x31, 0xc9, 0x0f, 0xa2}, 6, 0, 32},
	{"hypercall",
	 {0xb8, 0x63, 0, 0, 0, 0x0f, 0x01, 0xd9},
	 8,
	 0,
	 32}, /* no system call has this number */
	{"irqfd", {0xe6, KVM_GUEST_PORT}, 2, 0, 32},
	{"touch-4k", WRITE_PAGE, SMALL_PAGE, 256},
	{"touch-2m", WRITE_PAGE, HUGE_PAGE, HUGE_PAGES},
	{"write", WRITE_PAGE, SMALL_PAGE, 256},
	{"write-logged", WRITE_PAGE, SMALL_PAGE, 256},
};

static void choose(struct state *s, const char *name)
{
	unsigned a, b, c, d;

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (!strcmp(all[i].name, name))
			s->kind = all[i];
	/* Intel's instruction is vmcall, AMD's vmmcall: KVM emulates the other one */
	if (is(s, "hypercall") && __get_cpuid(0, &a, &b, &c, &d) && b == signature_INTEL_ebx)
		s->kind.code[7] = 0xc1;
}

/* Preparation for each batch, untimed. */
static int ready_pages(struct state *s, struct error *err)
{
	int dirty;

	if (is(s, "touch-4k") || is(s, "touch-2m"))
		return kvm_guest_forget_pages(s->guest, err);
	return is(s, "write-logged") ? kvm_guest_read_log(s->guest, &dirty, err) : 0;
}

static int count_seen(struct state *s, struct error *err)
{
	int dirty = 0, rc = 0;

	if (is(s, "pio-event") || is(s, "mmio-event"))
		s->seen += kvm_guest_events(s->guest);
	if (is(s, "write-logged"))
		rc = kvm_guest_read_log(s->guest, &dirty, err);
	s->seen += (uint64_t)dirty;
	if (is(s, "pio") || is(s, "mmio"))
		s->seen = s->guest->exits;
	if (is(s, "irqfd"))
		s->seen = kvm_guest_interrupts(s->guest);
	return rc;
}

static int time_batch(struct state *s, uint64_t ticks[KVM_GUEST_BATCH], struct error *err)
{
	int rc = ready_pages(s, err);

	rc = rc ?: kvm_guest_time(s->guest, s->kind.count, ticks, err);
	if (rc)
		return rc;
	s->events += (uint64_t)s->kind.count;
	return count_seen(s, err);
}

static int prepare(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;
	uint64_t ignored[KVM_GUEST_BATCH];
	int rc;

	choose(s, trial_choice(trial, "kind"));
	rc = kvm_guest_create(s->kind.code, s->kind.length,
			      s->kind.page_bytes ? HUGE_PAGES * HUGE_PAGE : 0, s->kind.page_bytes,
			      &s->guest, err);
	if (!rc && (is(s, "pio-event") || is(s, "mmio-event") || is(s, "irqfd")))
		rc = kvm_guest_bind_event(s->guest, !is(s, "mmio-event"), err);
	if (!rc && is(s, "irqfd"))
		rc = kvm_guest_bind_interrupt(s->guest, err);
	if (!rc && is(s, "write-logged"))
		rc = kvm_guest_log(s->guest, true, err);
	/* in the first batch code and pages are not in KVM's page tables yet: not counted */
	return rc ? rc : time_batch(s, ignored, err);
}

static int run(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;
	uint64_t ticks[KVM_GUEST_BATCH], from = __rdtsc(), start = clock_now();

	while (trial_continue(trial)) {
		int rc = time_batch(s, ticks, err);
		double tick = (double)(clock_now() - start) / (double)(__rdtsc() - from);

		if (rc)
			return rc;
		for (int i = 0; i < s->kind.count; i++)
			histogram_record(trial->histograms[0], (uint64_t)((double)ticks[i] * tick));
		trial->operations += s->kind.count;
	}
	return 0;
}
#else
static int prepare(struct trial *trial, struct error *err)
{
	(void)trial;
	return error_set(err, -ENOTSUP, "supports only x86");
}

static int run(struct trial *trial, struct error *err)
{
	return prepare(trial, err);
}
#endif

/* Checks that every event caused its exit, eventfd count or logged page. */
static int verify(struct trial *trial, struct error *err)
{
	const struct state *s = trial->state;
	bool counted = !is(s, "cpuid") && !is(s, "hypercall") && !is(s, "write") &&
		       s->kind.page_bytes != HUGE_PAGE && !is(s, "touch-4k");

	if (counted && s->seen != s->events)
		return error_set(err, -EIO, "%lu events in the guest, but %lu on the host",
				 (unsigned long)s->events, (unsigned long)s->seen);
	for (int i = 0; s->kind.page_bytes && i < s->kind.count; i++)
		if (!s->guest->pages[(size_t)i * s->kind.page_bytes])
			return error_set(err, -EIO, "page %d was not written", i);
	return 0;
}

static void cleanup(struct trial *trial)
{
	struct state *s = trial->state;

	kvm_guest_destroy(s->guest);
}

const struct workload cpu_exit = {
	.name = "cpu.exit",
	.version = 1,
	.panel = PANEL_CPU,
	.summary = "one event in a KVM guest, timed by the guest: exit, emulation, page fault",
	.operation = "one event",
	.stands_for = "vmexit of kvm-unit-tests (x86/vmexit.c), in user mode",
	.metrics =
		(const struct metric[]){
			TIME_US("event", "latency", 0),
			TIME_US("p50", "latency", 0.5),
			TIME_US("p99", "latency", 0.99),
			{0},
		},
	.parameters =
		(const struct parameter[]){
			{"kind",
			 "pio, mmio: handled in user space; -event: by an ioeventfd; irqfd: by an "
			 "interrupt; touch: first access to a page; write: to a mapped page, with "
			 "or without dirty logging",
			 PARAMETER_CHOICE, .choices = kinds},
			{0},
		},
	.needs = {.cpus = 1, .memory = 128 << 20, .kvm = true},
	.state_bytes = sizeof(struct state),
	.prepare = prepare,
	.run = run,
	.verify = verify,
	.cleanup = cleanup,
};
