/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/types.h>
#include <unistd.h>

#include "base/cleanup.h"

/* An agent hashes itself at each start. Few reads, because each costs a microvm exits, into a
 * buffer below malloc's mmap threshold: fresh pages would cost more exits than the reads. */
#define HASH_READ_BYTES (120u << 10)

#define COPY_BYTES (1u << 30) /* in one call */

static int grow(char **buffer, size_t *size)
{
	size_t wanted = *size ? *size * 2 : 4096;
	char *bigger = realloc(*buffer, wanted);

	if (!bigger)
		return -ENOMEM;
	*buffer = bigger;
	*size = wanted;
	return 0;
}

int file_read_open(int fd, size_t limit, char **text, size_t *length)
{
	cleanup_free char *buffer = NULL;
	size_t used = 0, size = 0;
	ssize_t n = 1;

	*text = NULL;
	while (n != 0) {
		if (used + 1 >= size && grow(&buffer, &size))
			return -ENOMEM;
		n = read(fd, buffer + used, size - used - 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		used += (size_t)n;
		if (used > limit)
			return -EFBIG;
	}
	buffer[used] = 0;
	*text = buffer;
	buffer = NULL;
	if (length)
		*length = used;
	return 0;
}

int file_read(const char *path, size_t limit, char **text, size_t *length, struct error *err)
{
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	int rc;

	*text = NULL;
	if (fd < 0)
		return error_errno(err, -errno, "opening %s", path);
	rc = file_read_open(fd, limit, text, length);
	if (rc == -EFBIG)
		return error_set(err, rc, "%s is larger than %zu bytes", path, limit);
	return rc ? error_errno(err, rc, "reading %s", path) : 0;
}

int file_line(const char *path, char *line, size_t size)
{
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	line[0] = 0;
	if (fd < 0)
		return -errno;
	n = read(fd, line, size - 1);
	if (n < 0)
		return -errno;
	line[n] = 0;
	line[strcspn(line, "\n")] = 0;
	return 0;
}

int file_write_all(int fd, const void *bytes, size_t length)
{
	const char *text = bytes;

	while (length) {
		ssize_t n = write(fd, text, length);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0) {
			text += n;
			length -= (size_t)n;
		}
	}
	return 0;
}

int file_write(const char *path, const char *text, struct error *err)
{
	cleanup_close int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int rc;

	if (fd < 0)
		return error_errno(err, -errno, "opening %s", path);
	rc = file_write_all(fd, text, strlen(text));
	return rc ? error_errno(err, rc, "writing %s", path) : 0;
}

int file_replace(const char *path, const char *text, size_t length, struct error *err)
{
	cleanup_free char *beside = NULL;
	int fd, rc;

	if (asprintf(&beside, "%s.new", path) < 0)
		return error_errno(err, -ENOMEM, "writing %s", path);
	unlink(beside);
	fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_errno(err, -errno, "creating %s", beside);
	rc = file_write_all(fd, text, length);
	if (!rc && fsync(fd))
		rc = -errno;
	if (close(fd) && !rc)
		rc = -errno;
	if (!rc && rename(beside, path))
		rc = -errno;
	if (!rc)
		return 0;
	unlink(beside);
	return error_errno(err, rc, "writing %s", path);
}

/* copy_file_range shares blocks if it can, but fails between most file systems (EXDEV) and on some
 * (EINVAL, EOPNOTSUPP, ENOSYS): then sendfile copies the rest. */
static ssize_t copy_some(int from, int to)
{
	ssize_t n = copy_file_range(from, NULL, to, NULL, COPY_BYTES, 0);

	if (n < 0 && errno != EINTR)
		n = sendfile(to, from, NULL, COPY_BYTES);
	return n;
}

int file_copy(const char *from, const char *to, mode_t permissions, struct error *err)
{
	cleanup_close int in = open(from, O_RDONLY | O_CLOEXEC);
	ssize_t n;
	int out;

	if (in < 0)
		return error_errno(err, -errno, "opening %s", from);
	out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, permissions);
	if (out < 0)
		return error_errno(err, -errno, "creating %s", to);
	while ((n = copy_some(in, out)) != 0)
		if (n < 0 && errno != EINTR) {
			n = -errno;
			break;
		}
	if (close(out) < 0 && n == 0)
		n = -errno;
	return n ? error_errno(err, (int)n, "copying %s to %s", from, to) : 0;
}

int file_sync_directory(const char *path)
{
	cleanup_close int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 || fsync(fd) ? -errno : 0;
}

int file_sha256(const char *path, char hex[65], struct error *err)
{
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	cleanup_free uint8_t *buffer = malloc(HASH_READ_BYTES);
	uint8_t digest[SHA256_DIGEST_SIZE];
	struct sha256_ctx context;
	ssize_t n;

	if (fd < 0 || !buffer)
		return error_errno(err, errno ? -errno : -EIO, "hashing %s", path);
	sha256_init(&context);
	while ((n = read(fd, buffer, HASH_READ_BYTES)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_errno(err, -errno, "hashing %s", path);
		sha256_update(&context, (size_t)n, buffer);
	}
	sha256_digest(&context, sizeof(digest), digest);
	for (size_t i = 0; i < sizeof(digest); i++)
		sprintf(hex + 2 * i, "%02x", digest[i]);
	return 0;
}
