/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `microvm`: the agent as a KVM guest without a guest kernel. Each system call exits the guest and
 * is carried out by a VMM, the program tare-microvm (drivers/microvm/, docs/microvm.md), which this
 * driver starts, watches and stops. It measures what KVM itself costs. */
#include "drivers/driver.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "drivers/agent_stream.h"
#include "drivers/kvm_probe.h"
#include "drivers/microvm/status.h"
#include "drivers/network.h"
#include "drivers/process.h"
#include "drivers/resources.h"
#include "drivers/vm_checks.h"
#include "base/cleanup.h"
#include "base/clock.h"

#define VMM_NAME "tare-microvm"
#define GUEST_SCRATCH "/scratch"
#define UNPRIVILEGED_USER 65534 /* nobody */
#define STOP_TIMEOUT_MS 1000
#define REPORT_TIMEOUT_MS 1000 /* the VMM takes half a second to interrupt a guest */
/* For program, stack, heap and fragmentation, in addition to the workload's memory. */
#define PROGRAM_BYTES (256ULL << 20)
#define CHILD_CONTROL 3
#define CHILD_STATUS 4

struct microvm {
	struct agent_stream stream;
	char scratch[PATH_MAX];
	pid_t pid; /* the VMM; 0: not started or already waited for */
	uint64_t start_time;
	uint64_t spawned; /* CLOCK_MONOTONIC ns */
	int pidfd, control, status_file;
	const struct status *status; /* shared with the VMM, which is not trusted */
	struct kvm_probe kvm;
};

static const char *const page_choices[] = {"2m", "4k", NULL};

static const struct option_spec options[] = {
	{"pages", "2m", "page size in the guest's page tables", .choices = page_choices},
	{0},
};

/* Next to the agent: both are installed together. */
static void vmm_path(const struct site *site, char path[PATH_MAX])
{
	const char *slash = strrchr(site->agent_path, '/');
	int length = slash ? (int)(slash - site->agent_path) : 1;

	snprintf(path, PATH_MAX, "%.*s/" VMM_NAME, length, slash ? site->agent_path : ".");
}

static void set_label(const struct environment *env, const struct kvm_probe *kvm,
		      struct availability *availability)
{
	const char *pages = environment_option(env, "pages");
	const char *tail = strcmp(pages, "2m") ? ", 4 KiB pages)" : ")";
	char name[80];

	if (!kvm->linux_guest)
		snprintf(availability->label, sizeof(availability->label),
			 "microVM (KVM without hardware virtualization%s", tail);
	else {
		kvm_probe_name(kvm, name, sizeof(name));
		snprintf(availability->label, sizeof(availability->label), "microVM (%.70s%s", name,
			 tail);
	}
}

static int microvm_probe(const struct environment *env, const struct site *site,
			 struct availability *availability)
{
	char path[PATH_MAX];
	struct kvm_probe kvm;

	kvm_probe(&kvm);
	*availability = (struct availability){
		.usable = kvm.ring3,
		.comparable = kvm.ring3 && !*kvm_probe_caveat(&kvm),
	};
	set_label(env, &kvm, availability);
	snprintf(availability->reason, sizeof(availability->reason), "%s",
		 kvm.ring3 ? kvm_probe_caveat(&kvm) : kvm.reason);
	if (!site || !kvm.ring3)
		return 0;
	vmm_path(site, path);
	if (access(path, X_OK)) {
		availability->usable = false;
		snprintf(availability->reason, sizeof(availability->reason),
			 "%.300s does not exist, so no microvm can start; run `make`", path);
	}
	return 0;
}

