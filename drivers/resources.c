/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The journal: one file per run, one JSON object per line. The first identifies the owner,
 * {"run":..,"pid":..,"boot":..}; the others are {"add":KIND,"name":..}, {"drop":KIND,"name":..}, or
 * {"made":NAME,"inode":N} for a directory. resources_remove.c removes each kind, resources_clean.c
 * what crashed runs left. */
#include "drivers/resources.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drivers/process.h"
#include "drivers/resources_private.h"
#include "drivers/resources_remove.h"
#include "base/cleanup.h"
#include "base/file.h"

struct resources {
	pthread_mutex_t mutex;
	char *registry, *path; /* the directory, the file in it */
	int fd, host_lock;
	struct entries standing;
};

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
				 "another run is in progress (%s), and two would disturb each "
				 "other; wait for it or stop it",
				 *holder ? holder : "just started");
	}
	if (res->host_lock < 0)
		return error_errno(err, res->host_lock, "locking %s", path);
	if (ftruncate(res->host_lock, 0) ||
	    dprintf(res->host_lock, "process %d, run %s\n", (int)getpid(), run_id) < 0)
		return error_errno(err, -errno, "writing %s", path);
	return 0;
}

/* Writes one line, which is on disk when this returns. */
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
	rc = rc ?: file_sync_directory(res->registry);
	return rc ? error_errno(err, rc, "writing %s", res->path) : 0;
}

bool run_id_valid(const char *run_id)
{
	return isalnum((unsigned char)run_id[0]) &&
	       !run_id[strspn(run_id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789.-_")];
}

int resources_open(const char *run_id, struct resources **res, struct error *err)
{
	struct resources *made = NULL;
	int rc;

	*res = NULL;
	if (!run_id_valid(run_id))
		return error_set(err, -EINVAL, "invalid run id '%.64s'", run_id);
	made = calloc(1, sizeof(*made));
	if (!made)
		return error_errno(err, -ENOMEM, "opening the journal of resources");
	pthread_mutex_init(&made->mutex, NULL);
	made->fd = made->host_lock = -1;
	rc = registry_path(&made->registry, err);
	rc = rc ?: make_directories(made->registry, err);
	rc = rc ?: registry_check(made->registry, err);
	rc = rc ?: take_host_lock(made, run_id, err);
	rc = rc ?: open_journal(made, run_id, err);
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
		rmdir(res->registry); /* stays as long as it contains a journal */
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
	rc = append(res, json_pack("{s:s, s:s}", "add", resource_kinds[kind], "name", name));
	rc = rc ?: entries_add(&res->standing, kind, name);
	pthread_mutex_unlock(&res->mutex);
	return rc ? error_errno(err, rc, "entering %s %s in %s", resource_kinds[kind], name,
				res->path)
		  : 0;
}

void resources_drop(struct resources *res, enum resource_kind kind, const char *name)
{
	pthread_mutex_lock(&res->mutex);
	/* A lost line is harmless: removing what is gone is no error. */
	if (entries_drop(&res->standing, kind, name))
		append(res, json_pack("{s:s, s:s}", "drop", resource_kinds[kind], "name", name));
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

int resources_made(struct resources *res, const char *name, int fd, struct error *err)
{
	struct entry *entry;
	struct stat st;
	int rc;

	if (fstat(fd, &st))
		return error_errno(err, -errno, "%s", name);
	pthread_mutex_lock(&res->mutex);
	rc = append(res, json_pack("{s:s, s:I}", "made", name, "inode", (json_int_t)st.st_ino));
	entry = entries_find(&res->standing, RESOURCE_DIRECTORY, name);
	if (entry)
		entry->inode = st.st_ino;
	pthread_mutex_unlock(&res->mutex);
	return rc ? error_errno(err, rc, "entering the directory %s in %s", name, res->path) : 0;
}

int resources_make_directory(struct resources *res, const struct directory *parent,
			     const char *name, mode_t mode, struct directory *made,
			     struct error *err)
{
	cleanup_free char *path = NULL;
	int rc;

	if (asprintf(&path, "%s/%s", parent->path, name) < 0) {
		path = NULL;
		return error_errno(err, -ENOMEM, "creating %s/%s", parent->path, name);
	}
	rc = resources_add(res, RESOURCE_DIRECTORY, path, err);
	if (rc)
		return rc;
	rc = directory_make(parent, name, mode, made, err);
	if (!rc)
		return resources_made(res, path, made->fd, err);
	resources_drop(res, RESOURCE_DIRECTORY, path);
	return rc != -EEXIST
		       ? rc
		       : error_prefix(err,
				      "not removing what exists there, which is not this run's");
}

/* Without the lock, because a large directory takes long: others may add and drop meanwhile. */
int resources_remove(struct resources *res, enum resource_kind kind, const char *name,
		     struct error *err)
{
	struct entry *entry;
	uint64_t inode;
	int rc;

	pthread_mutex_lock(&res->mutex);
	entry = entries_find(&res->standing, kind, name);
	inode = entry ? entry->inode : 0;
	pthread_mutex_unlock(&res->mutex);
	rc = resource_remove_inode(kind, name, inode, err);
	if (!rc)
		resources_drop(res, kind, name);
	return rc;
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

		if (resource_remove_inode(entry->kind, entry->name, entry->inode, &one)) {
			if (!first.code)
				first = one;
			continue;
		}
		append(res, json_pack("{s:s, s:s}", "drop", resource_kinds[entry->kind], "name",
				      entry->name));
		entries_drop(&res->standing, entry->kind, entry->name);
	}
	pthread_mutex_unlock(&res->mutex);
	if (first.code && err)
		*err = first;
	return first.code;
}
