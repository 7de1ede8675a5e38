/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tare-microvm: runs one static program as a KVM guest without a guest kernel. */
#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/memory_node.h"
#include "drivers/microvm/elf.h"
#include "drivers/microvm/files.h"
#include "drivers/microvm/memory.h"
#include "drivers/microvm/vmm.h"

#define DEFAULT_MEMORY (1ULL << 30)

struct arguments {
	uint64_t memory;
	bool huge, sockets, trace;
	int control, status;
	double seconds;
	struct sandbox sandbox;
	cpu_set_t cpus;
	int memory_node; /* -1: any */
	char **program;  /* and its arguments */
};

static const struct argp_option options[] = {
	{"memory", 'm', "BYTES", 0, "the guest's memory (1 GiB)", 0},
	{"pages", 'p', "4k|2m", 0, "size of the guest's pages (2m)", 0},
	{"scratch", 'd', "DIRECTORY", 0, "what the guest sees as " GUEST_SCRATCH, 0},
	{"file-bytes", 'f', "BYTES", 0, "largest file that the guest may write", 0},
	{"user", 'u', "UID", 0, "run as this user if started by root", 0},
	{"cpus", 'c', "LIST", 0, "CPUs to run on, such as 0,1", 0},
	{"memory-node", 'n', "NODE", 0, "allocate all memory from this node of the host", 0},
	{"sockets", 's', NULL, 0, "allow the guest sockets, in this network namespace", 0},
	{"seconds", 't', "SECONDS", 0, "interrupt the guest after this time and report its state",
	 0},
	{"control", 'k', "FD", 0, "end when this pipe is closed; 'r' asks for a report", 0},
	{"status", 'b', "FD", 0, "memory file for the status block", 0},
	{"trace", 'v', NULL, 0, "print each system call", 0},
	{0},
};

static int parse_cpus(const char *list, cpu_set_t *cpus)
{
	char *end;

	CPU_ZERO(cpus);
	for (;; list = end + 1) {
		unsigned long cpu = strtoul(list, &end, 10);

		if (end == list || cpu >= CPU_SETSIZE || (*end && *end != ','))
			return -EINVAL;
		CPU_SET(cpu, cpus);
		if (!*end)
			return 0;
	}
}