/* The block with the VMM's counts, and both ends of the pipe that stops it. */
static int open_shared(struct microvm *m, int *control_end, struct error *err)
{
	int pipes[2];

	m->status_file = memfd_create("tare-microvm", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (m->status_file < 0 || ftruncate(m->status_file, sizeof(*m->status)) ||
	    fcntl(m->status_file, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL))
		return error_errno(err, -errno, "memory shared with the VMM");
	m->status = mmap(NULL, sizeof(*m->status), PROT_READ, MAP_SHARED, m->status_file, 0);
	if (m->status == MAP_FAILED) {
		m->status = NULL;
		return error_errno(err, -errno, "memory shared with the VMM");
	}
	if (pipe2(pipes, O_CLOEXEC))
		return error_errno(err, -errno, "a pipe to the VMM");
	*control_end = pipes[0];
	m->control = pipes[1];
	return 0;
}

/* Gives the scratch directory to the user that the VMM becomes. */
static int make_scratch(struct instance *instance, struct microvm *m, struct error *err)
{
	int rc = instance_make_scratch(instance, m->scratch, sizeof(m->scratch), err);

	if (rc) {
		m->scratch[0] = 0;
		return rc;
	}
	if (geteuid() == 0 && chown(m->scratch, UNPRIVILEGED_USER, UNPRIVILEGED_USER))
		return error_errno(err, -errno, "giving %s to user %d", m->scratch,
				   UNPRIVILEGED_USER);
	return 0;
}

#define ARGUMENTS 24
#define ARGUMENT_BYTES 32

struct command {
	const char *argv[ARGUMENTS];
	int count;
	char path[PATH_MAX], cpus[256];
	char numbers[5][ARGUMENT_BYTES];
};

static void add(struct command *command, const char *option, const char *value)
{
	command->argv[command->count++] = option;
	if (value)
		command->argv[command->count++] = value;
}

static void build_command(const struct instance *instance, const struct microvm *m,
			  struct command *command)
{
	const struct site *site = instance->site;
	char(*numbers)[ARGUMENT_BYTES] = command->numbers;

	vmm_path(site, command->path);
	cpu_list(site->trial_cpus, site->trial_cpu_count, command->cpus, sizeof(command->cpus));
	snprintf(numbers[0], ARGUMENT_BYTES, "%lu",
		 (unsigned long)(site->memory_bytes + PROGRAM_BYTES));
	snprintf(numbers[1], ARGUMENT_BYTES, "%lu", (unsigned long)site->scratch_bytes);
	snprintf(numbers[2], ARGUMENT_BYTES, "%d", CHILD_CONTROL);
	snprintf(numbers[3], ARGUMENT_BYTES, "%d", CHILD_STATUS);
	snprintf(numbers[4], ARGUMENT_BYTES, "%d", site->memory_node);
	add(command, command->path, NULL);
	add(command, "--memory", numbers[0]);
	add(command, "--pages", environment_option(instance->environment, "pages"));
	add(command, "--scratch", m->scratch);
	if (site->scratch_bytes)
		add(command, "--file-bytes", numbers[1]);
	if (geteuid() == 0)
		add(command, "--user", "65534");
	if (site->trial_cpu_count)
		add(command, "--cpus", command->cpus);
	if (site->memory_node >= 0)
		add(command, "--memory-node", numbers[4]);
	if (site->network)
		add(command, "--sockets", NULL);
	add(command, "--control", numbers[2]);
	add(command, "--status", numbers[3]);
	add(command, site->agent_path, NULL);
	command->argv[command->count] = NULL;
}

/* First moves a descriptor above all final numbers, so that none overwrites another. */
static int add_descriptor(posix_spawn_file_actions_t *actions, int from, int to)
{
	int high = fcntl(from, F_DUPFD_CLOEXEC, 16);

	if (high < 0)
		return -errno;
	return -posix_spawn_file_actions_adddup2(actions, high, to) ?: high;
}

static int spawn(struct microvm *m, const struct command *command, int control_end)
{
	static const char *const environment[] = AGENT_ENVIRONMENT;
	const int from[] = {m->stream.child_in, m->stream.child_out, m->stream.child_error,
			    control_end, m->status_file};
	const int count = sizeof(from) / sizeof(*from);
	int moved[sizeof(from) / sizeof(*from)], used, rc = 0;
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none;

	sigemptyset(&none);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	/* its own session, as in bare.c */
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);
	posix_spawn_file_actions_init(&actions);
	for (used = 0; used < count && rc >= 0; used++)
		moved[used] = rc = add_descriptor(&actions, from[used], used);
	posix_spawn_file_actions_addclosefrom_np(&actions, count);
	m->spawned = clock_now();
	if (rc >= 0)
		rc = -posix_spawn(&m->pid, command->path, &actions, &attributes,
				  (char *const *)command->argv, (char *const *)environment);
	while (used--)
		if (moved[used] >= 0)
			close(moved[used]);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	return rc;
}

