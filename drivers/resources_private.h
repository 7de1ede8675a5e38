/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by resources.c (a run's own journal) and resources_clean.c (those of dead runs). */
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
	uint64_t inode; /* of a directory; 0: unknown, or not a directory */
};

/* The entries of a journal, oldest first. */
struct entries {
	struct entry *list;
	size_t count, size;
};

int entries_add(struct entries *entries, enum resource_kind kind, const char *name);
/* The newest entry with that name; NULL: there is none. */
struct entry *entries_find(struct entries *entries, enum resource_kind kind, const char *name);
/* The newest entry with that name; false: there is none. */
bool entries_drop(struct entries *entries, enum resource_kind kind, const char *name);
void entries_finish(struct entries *entries);

/* The directory of all journals; the caller frees. */
int registry_path(char **path, struct error *err);

/* Root removes and kills what a registry lists, so only root may be able to write to it. 0 also if
 * it does not exist. */
int registry_check(const char *path, struct error *err);

/* Opens and locks a file; -EBUSY if another process holds the lock. Makes sure that the locked file
 * still has that name: its owner may have removed it in between. */
int open_locked(const char *path, int flags);
