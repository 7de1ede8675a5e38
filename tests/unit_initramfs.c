/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/guest/initramfs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drivers/guest/init_image.h"
#include "drivers/guest/module_file.h"
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

/* A relocatable ELF file with a section .modinfo: what this compiler makes of an assembler source,
 * packed by the tools that distributions use. */
static void make_module(const char *directory, const char *name, const char *depends,
			const char *pack)
{
	cleanup_free char *command = NULL;

	ck_assert_int_ge(
		asprintf(&command,
			 "cd %s && printf '.section .modinfo\\n.asciz \"license=GPL\"\\n"
			 ".asciz \"depends=%s\"\\n.data\\n.fill 300000,1,7\\n' | "
			 "gcc -c -x assembler - -o %s.ko && echo %s.ko >>modules.order%s%s",
			 directory, depends, name, name, *pack ? " && " : "", pack),
		0);
	ck_assert_msg(system(command) == 0, "%s", command);
}

static void check_module(const char *directory, const char *file, const char *plain_name)
{
	cleanup_free char *data = NULL, *path = NULL;
	struct error err = {0};
	size_t size;

	ck_assert_int_ge(asprintf(&path, "%s/%s", directory, file), 0);
	ck_assert_msg(module_file_read(path, &data, &size, &err) == 0, "%s", err.message);
	ck_assert_uint_gt(size, 300000);
	ck_assert_int_eq(memcmp(data, "\177ELF", 4), 0);
	ck_assert_int_eq(data[size], 0);
	ck_assert_uint_eq(module_file_plain_length(file, strlen(file)), strlen(plain_name));
}

static void remove_directory(const char *directory)
{
	cleanup_free char *command = NULL;

	ck_assert_int_ge(asprintf(&command, "rm -r %s", directory), 0);
	ck_assert_int_eq(system(command), 0);
}

START_TEST(modules_in_xz_and_zstd_are_found_by_plain_names_and_unpacked)
{
	char directory[] = "/tmp/unit-modules-XXXXXX";
	struct module_list list = {.count = 0};
	struct error err = {0};

	ck_assert_ptr_nonnull(mkdtemp(directory));
	make_module(directory, "low", "", "xz --check=crc32 --lzma2=dict=1MiB low.ko");
	make_module(directory, "mid-way", "low", "zstd -q --rm mid-way.ko");
	make_module(directory, "top", "mid_way,low", "");
	ck_assert_msg(module_list_add(&list, directory, "top", &err) == 0, "%s", err.message);
	ck_assert_uint_eq(list.count, 3);
	ck_assert_str_eq(list.paths[0] + strlen(directory), "/low.ko.xz");
	ck_assert_str_eq(list.paths[1] + strlen(directory), "/mid-way.ko.zst");
	ck_assert_str_eq(list.paths[2] + strlen(directory), "/top.ko");
	module_list_finish(&list);
	check_module(directory, "low.ko.xz", "low.ko");
	check_module(directory, "mid-way.ko.zst", "mid-way.ko");
	check_module(directory, "top.ko", "top.ko");
	remove_directory(directory);
}
END_TEST

START_TEST(depmods_list_serves_where_there_is_no_other)
{
	char directory[] = "/tmp/unit-modules-XXXXXX", path[64];
	struct module_list list = {.count = 0};
	struct error err = {0};

	ck_assert_ptr_nonnull(mkdtemp(directory));
	make_module(directory, "low", "", "zstd -q --rm low.ko");
	make_module(directory, "top", "low", "xz top.ko && rm modules.order");
	snprintf(path, sizeof(path), "%s/modules.dep", directory);
	ck_assert_int_eq(file_write(path, "top.ko.xz: low.ko.zst\nlow.ko.zst:\n", &err), 0);
	ck_assert_msg(module_list_add(&list, directory, "top", &err) == 0, "%s", err.message);
	ck_assert_uint_eq(list.count, 2);
	ck_assert_str_eq(list.paths[0] + strlen(directory), "/low.ko.zst");
	module_list_finish(&list);
	remove_directory(directory);
}
END_TEST

/* Cut short, with a byte turned, or unpacked larger than any module. */
START_TEST(a_damaged_or_endless_module_is_an_error)
{
	static const struct {
		const char *file, *command;
		int code;
	} modules[] = {
		{"a.ko.xz", "head -c 100000 /dev/urandom | xz | head -c 50000", -EINVAL},
		{"b.ko.zst", "head -c 100000 /dev/urandom | zstd -q | head -c 50000", -EINVAL},
		{"c.ko.xz", "echo no xz at all", -EINVAL},
		{"d.ko.zst", "echo no zstd at all", -EINVAL},
		{"e.ko.xz", "head -c 68000000 /dev/zero | xz -0", -EFBIG},
		{"f.ko.zst", "head -c 68000000 /dev/zero | zstd -q", -EFBIG},
	};
	char directory[] = "/tmp/unit-modules-XXXXXX";

	ck_assert_ptr_nonnull(mkdtemp(directory));
	for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++) {
		cleanup_free char *command = NULL, *path = NULL;
		struct error err = {0};
		char *data = NULL;
		size_t size;
		int rc;

		ck_assert_int_ge(asprintf(&path, "%s/%s", directory, modules[i].file), 0);
		ck_assert_int_ge(asprintf(&command, "%s >%s", modules[i].command, path), 0);
		ck_assert_int_eq(system(command), 0);
		rc = module_file_read(path, &data, &size, &err);
		ck_assert_msg(rc == modules[i].code, "%s: %d", modules[i].file, rc);
		ck_assert_ptr_nonnull(strstr(err.message, modules[i].file));
	}
	remove_directory(directory);
}
END_TEST

START_TEST(a_full_file_system_is_named_as_such)
{
	static const char data[1 << 20];
	struct initramfs *archive;
	struct error err;
	int rc;

	ck_assert_int_eq(initramfs_create("/dev/full", &archive, &err), 0);
	rc = initramfs_add_data(archive, "init", 0755, data, sizeof(data), &err);
	ck_assert_int_eq(rc, -ENOSPC);
	ck_assert_ptr_nonnull(strstr(err.message, "No space left"));
	initramfs_destroy(archive);
}
END_TEST

UNIT("initramfs", a_full_file_system_is_named_as_such,
     what_was_added_is_read_back_aligned_and_ended_by_the_trailer,
     the_same_content_makes_the_same_bytes, a_full_disk_is_an_error_and_not_a_short_archive,
     a_missing_source_is_named_in_the_error, the_embedded_init_is_a_static_program,
     a_directory_without_modules_is_an_error_and_garbage_is_no_module,
     modules_in_xz_and_zstd_are_found_by_plain_names_and_unpacked,
     depmods_list_serves_where_there_is_no_other, a_damaged_or_endless_module_is_an_error)
