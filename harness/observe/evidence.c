/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/observe/evidence.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/observe/evidence_sources.h"

/* Reads into a buffer with spare room: later a single pread must get everything. */
static int read_first(struct source *source)
{
	ssize_t n;

	for (source->size = 512;; source->size *= 2) {
		char *text = realloc(source->text[0], source->size);

		if (!text)
			return -ENOMEM;
		source->text[0] = text;
		n = pread(source->fd, text, source->size - 1, 0);
		if (n < 0)
			return -errno;
		if ((size_t)n < source->size / 2)
			break;
	}
	source->text[0][n] = 0;
	source->text[1] = malloc(source->size);
	if (!source->text[1])
		return -ENOMEM;
	memcpy(source->text[1], source->text[0], (size_t)n + 1);
	return 0;
}

static void close_source(struct source *source)
{
	if (source->fd >= 0)
		close(source->fd);
	free(source->text[0]);
	free(source->text[1]);
	source->fd = -1;
	source->text[0] = source->text[1] = NULL;
}

/* A new source for root + path, opened if possible. NULL only if there is no memory. */
static struct source *add_source(struct evidence *evidence, enum source_kind kind, const char *path)
{
	size_t count = (size_t)evidence->source_count + 1;
	struct source *source = realloc(evidence->sources, count * sizeof(*source));
	char whole[512];

	if (!source)
		return NULL;
	evidence->sources = source;
	source += evidence->source_count++;
	*source = (struct source){.kind = kind};
	snprintf(source->path, sizeof(source->path), "%s", path);
	snprintf(whole, sizeof(whole), "%s%s", evidence->root, path);
	source->fd = open(whole, O_RDONLY | O_CLOEXEC);
	source->code = source->fd < 0 ? -errno : read_first(source);
	if (source->code)
		close_source(source);
	return source->code == -ENOMEM ? NULL : source;
}

const struct source *evidence_source(const struct evidence *evidence, enum source_kind kind)
{
	for (int i = 0; i < evidence->source_count; i++)
		if (evidence->sources[i].kind == kind)
			return &evidence->sources[i];
	return NULL;
}

static bool add_common(struct evidence *evidence)
{
	static const struct {
		enum source_kind kind;
		const char *path;
	} common[] = {
		{SOURCE_STAT, "/proc/stat"},          {SOURCE_PSI_CPU, "/proc/pressure/cpu"},
		{SOURCE_PSI_IO, "/proc/pressure/io"}, {SOURCE_PSI_MEMORY, "/proc/pressure/memory"},
		{SOURCE_VMSTAT, "/proc/vmstat"},
	};

	for (size_t i = 0; i < sizeof(common) / sizeof(*common); i++)
		if (!add_source(evidence, common[i].kind, common[i].path))
			return false;
	return true;
}

/* The first source of CPU time that can be read and parsed. */
static bool add_cpu_time(struct evidence *evidence)
{
	for (int i = 0; i < CPU_SOURCES; i++) {
		struct source *source = add_source(evidence, SOURCE_CPU, cpu_source_path(i));

		if (!source)
			return false;
		evidence->cpu_source = i;
		if (!source->code && !isnan(cpu_source_seconds(i, source->text[0], -1)))
			return true;
		close_source(source);
		evidence->source_count--;
	}
	return true;
}

static bool add_threads(struct evidence *evidence, const struct target *target)
{
	bool alone = target->kind != TARGET_THREADS;
	int count = alone ? target->pid > 0 : target->thread_count;
	char path[128];

	for (int i = 0; i < count; i++) {
		int thread = alone ? target->pid : target->threads[i];

		snprintf(path, sizeof(path), "/proc/%d/task/%d/schedstat", target->pid, thread);
		if (!add_source(evidence, SOURCE_THREAD_WAIT, path))
			return false;
		snprintf(path, sizeof(path), "/proc/%d/task/%d/status", target->pid, thread);
		if (!add_source(evidence, SOURCE_THREAD_STATUS, path))
			return false;
	}
	return true;
}

