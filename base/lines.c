/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/lines.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/border.h"
#include "base/cleanup.h"
#include "base/clock.h"

void lines_init(struct lines *lines, int in, int out)
{
	*lines = (struct lines){.in = in, .out = out};
}

void lines_finish(struct lines *lines)
{
	free(lines->buffer);
	*lines = (struct lines){.in = -1, .out = -1};
}

static uint64_t deadline_of(int timeout_ms)
{
	return timeout_ms < 0 ? UINT64_MAX : clock_now() + (uint64_t)timeout_ms * NSEC_PER_MSEC;
}

static int wait_for(int fd, short events, uint64_t deadline)
{
	for (;;) {
		struct pollfd pfd = {.fd = fd, .events = events};
		uint64_t now = clock_now();
		int ms = -1, n;

		if (deadline != UINT64_MAX)
			ms = now >= deadline ? 0 : (int)((deadline - now) / NSEC_PER_MSEC) + 1;
		n = poll(&pfd, 1, ms);
		if (n > 0)
			return 0;
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n == 0)
			return -ETIMEDOUT;
	}
}

static int grow(struct lines *lines)
{
	size_t size = lines->size ? lines->size * 2 : 4096;
	char *buffer;

	if (size > LINE_MAX_BYTES)
		return -EMSGSIZE;
	buffer = realloc(lines->buffer, size);
	if (!buffer)
		return -ENOMEM;
	lines->buffer = buffer;
	lines->size = size;
	return 0;
}

/* Reads until the buffer holds a newline; *length is that of the line without it. */
static int fill(struct lines *lines, uint64_t deadline, size_t *length)
{
	bool wait = deadline != UINT64_MAX;

	for (;;) {
		const char *end = NULL;
		ssize_t n;
		int rc;

		if (lines->used > lines->scanned)
			end = memchr(lines->buffer + lines->scanned, '\n',
				     lines->used - lines->scanned);
		if (end) {
			*length = (size_t)(end - lines->buffer);
			return 0;
		}
		lines->scanned = lines->used;
		if (lines->used == lines->size && (rc = grow(lines)))
			return rc;
		/* without a deadline the read itself may block, which saves a system call */
		rc = wait ? wait_for(lines->in, POLLIN, deadline) : 0;
		if (rc)
			return rc;
		n = read(lines->in, lines->buffer + lines->used, lines->size - lines->used);
		if (n == 0)
			return -EPIPE;
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return -errno;
		wait = wait || n < 0;
		if (n > 0)
			lines->used += (size_t)n;
	}
}

static void drop(struct lines *lines, size_t length)
{
	lines->used -= length;
	lines->scanned = 0;
	memmove(lines->buffer, lines->buffer + length, lines->used);
}

int lines_read(struct lines *lines, int timeout_ms, json_t **message, struct error *err)
{
	json_error_t why;
	size_t length = 0;
	int rc;

	*message = NULL;
	rc = fill(lines, deadline_of(timeout_ms), &length);
	switch (rc) {
	case 0:
		break;
	case -ETIMEDOUT:
		return error_set(err, rc, "no answer within %d ms", timeout_ms);
	case -EPIPE:
		return error_set(err, rc, "the stream was closed");
	case -EMSGSIZE:
		return error_set(err, rc, "a line longer than %u bytes", LINE_MAX_BYTES);
	default:
		return error_errno(err, rc, "reading a line");
	}
	if (!border_json_within(lines->buffer, length, LINE_VALUES_MOST)) {
		drop(lines, length + 1);
		return error_set(err, -EMSGSIZE, "a line with more than %d values",
				 LINE_VALUES_MOST);
	}
	*message = json_loadb(lines->buffer, length, JSON_REJECT_DUPLICATES, &why);
	drop(lines, length + 1);
	if (json_is_object(*message))
		return 0;
	json_decref(*message);
	*message = NULL;
	return error_set(err, -EBADMSG, "not a JSON object: %s", why.text);
}

int lines_write(struct lines *lines, json_t *message, int timeout_ms, struct error *err)
{
	cleanup_free char *text = json_dumps(message, JSON_COMPACT);
	uint64_t deadline = deadline_of(timeout_ms);
	size_t length, done = 0;

	if (!text)
		return error_set(err, -ENOMEM, "cannot encode the message as JSON");
	length = strlen(text);
	text[length++] = '\n'; /* replaces the NUL: nothing reads it as a string */
	while (done < length) {
		ssize_t n;
		int rc = wait_for(lines->out, POLLOUT, deadline);

		if (rc)
			return error_errno(err, rc, "writing a line");
		n = write(lines->out, text + done, length - done);
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return error_errno(err, -errno, "writing a line");
		if (n > 0)
			done += (size_t)n;
	}
	return 0;
}