static error_t parse_option(int key, char *text, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case 'm':
		a->memory = strtoull(text, NULL, 10);
		break;
	case 'p':
		a->huge = strcmp(text, "4k") != 0;
		if (a->huge && strcmp(text, "2m"))
			argp_error(state, "invalid --pages: give 4k or 2m");
		break;
	case 'd':
		a->sandbox.scratch = text;
		break;
	case 'f':
		a->sandbox.file_bytes = strtoull(text, NULL, 10);
		break;
	case 'u':
		a->sandbox.uid = atoi(text);
		break;
	case 'c':
		if (parse_cpus(text, &a->cpus))
			argp_error(state, "invalid --cpus %s: give a list of CPUs, such as 0,1",
				   text);
		break;
	case 'n':
		a->memory_node = atoi(text);
		break;
	case 's':
		a->sockets = true;
		break;
	case 't':
		a->seconds = strtod(text, NULL);
		break;
	case 'k':
		a->control = atoi(text);
		break;
	case 'b':
		a->status = atoi(text);
		break;
	case 'v':
		a->trace = true;
		break;
	case ARGP_KEY_ARGS:
		a->program = state->argv + state->next;
		break;
	case ARGP_KEY_NO_ARGS:
		argp_usage(state);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

_Noreturn void vmm_fail(struct vmm *vmm, const char *format, ...)
{
	char text[sizeof(vmm->status->report)];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	fprintf(stderr, "%s\n", text);
	if (!atomic_exchange(&vmm->reported, true))
		memcpy(vmm->status->report, text, sizeof(text));
	_exit(VMM_EXIT_FAILED);
}

static int open_status(struct vmm *vmm, int fd, struct error *err)
{
	struct stat stat;
	bool given = fd >= 0;
	void *block;

	/* a short file would crash the VMM at the first write */
	if (given && (fstat(fd, &stat) || stat.st_size < (off_t)sizeof(struct status)))
		return error_set(err, -EINVAL, "the file for the status block is too short");
	block = mmap(NULL, sizeof(struct status), PROT_READ | PROT_WRITE,
		     given ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS, fd, 0);
	if (block == MAP_FAILED)
		return error_errno(err, -errno, "mapping the status block");
	vmm->status = block;
	vmm->status->started = clock_now();
	vmm->status->magic = STATUS_MAGIC;
	return 0;
}

static int open_kvm(struct vmm *vmm, struct error *err)
{
	int version;

	vmm->kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (vmm->kvm < 0)
		return error_errno(err, -errno,
				   "/dev/kvm cannot be opened, so no guest can run; "
				   "`tare doctor` says what to do");
	version = ioctl(vmm->kvm, KVM_GET_API_VERSION, 0);
	if (version < 0)
		return error_errno(err, -errno, "/dev/kvm is not KVM, so no guest can run");
	if (version != KVM_API_VERSION)
		return error_set(err, -ENOTSUP, "/dev/kvm speaks API version %d, not %d", version,
				 KVM_API_VERSION);
	return 0;
}

/* The guest's standard streams are the VMM's; both log to the same place. */
static int open_streams(struct vmm *vmm, struct error *err)
{
	descriptors_init(&vmm->descriptors);
	for (int i = 0; i < 3; i++) {
		int host = fcntl(i, F_DUPFD_CLOEXEC, 3);

		if (host < 0 || descriptors_add(&vmm->descriptors, host, i) != i)
			return error_errno(err, -errno, "standard stream %d", i);
	}
	return 0;
}

static int open_scratch(struct vmm *vmm, const char *directory, struct error *err)
{
	vmm->scratch = -1;
	if (!directory)
		return 0;
	vmm->scratch = open(directory, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return vmm->scratch < 0 ? error_errno(err, -errno, "opening %s", directory) : 0;
}

static int load(struct vmm *vmm, const struct arguments *a, struct kvm_regs *regs,
		struct error *err)
{
	int fd = open(a->program[0], O_RDONLY | O_CLOEXEC);
	struct image image;
	int rc;

	if (fd < 0)
		return error_errno(err, -errno, "opening %s", a->program[0]);
	files_open_specials(vmm, fd);
	rc = elf_load(vmm, fd, &image, err);
	if (rc)
		return error_prefix(err, "%s", a->program[0]);
	rc = stack_build(vmm, &image, (const char *const *)a->program, (uint64_t *)&regs->rsp, err);
	regs->rip = image.entry;
	regs->rflags = 2; /* the reserved bit, always 1 */
	return rc;
}

/* Everything that needs a privilege or a path, in order of dependencies. */
static int prepare(struct vmm *vmm, const struct arguments *a, struct kvm_regs *regs,
		   struct error *err)
{
	struct vcpu *first;
	int rc;

	vmm->huge = a->huge;
	vmm->sockets = a->sockets;
	vmm->trace = a->trace;
	vmm->pid = getpid();
	vmm->file_bytes = a->sandbox.file_bytes;
	if ((CPU_COUNT(&a->cpus) && sched_setaffinity(0, sizeof(a->cpus), &a->cpus)) ||
	    sched_getaffinity(0, sizeof(vmm->cpus), &vmm->cpus))
		return error_errno(err, -errno, "using the CPUs asked for");
	rc = memory_from_node(a->memory_node);
	if (rc)
		return error_errno(err, rc, "using memory of node %d", a->memory_node);
	rc = open_status(vmm, a->status, err);
	rc = rc ?: open_kvm(vmm, err);
	rc = rc ?: open_streams(vmm, err);
	rc = rc ?: open_scratch(vmm, a->sandbox.scratch, err);
	rc = rc ?: memory_reserve(vmm, a->memory, err);
	rc = rc ?: machine_create(vmm, err);
	/* before the stack, because the vCPU decides whether the vDSO can be used */
	rc = rc ?: vcpu_create(vmm, &first, err);
	rc = rc ?: stub_prepare(vmm, first, err);
	rc = rc ?: load(vmm, a, regs, err);
	return rc ?: sandbox_enter(vmm, &a->sandbox, err);
}

static _Noreturn void run(struct vmm *vmm, const struct kvm_regs *regs)
{
	struct vcpu *first = vmm->vcpus[0];

	first->busy = true;
	first->tid = gettid();
	first->thread = pthread_self();
	first->status->thread = first->tid;
	vmm->threads = 1;
	vmm->status->entered = clock_now();
	if (vcpu_reset(first, regs, 0, NULL))
		vmm_fail(vmm, "KVM rejects the program's registers: %s", strerror(errno));
	vcpu_run(first);
	for (;;) /* other threads continue; the filter does not allow pause() */
		poll(NULL, 0, -1);
}

int main(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = parse_option,
		.args_doc = "PROGRAM [ARGUMENT...]",
		.doc = "Runs one static program as a KVM guest in user mode, without a kernel.",
	};
	struct arguments a = {
		.memory = DEFAULT_MEMORY,
		.huge = true,
		.memory_node = -1,
		.control = -1,
		.status = -1,
		.sandbox.uid = -1,
	};
	struct vmm *vmm = calloc(1, sizeof(*vmm));
	struct kvm_regs regs = {0};
	struct error err = {0};
	int rc;

	argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &a);
	if (!vmm)
		return VMM_EXIT_FAILED;
	pthread_mutex_init(&vmm->vcpu_lock, NULL);
	rc = prepare(vmm, &a, &regs, &err);
	rc = rc ?: watch_start(vmm, a.control, a.seconds, &err);
	rc = rc ?: sandbox_filter(vmm, &err);
	if (rc && vmm->status)
		vmm_fail(vmm, "%s", err.message);
	if (rc) {
		fprintf(stderr, "%s\n", err.message);
		return VMM_EXIT_FAILED;
	}
	run(vmm, &regs);
}
