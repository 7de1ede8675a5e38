/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The journal: a file a run, one JSON object a line. The first says whose it is,
 * {"run":..,"pid":..,"boot":..}; each further one {"add":KIND,"name":..} or
 * {"drop":KIND,"name":..}. How each kind is removed stands in resources_remove.c.
 */
#include "drivers/resources.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drivers/resources_remove.h"
#include "drivers/process.h"
#include "harness/base/cleanup.h"
#include "harness/base/file.h"

#define JOURNAL_LIMIT (64u << 20)
#define BOOT_ID "/proc/sys/kernel/random/boot_id"

static const char *const kinds[] = {
	[RESOURCE_DIRECTORY] = "directory", [RESOURCE_FILE] = "file",
	[RESOURCE_MOUNT] = "mount",         [RESOURCE_CGROUP] = "cgroup",
	[RESOURCE_NETNS] = "netns",         [RESOURCE_LINK] = "link",
	[RESOURCE_PROCESS] = "process",     [RESOURCE_DOMAIN] = "domain",
	[RESOURCE_CONTAINER] = "container",
};
#define KIND_COUNT ((int)(sizeof(kinds) / sizeof(*kinds)))

struct entry {
	enum resource_kind kind;
	char *name;
};

/* What stands in a journal, oldest first. */
struct entries {
	struct entry *list;
	size_t count, size;
};

struct resources {
	pthread_mutex_t mutex;
	char *registry, *path; /* the directory, the file in it */
	int fd, host_lock;
	struct entries standing;
};

static void entries_finish(struct entries *entries)
{
	for (size_t i = 0; i < entries->count; i++)
		free(entries->list[i].name);
	free(entries->list);
}

static int entries_add(struct entries *entries, enum resource_kind kind, const char *name)
{
	if (entries->count == entries->size) {
		size_t size = entries->size ? entries->size * 2 : 64;
		struct entry *list = realloc(entries->list, size * sizeof(*list));

		if (!list)
			return -ENOMEM;
		entries->list = list;
		entries->size = size;
	}
	entries->list[entries->count] = (struct entry){.kind = kind, .name = strdup(name)};
	if (!entries->list[entries->count].name)
		return -ENOMEM;
	entries->count++;
	return 0;
}

static bool entries_drop(struct entries *entries, enum resource_kind kind, const char *name)
{
	for (size_t i = entries->count; i-- > 0;) {
		struct entry *entry = &entries->list[i];

		if (entry->kind != kind || strcmp(entry->name, name))
			continue;
		free(entry->name);
		memmove(entry, entry + 1, (--entries->count - i) * sizeof(*entry));
		return true;
	}
	return false;
}

static int registry_path(char **path, struct error *err)
{
	const char *given = getenv("TARE_STATE"), *home = getenv("HOME");
	const char *state = getenv("XDG_STATE_HOME");
	int rc;

	if (given && *given)
		rc = asprintf(path, "%s", given);
	else if (geteuid() == 0)
		rc = asprintf(path, "/var/lib/tare");
	else if (state && *state)
		rc = asprintf(path, "%s/tare", state);
	else
		rc = asprintf(path, "%s/.local/state/tare", home ? home : "");
	return rc < 0 ? error_errno(err, -ENOMEM, "naming the registry") : 0;
}

static int make_directories(const char *path, struct error *err)
{
	cleanup_free char *copy = strdup(path);

	if (!copy)
		return error_errno(err, -ENOMEM, "creating %s", path);
	for (char *slash = copy + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = 0;
		mkdir(copy, 0755);
		*slash = '/';
	}
	if (mkdir(path, 0700) && errno != EEXIST)
		return error_errno(err, -errno,
				   "creating the registry %s (TARE_STATE names another)", path);
	return 0;
}

/* Opens and locks a file; -EBUSY where another holds it. Makes sure that the locked file is still
 * the one of that name: its owner may have removed it in between. */
static int open_locked(const char *path, int flags)
{
	for (;;) {
		struct stat mine, there;
		int fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0600);
		int rc;

		if (fd < 0)
			return -errno;
		if (flock(fd, LOCK_EX | LOCK_NB)) {
			rc = errno == EWOULDBLOCK ? -EBUSY : -errno;
			close(fd);
			return rc;
		}
		if (!fstat(fd, &mine) && !stat(path, &there) && mine.st_ino == there.st_ino)
			return fd;
		close(fd);
		if (!(flags & O_CREAT))
			return -ENOENT;
	}
}

static int take_host_lock(struct resources *res, const char *run_id, struct error *err)
{
	cleanup_free char *path = NULL;
	char holder[256] = "";

	if (asprintf(&path, "%s/lock", res->registry) < 0)
		return error_errno(err, -ENOMEM, "locking the host");
	res->host_lock = open_locked(path, O_RDWR | O_CREAT);
	if (res->host_lock == -EBUSY) {
		file_line(path, holder, sizeof(holder));
		return error_set(err, -EBUSY,
				 "another run is going on (%s): two at once would measure each "
				 "other; wait for it or end it",
				 *holder ? holder : "it has just begun");
	}
	if (res->host_lock < 0)
		return error_errno(err, res->host_lock, "locking %s", path);
	if (ftruncate(res->host_lock, 0) ||
	    dprintf(res->host_lock, "process %d, run %s\n", (int)getpid(), run_id) < 0)
		return error_errno(err, -errno, "writing %s", path);
	return 0;
}

