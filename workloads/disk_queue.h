/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several transfers of one file in flight at once, by io_uring or Linux's own AIO. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define DISK_DEPTH_MAX 256

struct disk_completion {
	int slot;
	long result; /* bytes, or a negative errno */
};

struct disk_queue;

/* `engine`: "io_uring" or "aio". -ENOSYS or -EPERM where this environment refuses it. */
int disk_queue_create(const char *engine, int depth, struct disk_queue **queue, struct error *err);
/* NULL is legal. Nothing may be in flight. */
void disk_queue_destroy(struct disk_queue *queue);

/* Queues a transfer for `slot` (0 to depth - 1, not in flight); it starts with disk_queue_submit at
 * the latest. */
void disk_queue_add(struct disk_queue *queue, int slot, int fd, bool write, void *buffer,
		    size_t length, uint64_t offset);
/* Submits what was queued. What fails here is retried, and reported, by disk_queue_wait. */
void disk_queue_submit(struct disk_queue *queue);
/* The same, then waits for at least one completion. Returns their number or a negative errno.
 * `completions` has room for the depth. */
int disk_queue_wait(struct disk_queue *queue, struct disk_completion *completions);