/* In namespace H, where `bare` is. */
static int spawn_in_network(struct instance *instance, struct microvm *m, int control_end,
			    struct error *err)
{
	const struct network *network = instance->site->network;
	struct command command = {0};
	int previous = -1, rc;

	build_command(instance, m, &command);
	if (network) {
		rc = network_enter(network_host(network), &previous, err);
		if (rc)
			return rc;
	}
	rc = spawn(m, &command, control_end);
	if (network)
		network_leave(previous);
	if (rc) {
		m->pid = 0;
		return error_errno(err, rc, "starting %s", command.path);
	}
	m->start_time = process_start_time(m->pid);
	m->pidfd = (int)syscall(SYS_pidfd_open, m->pid, 0);
	return resources_add_process(instance->site->resources, m->pid, err);
}

static int microvm_start(struct instance *instance, struct error *err)
{
	struct microvm *m = calloc(1, sizeof(*m));
	cleanup_close int control_end = -1;
	int rc;

	instance->in = instance->out = -1;
	instance->state = m;
	if (!m)
		return error_errno(err, -ENOMEM, "starting a microvm");
	m->pidfd = m->control = m->status_file = -1;
	rc = agent_stream_open(&m->stream, instance, err);
	rc = rc ?: make_scratch(instance, m, err);
	rc = rc ?: open_shared(m, &control_end, err);
	rc = rc ?: spawn_in_network(instance, m, control_end, err);
	if (rc)
		return rc;
	agent_stream_hand_over(&m->stream, instance);
	instance->scratch = GUEST_SCRATCH;
	snprintf(instance->address, sizeof(instance->address), "%s",
		 instance->site->network ? NETWORK_ADDRESS_HOST : "");
	instance->target = (struct target){.kind = TARGET_PROCESS_TREE, .pid = m->pid};
	return 0;
}

static bool ended_within(const struct microvm *m, int timeout_ms)
{
	struct pollfd pfd = {.fd = m->pidfd, .events = POLLIN};

	return m->pidfd < 0 || poll(&pfd, 1, timeout_ms) > 0;
}

/* The VMM interrupts a guest that does not exit, reports its state, and exits. */
static void ask_for_report(struct microvm *m)
{
	if (m->control >= 0 && write(m->control, "r", 1) == 1)
		ended_within(m, REPORT_TIMEOUT_MS);
}

static void end_vmm(struct microvm *m)
{
	if (!ended_within(m, STOP_TIMEOUT_MS))
		ask_for_report(m);
	process_kill(m->pid, m->start_time, STOP_TIMEOUT_MS);
	while (waitpid(m->pid, NULL, 0) < 0 && errno == EINTR)
		;
}

static int microvm_stop(struct instance *instance, struct error *err)
{
	struct microvm *m = instance->state;

	(void)err;
	if (!m)
		return 0;
	instance_close_stream(instance);
	agent_stream_close(&m->stream);
	if (m->pid > 0) {
		end_vmm(m);
		resources_drop_process(instance->site->resources, m->pid);
	}
	if (m->scratch[0])
		instance_remove_scratch(instance, m->scratch);
	if (m->status)
		munmap((void *)m->status, sizeof(*m->status));
	if (m->control >= 0)
		close(m->control);
	if (m->status_file >= 0)
		close(m->status_file);
	if (m->pidfd >= 0)
		close(m->pidfd);
	instance_log_close(instance, "standard error");
	free(m);
	instance->state = NULL;
	return 0;
}

