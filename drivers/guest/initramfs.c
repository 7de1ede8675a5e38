/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/guest/initramfs.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/file.h"

#define FILE_BYTES_MAX (256u << 20)

struct initramfs {
	FILE *file;
	char *path;
	unsigned int inode;
};

int initramfs_create(const char *path, struct initramfs **archive, struct error *err)
{
	struct initramfs *made = calloc(1, sizeof(*made));

	*archive = NULL;
	if (made)
		made->path = strdup(path);
	if (!made || !made->path) {
		free(made);
		return error_errno(err, -ENOMEM, "writing %s", path);
	}
	made->file = fopen(path, "we");
	if (!made->file) {
		error_errno(err, -errno, "writing %s", path);
		initramfs_destroy(made);
		return err ? err->code : -EIO;
	}
	*archive = made;
	return 0;
}

/* The format aligns headers and data on four bytes. */
static void pad(FILE *file, size_t written)
{
	static const char zeros[4];

	fwrite(zeros, 1, (4 - written % 4) % 4, file);
}

/* Errors stay in the stream until the end. */
static void add(struct initramfs *archive, const char *name, mode_t mode, const void *data,
		size_t length)
{
	size_t name_size = strlen(name) + 1;
	int header;

	errno = 0; /* reports a full file system as such */
	header = fprintf(archive->file,
			 "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08zx%08x",
			 ++archive->inode, (unsigned int)mode, 0, 0, 1, 0, (unsigned int)length, 0,
			 0, 0, 0, name_size, 0);

	fwrite(name, 1, name_size, archive->file);
	pad(archive->file, (size_t)(header > 0 ? header : 0) + name_size);
	if (length)
		fwrite(data, 1, length, archive->file);
	pad(archive->file, length);
}

static int check(struct initramfs *archive, struct error *err)
{
	if (ferror(archive->file))
		return error_errno(err, errno ? -errno : -EIO, "writing %s", archive->path);
	return 0;
}

int initramfs_add_directory(struct initramfs *archive, const char *name, struct error *err)
{
	add(archive, name, S_IFDIR | 0755, NULL, 0);
	return check(archive, err);
}

int initramfs_add_data(struct initramfs *archive, const char *name, mode_t permissions,
		       const void *data, size_t length, struct error *err)
{
	if (length > FILE_BYTES_MAX)
		return error_set(err, -EFBIG, "%s has %zu bytes, too many for an initramfs", name,
				 length);
	add(archive, name, S_IFREG | permissions, data, length);
	return check(archive, err);
}

int initramfs_add_file(struct initramfs *archive, const char *name, mode_t permissions,
		       const char *source, struct error *err)
{
	cleanup_free char *data = NULL;
	size_t length;
	int rc = file_read(source, FILE_BYTES_MAX, &data, &length, err);

	if (rc < 0)
		return rc;
	return initramfs_add_data(archive, name, permissions, data, length, err);
}

int initramfs_finish(struct initramfs *archive, struct error *err)
{
	int rc;

	archive->inode = (unsigned int)-1; /* the trailer's number is 0 */
	add(archive, "TRAILER!!!", 0, NULL, 0);
	rc = check(archive, err);
	if (fclose(archive->file) != 0 && rc == 0)
		rc = error_errno(err, -errno, "writing %s", archive->path);
	archive->file = NULL;
	initramfs_destroy(archive);
	return rc;
}

void initramfs_destroy(struct initramfs *archive)
{
	if (!archive)
		return;
	if (archive->file)
		fclose(archive->file);
	free(archive->path);
	free(archive);
}
