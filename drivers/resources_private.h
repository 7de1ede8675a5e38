/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What resources.c (a run's own journal) and resources_clean.c (those of dead runs) share. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drivers/resources.h"

#define BOOT_ID "/proc/sys/kernel/random/boot_id"
#define RESOURCE_KIND_COUNT (RESOURCE_CONTAINER + 1)

extern const char *const resource_kinds[RESOURCE_KIND_COUNT]; /* as the journal names them */

struct entry {
	enum resource_kind kind;
	char *name;
	uint64_t inode; /* of a directory; 0: not known, or no directory */
};

/* What stands in a journal, oldest first. */
struct entries {
	struct entry *list;
	size_t count, size;
};

int entries_add(struct entries *entries, enum resource_kind kind, const char *name);
/* The newest of that name; NULL: there is none. */
struct entry *entries_find(struct entries *entries, enum resource_kind kind, const char *name);
/* The newest of that name; false: there is none. */
bool entries_drop(struct entries *entries, enum resource_kind kind, const char *name);
void entries_finish(struct entries *entries);

/* The directory of all journals; the caller frees. */
int registry_path(char **path, struct error *err);

/* What stands in a registry is removed, and ended, by root: so only root may write to it. 0 too
 * where it is not there. */
int registry_check(const char *path, struct error *err);

/* Opens and locks a file; -EBUSY where another holds it. Makes sure that the locked file is still
 * the one of that name: its owner may have removed it in between. */
int open_locked(const char *path, int flags);