static int microvm_stats(struct instance *instance, struct instance_cost *cost)
{
	struct microvm *m = instance->state;

	*cost = (struct instance_cost){.guest_seconds = -1};
	for (int i = 0; i < STATUS_VCPUS; i++) {
		cost->exits += (double)m->status->vcpu[i].exits;
		cost->call_seconds += (double)m->status->vcpu[i].call_ns / NSEC_PER_SEC;
	}
	return process_tree_cost(m->pid, &cost->cpu_seconds, &cost->memory_bytes);
}

static double milliseconds_since(uint64_t from, uint64_t to)
{
	return to > from ? (double)(to - from) / NSEC_PER_MSEC : -1;
}

static json_t *describe_start(const struct microvm *m)
{
	const struct status *s = m->status;

	return json_pack("{s:f, s:f, s:f, s:f}", "vmm", milliseconds_since(m->spawned, s->started),
			 "entered", milliseconds_since(m->spawned, s->entered), "first_call",
			 milliseconds_since(m->spawned, s->first_exit), "first_answer",
			 milliseconds_since(m->spawned, s->hello));
}

/* As sandbox.c decides it. */
static const char *paths_of_vmm(void)
{
	if (geteuid() == 0)
		return "its scratch directory, which is its root directory";
	return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) > 0
		       ? "its scratch directory, by Landlock"
		       : "what its user can open: this kernel has no Landlock";
}

static json_t *microvm_describe(struct instance *instance)
{
	const struct site *site = instance->site;
	struct microvm *m = instance->state;
	const struct status *s = m->status;
	char path[PATH_MAX];

	vmm_path(site, path);
	if (!m->kvm.module[0])
		kvm_probe(&m->kvm);
	return json_pack(
		"{s:s, s:s, s:s, s:i, s:s, s:s, s:f, s:f, s:I, s:i, s:b, s:i, s:i, s:o, s:o, s:o, "
		"s:o, s:s, s:o, s:s, s:s, s:s, s:o, s:s}",
		"driver", "microvm", "vmm", path, "agent", site->agent_path, "pid", (int)m->pid,
		"kvm_module", m->kvm.module, "paging", m->kvm.paging, "ring0_instruction_ns",
		m->kvm.ring0_ns, "ring3_instruction_ns", m->kvm.ring3_ns, "guest_memory_bytes",
		(json_int_t)(s->high - s->low), "guest_page_bytes", (int)s->page_bytes,
		"clock_without_exit", s->vdso, "call_stub_ring", (int)s->stub_ring, "vcpus",
		(int)s->vcpus, "start_ms", describe_start(m), "cpus_allowed",
		process_status_field(m->pid, "Cpus_allowed_list"), "user",
		process_status_field(m->pid, "Uid"), "seccomp",
		process_status_field(m->pid, "Seccomp"), "paths", paths_of_vmm(),
		"network_namespace", process_namespace(m->pid, "net"), "network",
		site->network ? network_host_name(site->network) : "none", "guest_kernel",
		"none: the VMM carries out system calls on the host", "scratch", m->scratch,
		"file_system", file_system_type(m->scratch), "memory_limit", "the guest's memory");
}

static char *microvm_last_words(struct instance *instance)
{
	struct microvm *m = instance->state;
	char *text;

	if (!m || !m->status)
		return NULL;
	if (!ended_within(m, 0))
		ask_for_report(m);
	/* may lack its NUL */
	text = strndup(m->status->report, sizeof(m->status->report));
	if (text && text[0])
		return text;
	free(text);
	return instance_log_tail(instance);
}

const struct driver microvm_driver = {
	.name = "microvm",
	.summary = "the agent as a KVM guest without a guest kernel: what KVM itself costs",
	.style = STYLE_GREEN_DIAMOND,
	.checks = kvm_checks,
	.options = options,
	.no_fork = true,
	.probe = microvm_probe,
	.start = microvm_start,
	.stop = microvm_stop,
	.stats = microvm_stats,
	.describe = microvm_describe,
	.last_words = microvm_last_words,
};
