/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cost of a virtual machine, measured from outside, and its description, read back where that
 * is possible. */
#include <dirent.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "drivers/agent_stream.h"
#include "drivers/process.h"
#include "drivers/vm_instance.h"
#include "base/cleanup.h"
#include "base/command.h"
#include "base/file.h"

#define LOG_BYTES_MAX (1u << 20)
#define LAST_LINES 6
#define VERSION_MS 5000

/* libvirt makes QEMU name its threads: "CPU 0/TCG", "CPU 0/KVM", "IO iothread1". */
static void thread_name(pid_t pid, const char *tid, char *name, size_t size)
{
	char path[320];

	snprintf(path, sizeof(path), "/proc/%d/task/%s/comm", (int)pid, tid);
	file_line(path, name, size);
}

static DIR *open_tasks(pid_t pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	return opendir(path);
}

void vm_find_threads(struct target *target)
{
	cleanup_dir DIR *tasks = open_tasks(target->pid);
	struct dirent *entry;
	const int room = sizeof(target->threads) / sizeof(target->threads[0]);

	target->thread_count = 0;
	while (tasks && target->thread_count < room && (entry = readdir(tasks))) {
		char name[32];

		thread_name(target->pid, entry->d_name, name, sizeof(name));
		if (strncmp(name, "CPU ", 4) == 0)
			target->threads[target->thread_count++] = atoi(entry->d_name);
	}
}

/* CPU time of a thread in nanosecond resolution; negative: unknown. */
static double thread_seconds(pid_t pid, pid_t tid)
{
	char path[96], line[128];
	unsigned long long ns;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/schedstat", (int)pid, (int)tid);
	if (file_line(path, line, sizeof(line)) < 0 || sscanf(line, "%llu", &ns) != 1)
		return -1;
	return (double)ns / 1e9;
}

/* QEMU counts exits (query-stats, since 7.1); there are none under TCG. */
static double count_exits(virDomainPtr domain)
{
	virDomainPtr domains[] = {domain, NULL};
	virDomainStatsRecordPtr *records;
	double exits = -1;

	if (virDomainListGetStats(domains, VIR_DOMAIN_STATS_VCPU, &records, 0) != 1)
		return -1;
	for (int i = 0; i < records[0]->nparams; i++) {
		const virTypedParameter *parameter = &records[0]->params[i];
		const char *dot = strrchr(parameter->field, '.');

		if (parameter->type != VIR_TYPED_PARAM_ULLONG || !dot ||
		    dot - parameter->field < 6 || strcmp(dot - 6, ".exits.sum") != 0)
			continue;
		exits = (exits < 0 ? 0 : exits) + (double)parameter->value.ul;
	}
	virDomainStatsRecordListFree(records);
	return exits;
}

int vm_stats(struct instance *instance, struct instance_cost *cost)
{
	const struct target *target = &instance->target;
	struct vm *vm = instance->state;

	*cost = (struct instance_cost){.exits = -1, .call_seconds = -1};
	for (int i = 0; i < target->thread_count; i++) {
		double seconds = thread_seconds(target->pid, target->threads[i]);

		if (seconds < 0 || cost->guest_seconds < 0)
			cost->guest_seconds = -1;
		else
			cost->guest_seconds += seconds;
	}
	if (vm->config.kvm)
		cost->exits = count_exits(vm->domain);
	return process_tree_cost(target->pid, &cost->cpu_seconds, &cost->memory_bytes);
}

static json_t *affinity(pid_t tid)
{
	json_t *list = json_array();
	cpu_set_t cpus;

	if (sched_getaffinity(tid, sizeof(cpus), &cpus) == 0)
		for (int i = 0; i < CPU_SETSIZE; i++)
			if (CPU_ISSET((size_t)i, &cpus))
				json_array_append_new(list, json_integer(i));
	return list;
}

/* Name and CPUs of each of QEMU's threads, from the kernel. */
static json_t *describe_threads(pid_t pid)
{
	cleanup_dir DIR *tasks = open_tasks(pid);
	json_t *threads = json_array();
	struct dirent *entry;

	while (tasks && (entry = readdir(tasks))) {
		char name[32];

		if (entry->d_name[0] == '.')
			continue;
		thread_name(pid, entry->d_name, name, sizeof(name));
		json_array_append_new(threads, json_pack("{s:s, s:o}", "name", name, "cpus",
							 affinity(atoi(entry->d_name))));
	}
	return threads;
}

static json_t *version_text(unsigned long version)
{
	char text[48];

	snprintf(text, sizeof(text), "%lu.%lu.%lu", version / 1000000, version / 1000 % 1000,
		 version % 1000);
	return json_string(text);
}

/* The emulator's own version line. The embedded libvirt is not asked: outside the namespace in
 * which domains are created it would probe every emulator of this host again, for seconds. */
