/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "workloads/closed_loop.h"

struct state {
	int fd;
	char *path, *record;
	size_t size;
	uint64_t limit;          /* records at which the log is truncated */
	uint64_t records, first; /* in the file; the number of the first of them */
	uint64_t written;        /* ever */
};

static int prepare(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;

	s->fd = -1;
	s->size = (size_t)trial_integer(trial, "size");
	s->limit = (uint64_t)trial_integer(trial, "limit") / s->size;
	s->record = malloc(s->size);
	if (!s->record || asprintf(&s->path, "%s/tare-disk.fsync", trial->scratch) < 0)
		return error_set(err, -ENOMEM, "no memory for disk.fsync");
	memset(s->record, 'r', s->size);
	s->fd = open(s->path, O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
	return s->fd < 0 ? error_errno(err, -errno, "creating %s", s->path) : 0;
}

static int append(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;
	ssize_t n;

	if (s->records == s->limit) {
		if (ftruncate(s->fd, 0))
			return error_errno(err, -errno, "truncating %s", s->path);
		s->records = 0;
		s->first = s->written;
	}
	memcpy(s->record, &s->written, sizeof(s->written));
	n = write(s->fd, s->record, s->size);
	if (n != (ssize_t)s->size || fdatasync(s->fd))
		return error_errno(err, errno ? -errno : -ENOSPC, "appending to %s", s->path);
	s->written++;
	s->records++;
	return 0;
}

static int run(struct trial *trial, struct error *err)
{
	return closed_loop(trial, append, err);
}

/* The log must contain its records in order, on the disk and not only in the cache. */
static int verify(struct trial *trial, struct error *err)
{
	const struct state *s = trial->state;
	uint64_t step = s->records / 64 + 1, number;

	posix_fadvise(s->fd, 0, 0, POSIX_FADV_DONTNEED);
	if (lseek(s->fd, 0, SEEK_END) != (off_t)(s->records * s->size))
		return error_set(err, -EIO, "%s is shorter than %llu records", s->path,
				 (unsigned long long)s->records);
	for (uint64_t i = 0; i < s->records; i += step) {
		ssize_t n = pread(s->fd, s->record, s->size, (off_t)(i * s->size));

		memcpy(&number, s->record, sizeof(number));
		if (n != (ssize_t)s->size || number != s->first + i ||
		    memchr(s->record + sizeof(number), 0, s->size - sizeof(number)))
			return error_set(err, -EIO, "record %llu of %s is wrong",
					 (unsigned long long)i, s->path);
	}
	return 0;
}

static void cleanup(struct trial *trial)
{
	struct state *s = trial->state;

	if (s->fd >= 0) {
		close(s->fd);
		unlink(s->path);
	}
	free(s->path);
	free(s->record);
}

const struct workload disk_fsync = {
	.name = "disk.fsync",
	.version = 1,
	.panel = PANEL_DISK,
	.summary = "append a record and make it durable, like a write-ahead log",
	.operation = "one record appended and synced",
	.stands_for = "the log of a database; fio with fdatasync=1",
	.metrics =
		(const struct metric[]){
			RATE("throughput", "records/s"),
			LATENCY,
			{0},
		},
	.parameters =
		(const struct parameter[]){
			{"size", "size of a record", PARAMETER_SIZE, .fallback = 4096, .low = 16,
			 .high = 1 << 20},
			{"limit", "size at which the log is truncated", PARAMETER_SIZE,
			 .fallback = 64 << 20, .low = 1 << 20, .high = 1 << 30},
			{0},
		},
	.needs = {.cpus = 1, .scratch_parameter = "limit"},
	.state_bytes = sizeof(struct state),
	.prepare = prepare,
	.run = run,
	.verify = verify,
	.cleanup = cleanup,
};
