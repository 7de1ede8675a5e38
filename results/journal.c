/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"

struct journal {
	int fd;
	char *path;   /* for messages */
	off_t length; /* including what was there before */
};

/* The offset after the last newline: the rest is a line that a killed run left incomplete. */
static off_t end_of_last_line(int fd, off_t size)
{
	char buffer[4096];

	while (size > 0) {
		off_t from = size > (off_t)sizeof(buffer) ? size - (off_t)sizeof(buffer) : 0;
		ssize_t n = pread(fd, buffer, (size_t)(size - from), from);
		char *newline;

		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		newline = memrchr(buffer, '\n', (size_t)n);
		if (newline)
			return from + (newline - buffer) + 1;
		size = from;
	}
	return 0;
}

static int cut_torn_line(int fd)
{
	struct stat st;
	off_t end;

	if (fstat(fd, &st))
		return -errno;
	end = end_of_last_line(fd, st.st_size);
	if (end < 0)
		return (int)end;
	return end < st.st_size && ftruncate(fd, end) ? -errno : 0;
}

/* Prepares an existing file for appending: cuts off an incomplete last line; *length is that of the
 * rest. A file with a second hard link may be anybody's and is refused. */
static int take_over(int fd, off_t *length)
{
	struct stat st;
	int rc = fstat(fd, &st) ? -errno : 0;

	if (!rc && (!S_ISREG(st.st_mode) || st.st_nlink != 1))
		rc = -EINVAL;
	rc = rc ?: cut_torn_line(fd);
	if (!rc && fstat(fd, &st))
		rc = -errno;
	*length = rc ? 0 : st.st_size;
	return rc;
}

int journal_open(const struct directory *directory, int resume, struct journal **journal,
		 struct error *err)
{
	int flags = O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
	struct journal *j = calloc(1, sizeof(*j));
	int rc = 0;

	*journal = NULL;
	if (!j || asprintf(&j->path, "%s/" JOURNAL_NAME, directory->path) < 0) {
		free(j);
		return error_errno(err, -ENOMEM, "opening the journal in %s", directory->path);
	}
	j->fd = openat(directory->fd, JOURNAL_NAME, resume ? flags : flags | O_CREAT | O_EXCL,
		       0600);
	if (j->fd < 0)
		rc = -errno;
	else if (resume)
		rc = take_over(j->fd, &j->length);
	else if ((directory->uid != NOBODY_ELSE && fchown(j->fd, directory->uid, directory->gid)) ||
		 fsync(directory->fd)) /* otherwise it may be gone after a power loss */
		rc = -errno;
	if (rc) {
		error_errno(err, rc, "opening the journal %s", j->path);
		journal_close(j);
		return rc;
	}
	*journal = j;
	return 0;
}

int journal_check(const struct journal *journal, const struct directory *directory,
		  struct error *err)
{
	struct stat ours, there;

	if (fstat(journal->fd, &ours))
		return error_errno(err, -errno, "%s", journal->path);
	if (fstatat(directory->fd, JOURNAL_NAME, &there, AT_SYMLINK_NOFOLLOW))
		return error_set(err, -EBADMSG,
				 "%s was removed during the run (%s): the measurements are lost",
				 journal->path, strerror(errno));
	if (ours.st_dev != there.st_dev || ours.st_ino != there.st_ino)
		return error_set(err, -EBADMSG,
				 "%s was replaced during the run: it does not have the run's "
				 "measurements",
				 journal->path);
	if (ours.st_size != journal->length)
		return error_set(err, -EBADMSG,
				 "%s has %lld bytes instead of %lld: something else wrote to it "
				 "during the run",
				 journal->path, (long long)ours.st_size,
				 (long long)journal->length);
	return 0;
}

int journal_append(struct journal *journal, json_t *line, struct error *err)
{
	cleanup_free char *text = json_dumps(line, JSON_COMPACT);
	size_t length, done = 0;

	if (!text)
		return error_set(err, -EINVAL, "a line for %s cannot be written as JSON",
				 journal->path);
	length = strlen(text);
	text[length++] = '\n'; /* replaces the zero, so that the line is one write */
	while (done < length) {
		ssize_t n = write(journal->fd, text + done, length - done);

		if (n < 0 && errno != EINTR)
			return error_errno(err, -errno, "writing %s", journal->path);
		done += n > 0 ? (size_t)n : 0;
		journal->length += n > 0 ? n : 0;
	}
	if (fdatasync(journal->fd))
		return error_errno(err, -errno, "flushing %s", journal->path);
	return 0;
}

void journal_close(struct journal *journal)
{
	if (!journal)
		return;
	if (journal->fd >= 0)
		close(journal->fd);
	free(journal->path);
	free(journal);
}
