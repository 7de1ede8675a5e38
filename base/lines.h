/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One JSON object a line over any byte stream: pipe, socket, virtio-serial.
 * Used by both sides of the agent protocol. Neither side trusts the other:
 * a line is at most LINE_MAX_BYTES long, every wait has a limit.
 */
#ifndef TARE_LINES_H
#define TARE_LINES_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define LINE_MAX_BYTES (4u << 20)
/* JSON values: the largest histogram has 13,000, and each takes 30 to 100 bytes once it is parsed.
 */
#define LINE_VALUES_MOST 150000

struct lines {
	int in, out;  /* not owned; may be the same descriptor */
	char *buffer; /* what was read and not yet handed out */
	size_t used, size;
	size_t scanned; /* bytes of it known to hold no newline */
};

void lines_init(struct lines *lines, int in, int out);
/* Frees the buffer; closes nothing. */
void lines_finish(struct lines *lines);

/*
 * Reads one line and parses it to an object that the caller owns. `timeout_ms`
 * < 0 waits for ever (agents only). Errors: -ETIMEDOUT, -EPIPE at the end of
 * the stream, -EMSGSIZE, -EBADMSG for what is not one JSON object, or the
 * errno of read.
 */
int lines_read(struct lines *lines, int timeout_ms, json_t **message, struct error *err);

/* Writes `message` (reference kept by the caller) and a newline, whole or not at all
 * within `timeout_ms`. */
int lines_write(struct lines *lines, json_t *message, int timeout_ms, struct error *err);

#endif
