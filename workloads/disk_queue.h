/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several transfers of one file in flight, with io_uring or Linux AIO. */
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

/* `engine`: "io_uring" or "aio". -ENOSYS or -EPERM if this environment does not allow it. */
int disk_queue_create(const char *engine, int depth, struct disk_queue **queue, struct error *err);
/* NULL is legal. Nothing may be in flight. */
void disk_queue_destroy(struct disk_queue *queue);

/* Queues a transfer for `slot` (0 to depth - 1, not in flight); disk_queue_submit starts it at the
 * latest. */
void disk_queue_add(struct disk_queue *queue, int slot, int fd, bool write, void *buffer,
		    size_t length, uint64_t offset);
/* Submits queued transfers. disk_queue_wait retries and reports failures. */
void disk_queue_submit(struct disk_queue *queue);
/* Likewise, then waits for at least one completion. Returns the number of completions or a negative
 * errno. `completions` has room for the depth. */
int disk_queue_wait(struct disk_queue *queue, struct disk_completion *completions);
