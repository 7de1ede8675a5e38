/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A set of counters on one target, around each trial. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "harness/observe/counters_private.h"
#include "harness/observe/procfs.h"

/* Every processor of the last ten years has at least this many programmable counters. */
#define GROUP_SIZE 4
#define CHILDREN_DEPTH 16

/* One event on one thread (or one CPU of a cgroup). */
struct opened {
	int counter; /* index into the set */
	bool guest;  /* the guest's part alone */
	bool leads;  /* its own, or a group's */
	int fd;
	struct counter_reading reading;
};

struct counters {
	const struct counter_set *set;
	struct target target;
	struct opened *opened; /* kept open after a trial for the result, then closed */
	int count;
	int *failures;  /* one per counter: a negative errno of opening or reading it */
	bool on_guest;  /* the target is virtual CPUs */
	bool seen_exit; /* at least one since the start */
};

/* What to count on: a thread, or a whole cgroup on one CPU. */
struct place {
	pid_t pid;
	int cpu;
	unsigned long flags;
	bool inherit;
};

static struct opened *add_opened(struct counters *counters)
{
	size_t count = (size_t)counters->count + 1;
	struct opened *bigger = realloc(counters->opened, count * sizeof(*bigger));

	if (!bigger)
		return NULL;
	counters->opened = bigger;
	return &bigger[counters->count++];
}

static int open_event(const struct counter_set *set, const struct counter *counter, bool guest,
		      bool on_guest, const struct place *place, int group)
{
	const struct counter_system *system = set->system;
	struct perf_event_attr attr = counter->attr;
	int fd, rc;

	attr.disabled = 1;
	attr.inherit = place->inherit;
	attr.read_format = COUNTER_READ_FORMAT;
	if (on_guest && counter->kind == COUNTER_HARDWARE) {
		attr.exclude_guest = 0;
		attr.exclude_host = guest;
	}
	fd = system->open(system->context, &attr, place->pid, place->cpu, group, place->flags);
	if (fd < 0 || !counter->filter[0])
		return fd;
	rc = system->control(system->context, fd, PERF_EVENT_IOC_SET_FILTER,
			     (unsigned long)counter->filter);
	if (!rc)
		return fd;
	system->close(system->context, fd);
	return rc;
}

/* Opens one counter; *leader is the group's leader, or -1. An event that does not fit in the group
 * is opened separately. */
static int open_one(struct counters *counters, int index, bool guest, const struct place *place,
		    int *leader)
{
	const struct counter *counter = &counters->set->list[index];
	int group = counter->kind == COUNTER_HARDWARE ? *leader : -1, fd;
	struct opened *opened;

	fd = open_event(counters->set, counter, guest, counters->on_guest, place, group);
	if (fd == -EINVAL && group >= 0) {
		group = -1;
		fd = open_event(counters->set, counter, guest, counters->on_guest, place, group);
	}
	if (fd < 0) {
		counters->failures[index] = fd;
		return 0;
	}
	opened = add_opened(counters);
	if (!opened) {
		counters->set->system->close(counters->set->system->context, fd);
		return -ENOMEM;
	}
	*opened = (struct opened){.counter = index, .guest = guest, .leads = group < 0, .fd = fd};
	if (counter->kind == COUNTER_HARDWARE && *leader < 0)
		*leader = fd;
	return 0;
}

/* Hardware events are opened in groups, so that they are counted over the same intervals, the
 * others separately. */
static int open_place(struct counters *counters, const struct place *place, bool guest)
{
	int leader = -1, members = 0, rc = 0;

	for (int i = 0; i < counters->set->count && !rc; i++) {
		const struct counter *counter = &counters->set->list[i];
		bool hardware = counter->kind == COUNTER_HARDWARE;

		if (!counter->usable || (guest && !hardware) ||
		    (counter->kind == COUNTER_EXITS && !counters->on_guest))
			continue;
		if (hardware && members++ % GROUP_SIZE == 0)
			leader = -1;
		rc = open_one(counters, i, guest, place, &leader);
	}
	return rc;
}