static bool add_cpus(struct evidence *evidence)
{
	static const struct {
		enum source_kind kind;
		const char *file;
	} each[] = {
		{SOURCE_THERMAL, "thermal_throttle/core_throttle_count"},
		{SOURCE_FREQUENCY, "cpufreq/scaling_cur_freq"},
	};
	char path[128];

	for (int i = 0; i < evidence->cpu_count; i++)
		for (size_t k = 0; k < sizeof(each) / sizeof(*each); k++) {
			snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/%s",
				 evidence->cpus[i], each[k].file);
			if (!add_source(evidence, each[k].kind, path))
				return false;
		}
	return true;
}

static bool add_cgroup(struct evidence *evidence, const char *cgroup)
{
	static const struct {
		const char *mount;
		enum source_kind kind;
	} mounts[] = {
		{"/sys/fs/cgroup/cpu", SOURCE_THROTTLE_NSEC},
		{"/sys/fs/cgroup/cpu,cpuacct", SOURCE_THROTTLE_NSEC},
		{"/sys/fs/cgroup", SOURCE_THROTTLE_USEC},
		{"/sys/fs/cgroup/unified", SOURCE_THROTTLE_USEC},
	};
	char path[512];

	for (size_t i = 0; i < sizeof(mounts) / sizeof(*mounts) && *cgroup; i++) {
		struct source *source;

		snprintf(path, sizeof(path), "%s%s/cpu.stat", mounts[i].mount, cgroup);
		source = add_source(evidence, mounts[i].kind, path);
		if (!source)
			return false;
		if (!source->code)
			return true;
		evidence->source_count--;
	}
	return true;
}

static bool add_device(struct evidence *evidence, const char *scratch_dir)
{
	if (!evidence_device_find(evidence->root, scratch_dir, &evidence->device))
		return true;
	return add_source(evidence, SOURCE_DEVICE, evidence->device.path) != NULL;
}

int evidence_create(const struct evidence_site *site, const struct target *target,
		    struct evidence **evidence, struct error *err)
{
	struct evidence *e = calloc(1, sizeof(*e));
	size_t cpus = (size_t)site->trial_cpu_count;

	*evidence = e;
	if (!e)
		return error_errno(err, -ENOMEM, "opening the evidence");
	e->root = strdup(site->root ? site->root : "");
	e->cpus = calloc(cpus + 1, sizeof(*e->cpus));
	if (e->root && e->cpus) {
		e->cpu_count = site->trial_cpu_count;
		if (cpus)
			memcpy(e->cpus, site->trial_cpus, cpus * sizeof(*e->cpus));
		if (add_common(e) && add_cpu_time(e) && add_threads(e, target) && add_cpus(e) &&
		    add_cgroup(e, target->cgroup) && add_device(e, site->scratch_dir))
			return 0;
	}
	evidence_destroy(e);
	*evidence = NULL;
	return error_errno(err, -ENOMEM, "opening the evidence");
}

void evidence_destroy(struct evidence *evidence)
{
	if (!evidence)
		return;
	for (int i = 0; i < evidence->source_count; i++)
		close_source(&evidence->sources[i]);
	free(evidence->sources);
	free(evidence->cpus);
	free(evidence->root);
	free(evidence);
}

static void snapshot(struct evidence *evidence, int which)
{
	for (int i = 0; i < evidence->source_count; i++) {
		struct source *source = &evidence->sources[i];
		ssize_t n;

		if (source->fd < 0)
			continue;
		n = pread(source->fd, source->text[which], source->size - 1, 0);
		source->code = n < 0 ? -errno : source->code;
		source->text[which][n > 0 ? n : 0] = 0;
	}
}

void evidence_begin(struct evidence *evidence)
{
	for (int i = 0; i < evidence->source_count; i++)
		if (evidence->sources[i].fd >= 0)
			evidence->sources[i].code = 0;
	snapshot(evidence, 0);
}

void evidence_end(struct evidence *evidence)
{
	snapshot(evidence, 1);
}
