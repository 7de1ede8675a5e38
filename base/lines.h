/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One JSON object per line over any byte stream: pipe, socket, virtio-serial. Both sides of the
 * agent protocol use it. Neither side trusts the other: a line is at most LINE_MAX_BYTES long,
 * every wait has a limit. */
#pragma once

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
	char *buffer; /* data read but not yet returned */
	size_t used, size;
	size_t scanned; /* bytes known to contain no newline */
};

void lines_init(struct lines *lines, int in, int out);
/* Frees the buffer; closes nothing. */
void lines_finish(struct lines *lines);

/* Reads one line and parses it into an object that the caller owns. `timeout_ms` < 0 waits forever
 * (agents only). Errors: -ETIMEDOUT, -EPIPE at the end of the stream, -EMSGSIZE, -EBADMSG if it is
 * not one JSON object, or the errno of read. */
int lines_read(struct lines *lines, int timeout_ms, json_t **message, struct error *err);

/* Writes all of `message` (the caller keeps its reference) and a newline within `timeout_ms`, or
 * fails. */
int lines_write(struct lines *lines, json_t *message, int timeout_ms, struct error *err);