static int open_threads(struct counters *counters, const pid_t *threads, int count)
{
	int rc = 0;

	for (int i = 0; i < count && !rc; i++) {
		struct place place = {.pid = threads[i], .cpu = -1};

		rc = open_place(counters, &place, false);
		rc = rc ?: open_place(counters, &place, true);
	}
	return rc;
}

static int open_tree(struct counters *counters, pid_t pid, int depth);

/* "123 456 " */
static int open_children(struct counters *counters, pid_t pid, pid_t thread, int depth)
{
	cleanup_free char *list = proc_text("", "/proc/%d/task/%d/children", pid, thread);
	char *at = list, *end;
	int rc = 0;

	while (at && !rc) {
		long child = strtol(at, &end, 10);

		if (end == at)
			break;
		at = end;
		rc = open_tree(counters, (pid_t)child, depth + 1);
	}
	return rc;
}

/* All current threads; threads that they start later are inherited. */
static int open_tree(struct counters *counters, pid_t pid, int depth)
{
	cleanup_dir DIR *dir = NULL;
	struct dirent *entry;
	char path[64];
	int rc = 0;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	dir = opendir(path);
	if (!dir || depth > CHILDREN_DEPTH)
		return 0;
	while (!rc && (entry = readdir(dir))) {
		struct place place = {.pid = atoi(entry->d_name), .cpu = -1, .inherit = true};

		if (place.pid <= 0)
			continue;
		rc = open_place(counters, &place, false);
		rc = rc ?: open_children(counters, pid, place.pid, depth);
	}
	return rc;
}

static int open_cgroup_directory(const char *cgroup)
{
	static const char *const mounts[] = {"/sys/fs/cgroup/perf_event", "/sys/fs/cgroup",
					     "/sys/fs/cgroup/unified"};
	char path[512];

	for (size_t i = 0; i < sizeof(mounts) / sizeof(*mounts); i++) {
		int fd;

		snprintf(path, sizeof(path), "%s%s", mounts[i], cgroup);
		fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd >= 0)
			return fd;
	}
	return -1;
}

static int open_cgroup(struct counters *counters, const char *cgroup)
{
	cleanup_close int fd = open_cgroup_directory(cgroup);
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	int rc = 0;

	for (int cpu = 0; fd >= 0 && cpu < cpus && !rc; cpu++) {
		struct place place = {.pid = fd, .cpu = cpu, .flags = PERF_FLAG_PID_CGROUP};

		rc = open_place(counters, &place, false);
	}
	return rc;
}

static int open_target(struct counters *counters, const struct target *target)
{
	if (target->kind == TARGET_THREADS)
		return open_threads(counters, target->threads, target->thread_count);
	if (target->kind == TARGET_NONE)
		return 0;
	if (target->pid > 0)
		return open_tree(counters, target->pid, 0);
	return target->cgroup[0] ? open_cgroup(counters, target->cgroup) : 0;
}

int counters_create(const struct counter_set *set, const struct target *target,
		    struct counters **counters, struct error *err)
{
	struct counters *c = calloc(1, sizeof(*c));

	*counters = c;
	if (!c)
		return error_errno(err, -ENOMEM, "opening the counters");
	c->set = set;
	c->target = *target;
	c->on_guest = target->kind == TARGET_THREADS;
	c->failures = calloc((size_t)set->count + 1, sizeof(*c->failures));
	if (c->failures)
		return 0;
	free(c);
	*counters = NULL;
	return error_errno(err, -ENOMEM, "opening the counters");
}

static void close_all(struct counters *counters)
{
	const struct counter_system *system = counters->set->system;

	for (int i = counters->count - 1; i >= 0; i--)
		if (counters->opened[i].fd >= 0) {
			system->close(system->context, counters->opened[i].fd);
			counters->opened[i].fd = -1;
		}
}

void counters_destroy(struct counters *counters)
{
	if (!counters)
		return;
	close_all(counters);
	free(counters->opened);
	free(counters->failures);
	free(counters);
}

static void read_one(struct counters *counters, struct opened *opened)
{
	const struct counter_system *system = counters->set->system;
	ssize_t n = system->read(system->context, opened->fd, &opened->reading,
				 sizeof(opened->reading));

	if (n != sizeof(opened->reading))
		counters->failures[opened->counter] = n < 0 ? (int)n : -EIO;
}