/* One line, on disk when this returns. */
static int append(struct resources *res, json_t *line)
{
	cleanup_free char *text = line ? json_dumps(line, JSON_COMPACT) : NULL;

	json_decref(line);
	if (!text)
		return -ENOMEM;
	if (dprintf(res->fd, "%s\n", text) < 0 || fdatasync(res->fd))
		return -errno;
	return 0;
}

static int sync_directory(const char *path)
{
	cleanup_close int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 || fsync(fd) ? -errno : 0;
}

static int open_journal(struct resources *res, const char *run_id, struct error *err)
{
	char boot[64];
	int rc;

	if (asprintf(&res->path, "%s/%s.jsonl", res->registry, run_id) < 0)
		return error_errno(err, -ENOMEM, "opening the journal of resources");
	res->fd = open_locked(res->path, O_RDWR | O_CREAT | O_EXCL | O_APPEND);
	if (res->fd < 0)
		return error_errno(err, res->fd, "creating %s", res->path);
	file_line(BOOT_ID, boot, sizeof(boot));
	rc = append(res, json_pack("{s:s, s:i, s:s}", "run", run_id, "pid", (int)getpid(), "boot",
				   boot));
	if (!rc)
		rc = sync_directory(res->registry);
	return rc ? error_errno(err, rc, "writing %s", res->path) : 0;
}

int resources_open(const char *run_id, struct resources **res, struct error *err)
{
	struct resources *made = calloc(1, sizeof(*made));
	int rc;

	*res = NULL;
	if (!made)
		return error_errno(err, -ENOMEM, "opening the journal of resources");
	pthread_mutex_init(&made->mutex, NULL);
	made->fd = made->host_lock = -1;
	rc = registry_path(&made->registry, err);
	if (!rc)
		rc = make_directories(made->registry, err);
	if (!rc)
		rc = take_host_lock(made, run_id, err);
	if (!rc)
		rc = open_journal(made, run_id, err);
	if (rc)
		resources_close(made);
	else
		*res = made;
	return rc;
}

void resources_close(struct resources *res)
{
	cleanup_free char *lock = NULL;

	if (!res)
		return;
	if (res->fd >= 0) {
		if (!res->standing.count)
			unlink(res->path);
		close(res->fd);
	}
	if (res->host_lock >= 0) {
		if (asprintf(&lock, "%s/lock", res->registry) >= 0)
			unlink(lock);
		close(res->host_lock);
		rmdir(res->registry); /* stays as long as a journal is in it */
	}
	entries_finish(&res->standing);
	pthread_mutex_destroy(&res->mutex);
	free(res->registry);
	free(res->path);
	free(res);
}

int resources_add(struct resources *res, enum resource_kind kind, const char *name,
		  struct error *err)
{
	int rc;

	pthread_mutex_lock(&res->mutex);
	rc = append(res, json_pack("{s:s, s:s}", "add", kinds[kind], "name", name));
	if (!rc)
		rc = entries_add(&res->standing, kind, name);
	pthread_mutex_unlock(&res->mutex);
	return rc ? error_errno(err, rc, "entering %s %s in %s", kinds[kind], name, res->path) : 0;
}

void resources_drop(struct resources *res, enum resource_kind kind, const char *name)
{
	pthread_mutex_lock(&res->mutex);
	/* A lost line is harmless: removing what is gone is no error. */
	if (entries_drop(&res->standing, kind, name))
		append(res, json_pack("{s:s, s:s}", "drop", kinds[kind], "name", name));
	pthread_mutex_unlock(&res->mutex);
}

int resources_add_process(struct resources *res, pid_t pid, struct error *err)
{
	uint64_t start_time = process_start_time(pid);
	char name[64];

	if (!start_time)
		return error_errno(err, -ESRCH, "process %d", (int)pid);
	snprintf(name, sizeof(name), "%d:%llu", (int)pid, (unsigned long long)start_time);
	return resources_add(res, RESOURCE_PROCESS, name, err);
}

static bool names_process(const struct entry *entry, pid_t pid)
{
	return entry->kind == RESOURCE_PROCESS && atoi(entry->name) == (int)pid;
}

void resources_drop_process(struct resources *res, pid_t pid)
{
	char name[64] = "";

	pthread_mutex_lock(&res->mutex);
	for (size_t i = res->standing.count; i-- > 0 && !*name;)
		if (names_process(&res->standing.list[i], pid))
			snprintf(name, sizeof(name), "%s", res->standing.list[i].name);
	pthread_mutex_unlock(&res->mutex);
	if (*name)
		resources_drop(res, RESOURCE_PROCESS, name);
}

