/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/guest/module_file.h"

#include <errno.h>
#include <lzma.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "base/cleanup.h"
#include "base/file.h"

#define LZMA_MEMORY_MAX (256ULL << 20) /* modules have dictionaries of 1 or 2 MiB */

/* Decompresses `in`. *out_size: the capacity, then the size used. -ENOBUFS: too small. */
typedef int unpack(const char *in, size_t in_size, char *out, size_t *out_size);

static int unpack_xz(const char *in, size_t in_size, char *out, size_t *out_size)
{
	lzma_stream stream = LZMA_STREAM_INIT;
	lzma_ret rc = lzma_stream_decoder(&stream, LZMA_MEMORY_MAX, 0);

	stream.next_in = (const uint8_t *)in;
	stream.avail_in = in_size;
	stream.next_out = (uint8_t *)out;
	stream.avail_out = *out_size;
	if (rc == LZMA_OK)
		rc = lzma_code(&stream, LZMA_FINISH);
	lzma_end(&stream);
	*out_size = stream.total_out;
	if (rc == LZMA_STREAM_END)
		return 0;
	return stream.avail_out == 0 && rc == LZMA_OK ? -ENOBUFS : -EINVAL;
}

static int unpack_zstd(const char *in, size_t in_size, char *out, size_t *out_size)
{
	size_t written = ZSTD_decompress(out, *out_size, in, in_size);

	if (!ZSTD_isError(written)) {
		*out_size = written;
		return 0;
	}
	return ZSTD_getErrorCode(written) == ZSTD_error_dstSize_tooSmall ? -ENOBUFS : -EINVAL;
}

static const struct packing {
	const char *suffix;
	unpack *unpack; /* NULL: nothing to do */
} packings[] = {
	{".ko", NULL},
	{".ko.xz", unpack_xz},
	{".ko.zst", unpack_zstd},
};

static const struct packing *find_packing(const char *name, size_t length)
{
	for (size_t i = 0; i < sizeof(packings) / sizeof(packings[0]); i++) {
		size_t suffix = strlen(packings[i].suffix);

		if (length > suffix &&
		    memcmp(name + length - suffix, packings[i].suffix, suffix) == 0)
			return &packings[i];
	}
	return NULL;
}

bool module_file_find(const char *plain, char path[PATH_MAX])
{
	for (size_t i = 0; i < sizeof(packings) / sizeof(packings[0]); i++)
		if (snprintf(path, PATH_MAX, "%s%s", plain, packings[i].suffix + strlen(".ko")) <
			    PATH_MAX &&
		    access(path, R_OK) == 0)
			return true;
	return false;
}

size_t module_file_plain_length(const char *name, size_t length)
{
	const struct packing *packing = find_packing(name, length);

	return packing ? length - strlen(packing->suffix) + strlen(".ko") : length;
}

/* A compressed file does not always contain its size: the buffer grows until it is large enough. */
static int unpack_growing(unpack *run, const char *packed, size_t packed_size, char **data,
			  size_t *size)
{
	int rc = -ENOBUFS;

	for (size_t room = 4 * packed_size + 4096; rc == -ENOBUFS; room *= 2) {
		char *out;

		if (room > MODULE_BYTES_MAX)
			room = MODULE_BYTES_MAX;
		out = malloc(room + 1);
		if (!out)
			return -ENOMEM;
		*size = room;
		rc = run(packed, packed_size, out, size);
		if (rc == 0) {
			out[*size] = 0;
			*data = out;
			return 0;
		}
		free(out);
		if (room == MODULE_BYTES_MAX && rc == -ENOBUFS)
			return -EFBIG;
	}
	return rc;
}

int module_file_read(const char *path, char **data, size_t *size, struct error *err)
{
	const struct packing *packing = find_packing(path, strlen(path));
	cleanup_free char *packed = NULL;
	size_t packed_size;
	int rc;

	if (!packing || !packing->unpack)
		return file_read(path, MODULE_BYTES_MAX, data, size, err);
	rc = file_read(path, MODULE_BYTES_MAX, &packed, &packed_size, err);
	if (rc < 0)
		return rc;
	rc = unpack_growing(packing->unpack, packed, packed_size, data, size);
	if (rc == -EINVAL)
		return error_set(err, rc, "module %s is damaged and cannot be decompressed", path);
	return rc ? error_errno(err, rc, "decompressing module %s", path) : 0;
}
