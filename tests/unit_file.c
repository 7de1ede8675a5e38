/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/directory.h"
#include "tests/unit.h"

#define BYTES 300007

struct pair {
	char from[64], to[64];
};

/* A file of BYTES bytes in the directory `from`, and no file yet in the directory `to`. */
static void make_pair(struct pair *pair, const char *from, const char *to)
{
	cleanup_free char *text = malloc(BYTES + 1);

	for (int i = 0; i < BYTES; i++)
		text[i] = (char)('a' + i % 26);
	text[BYTES] = 0;
	snprintf(pair->from, sizeof(pair->from), "%s/unit-file-%d", from, (int)getpid());
	snprintf(pair->to, sizeof(pair->to), "%s/unit-file-copy-%d", to, (int)getpid());
	unlink(pair->to);
	ck_assert_int_eq(file_write(pair->from, text, NULL), 0);
}

static void check_copy(const struct pair *pair)
{
	cleanup_free char *one = NULL, *other = NULL;
	struct error err = {0};
	struct stat info;
	size_t length;

	ck_assert_msg(file_copy(pair->from, pair->to, 0600, &err) == 0, "%s", err.message);
	ck_assert_int_eq(file_read(pair->from, BYTES, &one, NULL, NULL), 0);
	ck_assert_int_eq(file_read(pair->to, BYTES, &other, &length, NULL), 0);
	ck_assert_uint_eq(length, BYTES);
	ck_assert_int_eq(memcmp(one, other, BYTES), 0);
	ck_assert_int_eq(stat(pair->to, &info), 0);
	ck_assert_uint_eq(info.st_mode & 0777, 0600);
	unlink(pair->from);
	unlink(pair->to);
}

START_TEST(a_copy_within_a_file_system_is_whole)
{
	struct pair pair;

	make_pair(&pair, "/tmp", "/tmp");
	check_copy(&pair);
}
END_TEST

/* /dev/shm is a tmpfs: copy_file_range between it and another file system fails with EXDEV. */
START_TEST(a_copy_between_file_systems_is_whole_both_ways)
{
	struct stat here, there;
	struct pair pair;

	ck_assert_int_eq(stat("build", &here), 0);
	ck_assert_int_eq(stat("/dev/shm", &there), 0);
	ck_assert_uint_ne(here.st_dev, there.st_dev);
	make_pair(&pair, "build", "/dev/shm");
	check_copy(&pair);
	make_pair(&pair, "/dev/shm", "build");
	check_copy(&pair);
}
END_TEST

START_TEST(a_copy_replaces_nothing_and_follows_no_link)
{
	struct pair pair;

	make_pair(&pair, "/tmp", "/tmp");
	ck_assert_int_eq(symlink("/dev/null", pair.to), 0);
	ck_assert_int_eq(file_copy(pair.from, pair.to, 0600, NULL), -EEXIST);
	unlink(pair.from);
	ck_assert_int_eq(file_copy(pair.from, "/tmp/never-made", 0600, NULL), -ENOENT);
	ck_assert_int_ne(access("/tmp/never-made", F_OK), 0);
	unlink(pair.to);
}
END_TEST

START_TEST(where_no_descriptor_is_free_no_directory_is_left)
{
	cleanup_directory struct directory parent = DIRECTORY_CLOSED, made = DIRECTORY_CLOSED;
	struct rlimit few;
	char name[32], path[64];

	snprintf(name, sizeof(name), "unit-file-%d", (int)getpid());
	snprintf(path, sizeof(path), "/tmp/%s", name);
	ck_assert_int_eq(directory_open("/tmp", &parent, NULL), 0);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &few), 0);
	few.rlim_cur = (rlim_t)parent.fd + 1;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
	ck_assert_int_eq(directory_make(&parent, name, 0700, &made, NULL), -EMFILE);
	ck_assert_int_ne(access(path, F_OK), 0);
}
END_TEST

/* Its parent's owner exchanges what is made for another directory of the maker's. */
START_TEST(a_directory_that_holds_something_is_not_taken_for_the_one_just_made)
{
	cleanup_directory struct directory parent = DIRECTORY_CLOSED;
	char path[] = "/tmp/tare-unit-XXXXXX";
	uint64_t end = clock_now() + NSEC_PER_SEC;
	int made_ones = 0;
	pid_t pid;

	ck_assert_ptr_nonnull(mkdtemp(path));
	ck_assert_int_eq(directory_open(path, &parent, NULL), 0);
	ck_assert_int_eq(mkdirat(parent.fd, "old", 0700), 0);
	close(openat(parent.fd, "old/secret", O_CREAT | O_WRONLY, 0600));
	pid = fork();
	while (pid == 0)
		renameat2(parent.fd, "new", parent.fd, "old", RENAME_EXCHANGE);
	while (clock_now() < end) {
		struct directory made;

		if (directory_make(&parent, "new", 0700, &made, NULL) == 0) {
			ck_assert_int_ne(faccessat(made.fd, "secret", F_OK, 0), 0);
			directory_close(&made);
			made_ones++;
		}
		unlinkat(parent.fd, "old", AT_REMOVEDIR);
		unlinkat(parent.fd, "new", AT_REMOVEDIR);
		renameat(parent.fd, "new", parent.fd, "old");
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	ck_assert_int_gt(made_ones, 0);
	unlinkat(parent.fd, "old/secret", 0);
	unlinkat(parent.fd, "old", AT_REMOVEDIR);
	rmdir(path);
}
END_TEST

UNIT("file", a_copy_within_a_file_system_is_whole, a_copy_between_file_systems_is_whole_both_ways,
     a_copy_replaces_nothing_and_follows_no_link, where_no_descriptor_is_free_no_directory_is_left,
     a_directory_that_holds_something_is_not_taken_for_the_one_just_made)
