/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/guest/initramfs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drivers/guest/init_image.h"
#include "drivers/guest/modules.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "tests/unit.h"

/* One entry as the kernel reads it: 110 bytes of header, the name, the data, each aligned on 4. */
struct entry {
	unsigned long mode, size;
	const char *name, *data;
};

static unsigned long field(const char *header, int index)
{
	char digits[9] = "";

	memcpy(digits, header + 6 + 8 * index, 8);
	return strtoul(digits, NULL, 16);
}

static const char *read_entry(const char *start, const char *at, struct entry *entry)
{
	unsigned long name_size;

	ck_assert_int_eq((at - start) % 4, 0);
	ck_assert_int_eq(memcmp(at, "070701", 6), 0);
	entry->mode = field(at, 1);
	entry->size = field(at, 6);
	name_size = field(at, 11);
	entry->name = at + 110;
	ck_assert_uint_eq(strlen(entry->name) + 1, name_size);
	entry->data = at + ((110 + name_size + 3) & ~3ul);
	return entry->data + ((entry->size + 3) & ~3ul);
}

static char *write_example(char path[], size_t *size)
{
	struct initramfs *archive;
	struct error err = {0};
	char *text;
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	close(fd);
	ck_assert_int_eq(initramfs_create(path, &archive, &err), 0);
	ck_assert_int_eq(initramfs_add_directory(archive, "dev", &err), 0);
	ck_assert_int_eq(initramfs_add_data(archive, "init", 0755, "12345", 5, &err), 0);
	ck_assert_int_eq(initramfs_add_data(archive, "empty", 0644, NULL, 0, &err), 0);
	ck_assert_int_eq(initramfs_finish(archive, &err), 0);
	ck_assert_int_eq(file_read(path, 1 << 20, &text, size, &err), 0);
	unlink(path);
	return text;
}

START_TEST(what_was_added_is_read_back_aligned_and_ended_by_the_trailer)
{
	char path[] = "/tmp/unit-initramfs-XXXXXX";
	size_t size;
	cleanup_free char *text = write_example(path, &size);
	struct entry entry;
	const char *at = text;

	at = read_entry(text, at, &entry);
	ck_assert_str_eq(entry.name, "dev");
	ck_assert_uint_eq(entry.mode, S_IFDIR | 0755);
	at = read_entry(text, at, &entry);
	ck_assert_str_eq(entry.name, "init");
	ck_assert_uint_eq(entry.mode, S_IFREG | 0755);
	ck_assert_uint_eq(entry.size, 5);
	ck_assert_int_eq(memcmp(entry.data, "12345", 5), 0);
	at = read_entry(text, at, &entry);
	ck_assert_str_eq(entry.name, "empty");
	at = read_entry(text, at, &entry);
	ck_assert_str_eq(entry.name, "TRAILER!!!");
	ck_assert_uint_eq((size_t)(at - text), size);
}
END_TEST

START_TEST(the_same_content_makes_the_same_bytes)
{
	char one[] = "/tmp/unit-initramfs-XXXXXX", two[] = "/tmp/unit-initramfs-XXXXXX";
	size_t size[2];
	cleanup_free char *first = write_example(one, &size[0]);
	cleanup_free char *second = write_example(two, &size[1]);

	ck_assert_uint_eq(size[0], size[1]);
	ck_assert_int_eq(memcmp(first, second, size[0]), 0);
}
END_TEST

START_TEST(a_full_disk_is_an_error_and_not_a_short_archive)
{
	char data[65536] = "";
	struct initramfs *archive;
	struct error err = {0};
	int rc;

	ck_assert_int_eq(initramfs_create("/dev/full", &archive, &err), 0);
	rc = initramfs_add_data(archive, "init", 0755, data, sizeof(data), &err);
	ck_assert_int_lt(initramfs_finish(archive, &err), 0);
	ck_assert_int_lt(err.code, 0);
	(void)rc;
}
END_TEST

START_TEST(a_missing_source_is_named_in_the_error)
{
	char path[] = "/tmp/unit-initramfs-XXXXXX";
	struct initramfs *archive;
	struct error err = {0};

	close(mkstemp(path));
	ck_assert_int_eq(initramfs_create(path, &archive, &err), 0);
	ck_assert_int_eq(initramfs_add_file(archive, "agent", 0755, "/nowhere/agent", &err),
			 -ENOENT);
	ck_assert_ptr_nonnull(strstr(err.message, "/nowhere/agent"));
	initramfs_destroy(archive);
	unlink(path);
}
END_TEST

START_TEST(the_embedded_init_is_a_static_program)
{
	const char *start = guest_init_start;
	size_t length = (size_t)(guest_init_end - guest_init_start);

	ck_assert_uint_gt(length, 4096);
	ck_assert_int_eq(memcmp(start, "\177ELF", 4), 0);
	ck_assert_ptr_null(memmem(start, length, "/lib64/ld-linux", 15));
}
END_TEST

START_TEST(a_directory_without_modules_is_an_error_and_garbage_is_no_module)
{
	char directory[] = "/tmp/unit-modules-XXXXXX", path[64];
	struct module_list list = {.count = 0};
	struct error err = {0};

	ck_assert_ptr_nonnull(mkdtemp(directory));
	ck_assert_int_eq(module_list_add(&list, directory, "virtio", &err), -ENOENT);
	snprintf(path, sizeof(path), "%s/modules.order", directory);
	ck_assert_int_eq(file_write(path, "kernel/virtio-pci.ko\nkernel/x.ko\n", &err), 0);
	ck_assert_int_eq(module_list_add(&list, directory, "virtio_pci", &err), -ENOTSUP);
	unlink(path);
	rmdir(directory);
}
END_TEST

UNIT("initramfs", what_was_added_is_read_back_aligned_and_ended_by_the_trailer,
     the_same_content_makes_the_same_bytes, a_full_disk_is_an_error_and_not_a_short_archive,
     a_missing_source_is_named_in_the_error, the_embedded_init_is_a_static_program,
     a_directory_without_modules_is_an_error_and_garbage_is_no_module)
