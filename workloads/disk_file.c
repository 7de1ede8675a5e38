/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workloads/disk_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "workloads/random.h"

#define SECTOR 512
#define PREFETCH_SECTORS 16
#define FILL_BYTES (1u << 20)

struct stamp {
	uint64_t block;
	uint32_t writes, sector;
};

void *disk_buffer(size_t length)
{
	struct random_state random = random_seeded(length);
	void *buffer;
	uint64_t *word;

	if (posix_memalign(&buffer, DISK_ALIGNMENT, length))
		return NULL;
	word = buffer;
	for (size_t i = 0; i < length / sizeof(*word); i++)
		word[i] = random_next(&random);
	return buffer;
}

void disk_stamp(const struct disk_file *file, void *buffer, uint64_t block, uint32_t writes)
{
	for (size_t i = 0; i < file->block / SECTOR; i++) {
		struct stamp stamp = {.block = block, .writes = writes, .sector = (uint32_t)i};

		memcpy((char *)buffer + i * SECTOR, &stamp, sizeof(stamp));
	}
}

int disk_check(const struct disk_file *file, const void *buffer, uint64_t block, uint32_t low,
	       uint32_t high, struct error *err)
{
	for (size_t i = 0; i < file->block / SECTOR; i++) {
		const char *sector = (const char *)buffer + i * SECTOR;
		struct stamp stamp;

		/* the disk has just written it: each sector misses all caches */
		__builtin_prefetch(sector + PREFETCH_SECTORS * SECTOR);
		memcpy(&stamp, sector, sizeof(stamp));
		if (stamp.block == block && stamp.sector == i && stamp.writes - low <= high - low)
			continue;
		return error_set(err, -EIO,
				 "block %llu is wrong: its sector %zu contains sector %u of block "
				 "%llu, write %u, but should be from writes %u to %u",
				 (unsigned long long)block, i, stamp.sector,
				 (unsigned long long)stamp.block, stamp.writes, low, high);
	}
	return 0;
}

static int transferred(const struct disk_file *file, ssize_t n, const char *what, uint64_t block,
		       struct error *err)
{
	if (n == (ssize_t)file->block)
		return 0;
	if (n < 0)
		return error_errno(err, -errno, "%s block %llu of %s", what,
				   (unsigned long long)block, file->path);
	return error_set(err, -EIO, "%s block %llu of %s: %zd of %zu bytes", what,
			 (unsigned long long)block, file->path, n, file->block);
}

int disk_read(const struct disk_file *file, void *buffer, uint64_t block, struct error *err)
{
	ssize_t n = pread(file->fd, buffer, file->block, (off_t)(block * file->block));

	return transferred(file, n, "reading", block, err);
}

int disk_write(const struct disk_file *file, const void *buffer, uint64_t block, struct error *err)
{
	ssize_t n = pwrite(file->fd, buffer, file->block, (off_t)(block * file->block));

	return transferred(file, n, "writing", block, err);
}

/* Writes every block once, in large pieces. */
static int fill(const struct disk_file *file, struct error *err)
{
	size_t step =
		file->block > FILL_BYTES ? file->block : FILL_BYTES / file->block * file->block;
	cleanup_free char *buffer = disk_buffer(step);
	uint64_t end = file->blocks * file->block;

	if (!buffer)
		return error_set(err, -ENOMEM, "no memory for %zu bytes", step);
	for (uint64_t at = 0; at < end; at += step) {
		size_t length = end - at < step ? (size_t)(end - at) : step;
		ssize_t n;

		for (size_t i = 0; i < length; i += file->block)
			disk_stamp(file, buffer + i, (at + i) / file->block, 1);
		n = pwrite(file->fd, buffer, length, (off_t)at);
		if (n != (ssize_t)length)
			return error_errno(err, n < 0 ? -errno : -ENOSPC,
					   "filling %s: at byte %llu of %llu", file->path,
					   (unsigned long long)at, (unsigned long long)end);
	}
	for (uint64_t i = 0; i < file->blocks; i++)
		file->writes[i] = 1;
	if (fsync(file->fd))
		return error_errno(err, -errno, "flushing %s", file->path);
	return 0;
}

static int open_file(struct disk_file *file, struct error *err)
{
	int flags = O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC;
	int rc;

	file->fd = open(file->path, flags | (file->direct ? O_DIRECT : 0), 0600);
	if (file->fd < 0 && errno == EINVAL && file->direct)
		return error_set(
			err, -EINVAL,
			"%s is on a file system without O_DIRECT: give another --scratch directory",
			file->path);
	if (file->fd < 0)
		return error_errno(err, -errno, "creating %s", file->path);
	rc = fallocate(file->fd, 0, 0, (off_t)file->size) ? -errno : 0;
	if (rc == -EOPNOTSUPP || rc == -ENOSYS)
		rc = 0; /* filling it also allocates */
	if (rc)
		return error_errno(err, rc, "allocating %llu bytes for %s",
				   (unsigned long long)file->size, file->path);
	return fill(file, err);
}

int disk_file_create(const struct trial *trial, uint64_t size, size_t block, bool direct,
		     struct disk_file **out, struct error *err)
{
	struct disk_file *file = calloc(1, sizeof(*file));
	int rc;

	*out = file;
	if (!file)
		return error_set(err, -ENOMEM, "no memory for a scratch file's state");
	file->fd = -1;
	file->size = size;
	file->block = block;
	file->blocks = size / block;
	file->direct = direct;
	if (!file->blocks)
		return error_set(err, -EINVAL, "size=%llu is smaller than one block of %zu bytes",
				 (unsigned long long)size, block);
	file->writes = calloc(file->blocks, sizeof(*file->writes));
	if (!file->writes ||
	    asprintf(&file->path, "%s/tare-%s", trial->scratch, trial->workload->name) < 0)
		return error_set(err, -ENOMEM, "no memory for a scratch file's state");
	rc = open_file(file, err);
	return rc ? rc : disk_file_uncache(file, err);
}

void disk_file_destroy(struct disk_file *file)
{
	if (!file)
		return;
	if (file->fd >= 0) {
		close(file->fd);
		unlink(file->path);
	}
	free(file->path);
	free(file->writes);
	free(file);
}

int disk_file_verify(const struct disk_file *file, uint64_t seed, int count, struct error *err)
{
	struct random_state random = random_seeded(~seed);
	cleanup_free void *buffer = disk_buffer(file->block);
	int rc = buffer ? 0 : error_set(err, -ENOMEM, "no memory for one block");

	for (int i = 0; i < count && !rc; i++) {
		uint64_t block = random_below(&random, file->blocks);

		rc = disk_read(file, buffer, block, err);
		if (!rc)
			rc = disk_check(file, buffer, block, file->writes[block],
					file->writes[block], err);
	}
	return rc;
}

int disk_file_uncache(const struct disk_file *file, struct error *err)
{
	if (file->direct)
		return 0;
	if (fdatasync(file->fd))
		return error_errno(err, -errno, "flushing %s", file->path);
	posix_fadvise(file->fd, 0, 0, POSIX_FADV_DONTNEED);
	return 0;
}

static void note_bytes(struct trial *trial, const char *key, double bytes)
{
	char text[32];

	snprintf(text, sizeof(text), "%.0f", bytes);
	trial_note(trial, key, text);
}

void disk_file_claim(struct trial *trial, const struct disk_file *file, double reads, double writes)
{
	note_bytes(trial, "read_bytes", reads * (double)file->block);
	note_bytes(trial, "written_bytes", writes * (double)file->block);
}
