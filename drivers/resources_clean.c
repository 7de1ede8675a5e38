/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the journals of dead runs and removes what is in them. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "drivers/resources_private.h"
#include "drivers/resources_remove.h"
#include "base/cleanup.h"
#include "base/file.h"

#define JOURNAL_LIMIT (64u << 20)

/* A truncated line (after a crash) can be ignored: nothing has been created for it yet. */
static void replay_line(const char *text, struct entries *entries, char boot[64])
{
	cleanup_json json_t *line = json_loads(text, 0, NULL);
	const char *name = json_string_value(json_object_get(line, "name"));
	const char *add = json_string_value(json_object_get(line, "add"));
	const char *drop = json_string_value(json_object_get(line, "drop"));
	const char *made = json_string_value(json_object_get(line, "made"));
	const char *booted = json_string_value(json_object_get(line, "boot"));
	struct entry *directory = made ? entries_find(entries, RESOURCE_DIRECTORY, made) : NULL;

	if (booted)
		snprintf(boot, 64, "%s", booted);
	if (directory)
		directory->inode = (uint64_t)json_integer_value(json_object_get(line, "inode"));
	for (int kind = 0; kind < (int)RESOURCE_KIND_COUNT && name; kind++) {
		if (add && !strcmp(add, resource_kinds[kind]))
			entries_add(entries, kind, name);
		if (drop && !strcmp(drop, resource_kinds[kind]))
			entries_drop(entries, kind, name);
	}
}

/* A reboot has removed these, and their names may mean something else now. */
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
		int failed = dry_run ? 0
				     : resource_remove_inode(entry->kind, entry->name, entry->inode,
							     &one);

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
			resource_kinds[entry->kind], entry->name, failed ? ": " : "",
			failed ? one.message : "");
	}
	return rc;
}

static int clean_journal(const char *path, bool dry_run, FILE *log, int *removed, struct error *err)
{
	cleanup_close int fd = open_locked(path, O_RDWR);
	struct entries entries = {0};
	int rc;

	if (fd < 0) /* its run is alive, or has just removed it */
		return fd == -EBUSY || fd == -ENOENT ? 0 : error_errno(err, fd, "opening %s", path);
	rc = replay(path, &entries, err);
	rc = rc ?: remove_entries(&entries, dry_run, log, removed, err);
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

/* The lock file has no contents: whoever gets the lock may remove it. */
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
	rc = rc ?: registry_check(registry, err);
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
