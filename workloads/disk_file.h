/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scratch file of the disk workloads: preallocated and filled with stamped blocks. Each
 * 512-byte sector begins with the number of its block and the count of that block's writes, so that
 * a read of the wrong place, a lost write, a torn block and a stale cache are all detected. The
 * rest is noise, which no layer can compress or treat as zeros. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "workloads/workload.h"

#define DISK_ALIGNMENT 4096

struct disk_file {
	int fd;
	char *path;
	uint64_t size, blocks; /* bytes; whole blocks in them */
	size_t block;          /* bytes, a multiple of 512 */
	bool direct;
	uint32_t *writes; /* of each block, including one in progress */
};

/* Creates the file in the trial's scratch directory. `direct`: with O_DIRECT; -EINVAL if the file
 * system does not support it. -ENOSPC with the sizes. */
int disk_file_create(const struct trial *trial, uint64_t size, size_t block, bool direct,
		     struct disk_file **file, struct error *err);
/* Closes and removes it. NULL is legal. */
void disk_file_destroy(struct disk_file *file);

/* `length` bytes aligned for O_DIRECT, filled with noise; free() it. NULL: no memory. */
void *disk_buffer(size_t length);

void disk_stamp(const struct disk_file *file, void *buffer, uint64_t block, uint32_t writes);
/* -EIO unless every sector of `buffer` is of `block` and of a write from `low` to `high`. */
int disk_check(const struct disk_file *file, const void *buffer, uint64_t block, uint32_t low,
	       uint32_t high, struct error *err);

/* Transfers the whole block, or returns a negative errno; a short transfer is -EIO. */
int disk_read(const struct disk_file *file, void *buffer, uint64_t block, struct error *err);
int disk_write(const struct disk_file *file, const void *buffer, uint64_t block, struct error *err);

/* Notes the number of transferred blocks in the trial: the harness compares it with the bytes that
 * reached the device, so that a cache is not mistaken for a disk. */
void disk_file_claim(struct trial *trial, const struct disk_file *file, double reads,
		     double writes);

/* Reads back up to `count` random blocks and checks that each contains its last write. */
int disk_file_verify(const struct disk_file *file, uint64_t seed, int count, struct error *err);
/* Writes the file back and drops it from the page cache. */
int disk_file_uncache(const struct disk_file *file, struct error *err);