static void control_all(struct counters *counters, unsigned long request)
{
	const struct counter_system *system = counters->set->system;

	for (int i = 0; i < counters->count; i++)
		if (counters->opened[i].leads)
			system->control(system->context, counters->opened[i].fd, request,
					PERF_IOC_FLAG_GROUP);
}

/* Opened for each counted trial: an attached event slows each context switch of its threads even
 * while it is disabled, and trials that are not counted must not pay for it. */
void counters_begin(struct counters *counters)
{
	close_all(counters);
	counters->count = 0;
	memset(counters->failures, 0, (size_t)counters->set->count * sizeof(*counters->failures));
	if (open_target(counters, &counters->target))
		for (int i = 0; i < counters->set->count; i++)
			counters->failures[i] = -ENOMEM;
	control_all(counters, PERF_EVENT_IOC_ENABLE);
}

void counters_end(struct counters *counters)
{
	control_all(counters, PERF_EVENT_IOC_DISABLE);
	for (int i = 0; i < counters->count; i++) {
		struct opened *opened = &counters->opened[i];

		read_one(counters, opened);
		if (counters->set->list[opened->counter].kind == COUNTER_EXITS &&
		    opened->reading.value)
			counters->seen_exit = true;
	}
	close_all(counters);
}

struct total {
	double value;
	double enabled, running; /* ns, of all threads */
	bool starved;            /* a thread ran while the event never had a counter */
	int parts;
};

/* Each thread's count is scaled by its own times, because threads run at different times. */
static struct total total_of(const struct counters *counters, int counter, bool guest)
{
	struct total total = {0};

	for (int i = 0; i < counters->count; i++) {
		const struct opened *opened = &counters->opened[i];
		double value = (double)opened->reading.value;
		double enabled = (double)opened->reading.enabled;
		double running = (double)opened->reading.running;

		if (opened->counter != counter || opened->guest != guest)
			continue;
		total.parts++;
		total.enabled += enabled;
		total.running += running;
		total.starved |= enabled > 0 && running <= 0;
		total.value += running > 0 ? value * (enabled / running) : value;
	}
	return total;
}

static json_t *value_of(const struct counters *counters, int index, const struct total *total)
{
	const struct counter *counter = &counters->set->list[index];

	if (!counter->usable)
		return json_sprintf("n/a (%s)", counter->reason);
	if (counter->kind == COUNTER_EXITS && !counters->on_guest)
		return json_string("n/a (no virtual CPU here)");
	if (counters->failures[index])
		return json_sprintf("n/a (%s)", counter_open_failure(counters->failures[index]));
	if (!total->parts)
		return json_string("n/a (no thread to count)");
	if (total->starved)
		return json_string("n/a (other events used all hardware counters)");
	if (counter->kind == COUNTER_EXITS && !counters->seen_exit)
		return json_string("n/a (no exits: the guest is emulated)");
	return json_real(total->value);
}

static bool has_guest_part(const struct counters *counters, int index)
{
	return counters->on_guest && counters->set->list[index].kind == COUNTER_HARDWARE;
}

json_t *counters_result(const struct counters *counters)
{
	json_t *result = json_object();
	char name[80];

	for (int i = 0; i < counters->set->count; i++)
		for (int guest = 0; guest < (has_guest_part(counters, i) ? 2 : 1); guest++) {
			struct total total = total_of(counters, i, guest);

			snprintf(name, sizeof(name), "%s%s", counters->set->list[i].name,
				 guest ? ":guest" : "");
			json_object_set_new(result, name, value_of(counters, i, &total));
		}
	return result;
}

json_t *counters_scaled(const struct counters *counters)
{
	json_t *scaled = NULL;
	char name[80];

	for (int i = 0; i < counters->set->count; i++)
		for (int guest = 0; guest < (has_guest_part(counters, i) ? 2 : 1); guest++) {
			struct total total = total_of(counters, i, guest);

			if (!total.parts || total.starved || total.running >= total.enabled)
				continue;
			if (!scaled)
				scaled = json_object();
			snprintf(name, sizeof(name), "%s%s", counters->set->list[i].name,
				 guest ? ":guest" : "");
			json_object_set_new(scaled, name, json_real(total.running / total.enabled));
		}
	return scaled;
}