static json_t *emulator_version(const struct vm *vm)
{
	const char *const argv[] = {VM_EMULATOR, "--version", NULL};
	cleanup_free char *text = NULL;
	unsigned long version = 0;

	if (!vm->root[0]) {
		virConnectGetVersion(vm->connection, &version);
		return version_text(version);
	}
	if (command_run(argv, NULL, VERSION_MS, &text, NULL) < 0)
		return json_null();
	text[strcspn(text, "\n")] = 0;
	return json_string(text);
}

static json_t *describe_kernel(const struct guest_kernel *kernel)
{
	return json_pack("{s:s, s:s, s:s}", "version", kernel->version, "source", kernel->source,
			 "sha256", kernel->sha256);
}

static json_t *describe_disk(const struct vm *vm)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:b, s:s, s:o}", "bus", vm->config.disk, "cache",
			 vm->config.cache, "aio", vm->config.aio, "format", vm->config.format,
			 "iothread", vm->config.iothread, "guest_file_system", "ext4",
			 "host_file_system", file_system_type(vm->scratch));
}

static json_t *describe_process(pid_t pid)
{
	return json_pack("{s:i, s:o, s:o, s:o, s:o, s:o, s:o}", "pid", (int)pid, "uid",
			 process_status_field(pid, "Uid"), "capabilities",
			 process_status_field(pid, "CapEff"), "no_new_privileges",
			 process_status_field(pid, "NoNewPrivs"), "seccomp",
			 process_status_field(pid, "Seccomp"), "network_namespace",
			 process_namespace(pid, "net"), "threads", describe_threads(pid));
}

json_t *vm_describe(struct instance *instance)
{
	struct vm *vm = instance->state;
	char *xml = virDomainGetXMLDesc(vm->domain, 0);
	unsigned long libvirt = 0;
	json_t *description;

	virConnectGetLibVersion(vm->connection, &libvirt);
	description = json_pack(
		"{s:s, s:s, s:o, s:o, s:o, s:o, s:s, s:b, s:b, s:o, s:s, s:s*}", "driver", "vm",
		"accel", vm->config.kvm ? "kvm" : "tcg", "qemu", emulator_version(vm), "libvirt",
		version_text(libvirt), "kernel", describe_kernel(&vm->kernel), "disk",
		describe_disk(vm), "net", vm->config.tap[0] ? vm->config.net : "none", "vhost",
		vm->config.vhost, "hugepages", vm->config.hugepages, "process",
		describe_process(instance->target.pid), "uri", vm->uri, "domain_xml", xml);
	free(xml);
	return description;
}

/* QEMU's log begins with its command line, one option per line, and libvirt's messages. */
static bool is_noise(const char *line, size_t length)
{
	return length == 0 || line[length - 1] == '\\' || memmem(line, length, "tainted", 7) ||
	       memmem(line, length, "-msg timestamp=on", 17) ||
	       memmem(line, length, ": starting up libvirt", 21);
}

/* Appends the last informative lines; modifies `text`. */
static void add_tail(FILE *out, char *text)
{
	const char *lines[LAST_LINES];
	size_t count = 0;

	for (char *rest = text, *line; (line = strsep(&rest, "\n"));) {
		line[strcspn(line, "\r")] = 0;
		if (!is_noise(line, strlen(line)))
			lines[count++ % LAST_LINES] = line;
	}
	for (size_t i = count > LAST_LINES ? count - LAST_LINES : 0; i < count; i++)
		fprintf(out, "%s\n", lines[i % LAST_LINES]);
}

static void add_file_tail(FILE *out, const char *path)
{
	cleanup_free char *text = NULL;

	if (file_read(path, LOG_BYTES_MAX, &text, NULL, NULL) == 0)
		add_tail(out, text);
}

/* The console of an embedded libvirt's guest is in a private mount namespace. */
static void add_console_tail(FILE *out, const struct instance *instance, const struct vm *vm)
{
	size_t length;
	cleanup_free char *text = instance_log_read(instance, &length);

	if (text)
		add_tail(out, text);
	else
		add_file_tail(out, vm->config.console);
}

char *vm_last_words(struct instance *instance)
{
	struct vm *vm = instance->state;
	char path[PATH_MAX + 256], *words = NULL;
	size_t size;
	FILE *out;

	if (!vm)
		return NULL;
	out = open_memstream(&words, &size);
	if (!out)
		return NULL;
	add_console_tail(out, instance, vm);
	if (vm->log_fd > 0) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d/%s.log", vm->log_fd,
			 vm->config.name);
		add_file_tail(out, path);
	}
	if (fclose(out) != 0 || !size) {
		free(words);
		return NULL;
	}
	return words;
}
