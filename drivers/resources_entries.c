/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/resources_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

const char *const resource_kinds[RESOURCE_KIND_COUNT] = {
	[RESOURCE_DIRECTORY] = "directory", [RESOURCE_FILE] = "file",
	[RESOURCE_MOUNT] = "mount",         [RESOURCE_CGROUP] = "cgroup",
	[RESOURCE_NETNS] = "netns",         [RESOURCE_LINK] = "link",
	[RESOURCE_PROCESS] = "process",     [RESOURCE_DOMAIN] = "domain",
	[RESOURCE_CONTAINER] = "container",
};

void entries_finish(struct entries *entries)
{
	for (size_t i = 0; i < entries->count; i++)
		free(entries->list[i].name);
	free(entries->list);
}

int entries_add(struct entries *entries, enum resource_kind kind, const char *name)
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

struct entry *entries_find(struct entries *entries, enum resource_kind kind, const char *name)
{
	for (size_t i = entries->count; i-- > 0;) {
		struct entry *entry = &entries->list[i];

		if (entry->kind == kind && !strcmp(entry->name, name))
			return entry;
	}
	return NULL;
}

bool entries_drop(struct entries *entries, enum resource_kind kind, const char *name)
{
	struct entry *entry = entries_find(entries, kind, name);

	if (!entry)
		return false;
	free(entry->name);
	entries->count--;
	memmove(entry, entry + 1,
		(size_t)(entries->list + entries->count - entry) * sizeof(*entry));
	return true;
}

int registry_path(char **path, struct error *err)
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

int registry_check(const char *path, struct error *err)
{
	struct stat st;

	if (geteuid() != 0 || stat(path, &st))
		return 0;
	if (st.st_uid == 0 && !(st.st_mode & 022))
		return 0;
	return error_set(err, -EACCES,
			 "others can write to the registry %s, so root does not use it; name "
			 "another in TARE_STATE",
			 path);
}

int open_locked(const char *path, int flags)
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