int resources_remove_all(struct resources *res, struct error *err)
{
	struct error first = {0}, one;

	pthread_mutex_lock(&res->mutex);
	for (size_t i = res->standing.count; i-- > 0;) {
		struct entry *entry = &res->standing.list[i];

		if (resource_remove(entry->kind, entry->name, &one)) {
			if (!first.code)
				first = one;
			continue;
		}
		append(res,
		       json_pack("{s:s, s:s}", "drop", kinds[entry->kind], "name", entry->name));
		entries_drop(&res->standing, entry->kind, entry->name);
	}
	pthread_mutex_unlock(&res->mutex);
	if (first.code && err)
		*err = first;
	return first.code;
}

/* ---- what dead runs left ---- */

/* A garbled line (cut by a crash) says nothing that was made: it is written before the making. */
static void replay_line(const char *text, struct entries *entries, char boot[64])
{
	cleanup_json json_t *line = json_loads(text, 0, NULL);
	const char *name = json_string_value(json_object_get(line, "name"));
	const char *add = json_string_value(json_object_get(line, "add"));
	const char *drop = json_string_value(json_object_get(line, "drop"));
	const char *booted = json_string_value(json_object_get(line, "boot"));

	if (booted)
		snprintf(boot, 64, "%s", booted);
	for (int kind = 0; kind < KIND_COUNT && name; kind++) {
		if (add && !strcmp(add, kinds[kind]))
			entries_add(entries, kind, name);
		if (drop && !strcmp(drop, kinds[kind]))
			entries_drop(entries, kind, name);
	}
}

/* A reboot removed these by itself, and their names may mean something else now. */
static bool gone_with_boot(enum resource_kind kind)
{
	return kind != RESOURCE_DIRECTORY && kind != RESOURCE_FILE && kind != RESOURCE_DOMAIN;
}

static int replay(const char *path, struct entries *entries, struct error *err)
{
	cleanup_free char *text = NULL;
	char boot[64] = "", now[64], *rest;
	int rc = file_read(path, JOURNAL_LIMIT, &text, NULL, err);

	if (rc)
		return rc;
	rest = text;
	for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n"))
		replay_line(line, entries, boot);
	file_line(BOOT_ID, now, sizeof(now));
	if (!strcmp(boot, now))
		return 0;
	for (size_t i = entries->count; i-- > 0;)
		if (gone_with_boot(entries->list[i].kind))
			entries_drop(entries, entries->list[i].kind, entries->list[i].name);
	return 0;
}

static int remove_entries(const struct entries *entries, bool dry_run, FILE *log, int *removed,
			  struct error *err)
{
	struct error one;
	int rc = 0;

	for (size_t i = entries->count; i-- > 0;) {
		const struct entry *entry = &entries->list[i];
		int failed = dry_run ? 0 : resource_remove(entry->kind, entry->name, &one);

		if (failed && !rc) {
			rc = failed;
			if (err)
				*err = one;
		}
		*removed += !failed;
		if (!log)
			continue;
		fprintf(log, "%s %s %s%s%s\n",
			failed    ? "failed"
			: dry_run ? "would remove"
				  : "removed",
			kinds[entry->kind], entry->name, failed ? ": " : "",
			failed ? one.message : "");
	}
	return rc;
}

static int clean_journal(const char *path, bool dry_run, FILE *log, int *removed, struct error *err)
{
	cleanup_close int fd = open_locked(path, O_RDWR);
	struct entries entries = {0};
	int rc;

	if (fd < 0) /* its run lives, or has just removed it */
		return fd == -EBUSY || fd == -ENOENT ? 0 : error_errno(err, fd, "opening %s", path);
	rc = replay(path, &entries, err);
	if (!rc)
		rc = remove_entries(&entries, dry_run, log, removed, err);
	entries_finish(&entries);
	if (!rc && !dry_run)
		unlink(path);
	return rc;
}

static bool is_journal(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot && !strcmp(dot, ".jsonl");
}

/* The lock file of a dead run holds nothing: whoever gets the lock may remove it. */
static void remove_registry(const char *registry)
{
	cleanup_free char *lock = NULL;
	cleanup_close int fd = -1;

	if (asprintf(&lock, "%s/lock", registry) < 0)
		return;
	fd = open_locked(lock, O_RDWR);
	if (fd >= 0)
		unlink(lock);
	rmdir(registry);
}

int resources_clean_dead(bool dry_run, FILE *log, int *removed, struct error *err)
{
	cleanup_free char *registry = NULL;
	cleanup_dir DIR *dir = NULL;
	int rc = registry_path(&registry, err);

	*removed = 0;
	if (rc)
		return rc;
	dir = opendir(registry);
	if (!dir)
		return errno == ENOENT ? 0 : error_errno(err, -errno, "opening %s", registry);
	for (struct dirent *file; (file = readdir(dir));) {
		cleanup_free char *path = NULL;
		struct error one = {0};

		if (!is_journal(file->d_name) ||
		    asprintf(&path, "%s/%s", registry, file->d_name) < 0)
			continue;
		if (clean_journal(path, dry_run, log, removed, &one) && !rc) {
			rc = one.code;
			if (err)
				*err = one;
		}
	}
	if (!dry_run)
		remove_registry(registry);
	return rc;
}
