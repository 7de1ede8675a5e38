/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "drivers/process.h"
#include "drivers/resources.h"
#include "drivers/resources_remove.h"
#include "base/cleanup.h"
#include "base/file.h"

/* A directory of the test's own with the registry in it, which is made and goes with its run. */
struct place {
	char top[64], registry[80];
};

static void make_place(struct place *place)
{
	snprintf(place->top, sizeof(place->top), "/tmp/tare-unit-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(place->top));
	snprintf(place->registry, sizeof(place->registry), "%s/registry", place->top);
	setenv("TARE_STATE", place->registry, 1);
}

static void remove_place(const struct place *place)
{
	ck_assert_int_eq(remove_tree(place->top, NULL), 0);
}

static void path_in(const struct place *place, const char *name, char path[128])
{
	snprintf(path, 128, "%s/%s", place->top, name);
}

static bool exists(const char *path)
{
	return access(path, F_OK) == 0;
}

static void make_file(const char *path)
{
	ck_assert_int_eq(file_write(path, "x", NULL), 0);
}

/* A run that enters a directory tree with a symbolic link out of it, and then dies. */
static void run_and_die(const struct place *place, const char *run_id)
{
	char path[128], inside[160];
	struct resources *res;

	ck_assert_int_eq(resources_open(run_id, &res, NULL), 0);
	path_in(place, "mine", path);
	ck_assert_int_eq(resources_add(res, RESOURCE_DIRECTORY, path, NULL), 0);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	snprintf(inside, sizeof(inside), "%s/below", path);
	ck_assert_int_eq(mkdir(inside, 0700), 0);
	snprintf(inside, sizeof(inside), "%s/below/link", path);
	ck_assert_int_eq(symlink("../../foreign", inside), 0);
	path_in(place, "never-made", path);
	ck_assert_int_eq(resources_add(res, RESOURCE_MOUNT, path, NULL), 0);
	raise(SIGKILL);
}

static void die_in_child(const struct place *place, const char *run_id)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		run_and_die(place, run_id);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(WIFSIGNALED(status), "the child ended by itself");
}

START_TEST(a_dead_run_is_cleaned_and_nothing_else)
{
	char mine[128], foreign[128], file[160];
	struct place place;
	int removed;

	make_place(&place);
	path_in(&place, "mine", mine);
	path_in(&place, "foreign", foreign);
	ck_assert_int_eq(mkdir(foreign, 0700), 0);
	snprintf(file, sizeof(file), "%s/kept", foreign);
	make_file(file);
	die_in_child(&place, "dead");
	ck_assert(exists(mine));
	ck_assert_int_eq(resources_clean_dead(false, NULL, &removed, NULL), 0);
	ck_assert_int_eq(removed, 2);
	ck_assert(!exists(mine));
	ck_assert(exists(file));
	ck_assert(!exists(place.registry));
	remove_place(&place);
}
END_TEST

START_TEST(a_dry_run_tells_and_removes_nothing)
{
	struct place place;
	char mine[128], *text = NULL;
	size_t size;
	FILE *log = open_memstream(&text, &size);
	int removed;

	make_place(&place);
	path_in(&place, "mine", mine);
	die_in_child(&place, "dead");
	ck_assert_int_eq(resources_clean_dead(true, log, &removed, NULL), 0);
	fclose(log);
	ck_assert_int_eq(removed, 2);
	ck_assert_ptr_nonnull(strstr(text, mine));
	ck_assert(exists(mine));
	free(text);
	remove_place(&place);
}
END_TEST

START_TEST(a_live_run_is_left_alone_and_a_second_one_is_refused_by_name)
{
	struct resources *first, *second;
	struct error err = {0};
	struct place place;
	char path[128];
	int removed, status;
	pid_t pid;

	make_place(&place);
	path_in(&place, "file", path);
	ck_assert_int_eq(resources_open("first", &first, NULL), 0);
	ck_assert_int_eq(resources_add(first, RESOURCE_FILE, path, NULL), 0);
	make_file(path);
	pid = fork();
	if (pid == 0) /* another process: a lock is no obstacle to its holder */
		_exit(resources_clean_dead(false, NULL, &removed, NULL) || removed ||
		      resources_open("second", &second, &err) != -EBUSY ||
		      !strstr(err.message, "run first"));
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	ck_assert(exists(path));
	ck_assert_int_eq(resources_remove_all(first, NULL), 0);
	ck_assert(!exists(path));
	resources_close(first);
	ck_assert(!exists(place.registry));
	remove_place(&place);
}
END_TEST

START_TEST(what_is_struck_out_is_not_removed)
{
	struct resources *res;
	struct place place;
	char path[128];

	make_place(&place);
	path_in(&place, "file", path);
	make_file(path);
	ck_assert_int_eq(resources_open("run", &res, NULL), 0);
	ck_assert_int_eq(resources_add(res, RESOURCE_FILE, path, NULL), 0);
	resources_drop(res, RESOURCE_FILE, path);
	ck_assert_int_eq(resources_remove_all(res, NULL), 0);
	ck_assert(exists(path));
	resources_close(res);
	remove_place(&place);
}
END_TEST

START_TEST(a_journal_cut_in_its_last_line_is_still_used)
{
	char mine[128], journal[128];
	struct place place;
	int removed, fd;

	make_place(&place);
	path_in(&place, "mine", mine);
	die_in_child(&place, "dead");
	snprintf(journal, sizeof(journal), "%s/dead.jsonl", place.registry);
	fd = open(journal, O_WRONLY | O_APPEND);
	ck_assert_int_eq(write(fd, "{\"add\":\"fi", 10), 10);
	close(fd);
	ck_assert_int_eq(resources_clean_dead(false, NULL, &removed, NULL), 0);
	ck_assert(!exists(mine));
	remove_place(&place);
}
END_TEST

START_TEST(a_process_is_known_by_its_start_time_too)
{
	struct resources *res;
	struct place place;
	char name[64];
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL); /* also where the test fails */
		pause();
		_exit(0);
	}
	make_place(&place);
	ck_assert_int_eq(resources_open("run", &res, NULL), 0);
	snprintf(name, sizeof(name), "%d:%llu", (int)pid,
		 (unsigned long long)process_start_time(pid) + 1);
	ck_assert_int_eq(resources_add(res, RESOURCE_PROCESS, name, NULL), 0);
	ck_assert_int_eq(resources_remove_all(res, NULL), 0);
	ck_assert_int_eq(waitpid(pid, &status, WNOHANG), 0);
	ck_assert_int_eq(resources_add_process(res, pid, NULL), 0);
	ck_assert_int_eq(resources_remove_all(res, NULL), 0);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFSIGNALED(status));
	resources_close(res);
	remove_place(&place);
}
END_TEST

/* The mounts of a reboot ago are gone, and their names may be another's. */
START_TEST(of_another_boot_only_files_and_directories_are_removed)
{
	char journal[160], path[128], text[512];
	struct place place;
	int removed;

	make_place(&place);
	path_in(&place, "file", path);
	make_file(path);
	ck_assert_int_eq(mkdir(place.registry, 0700), 0);
	snprintf(journal, sizeof(journal), "%s/old.jsonl", place.registry);
	snprintf(text, sizeof(text),
		 "{\"run\":\"old\",\"pid\":1,\"boot\":\"another\"}\n"
		 "{\"add\":\"process\",\"name\":\"%d:%llu\"}\n{\"add\":\"file\",\"name\":\"%s\"}\n",
		 (int)getpid(), (unsigned long long)process_start_time(getpid()), path);
	ck_assert_int_eq(file_write(journal, text, NULL), 0);
	ck_assert_int_eq(resources_clean_dead(false, NULL, &removed, NULL), 0);
	ck_assert_int_eq(removed, 1);
	ck_assert(!exists(path));
	remove_place(&place);
}
END_TEST

START_TEST(removing_a_directory_crosses_no_mount)
{
	char mine[128], inside[160], foreign[128], file[160];
	struct resources *res;
	struct place place;

	if (geteuid() != 0)
		return;
	/* mounts of the test's own, which go with it, however it ends */
	ck_assert_int_eq(unshare(CLONE_NEWNS), 0);
	ck_assert_int_eq(mount(NULL, "/", "none", MS_REC | MS_PRIVATE, NULL), 0);
	make_place(&place);
	path_in(&place, "mine", mine);
	path_in(&place, "foreign", foreign);
	snprintf(inside, sizeof(inside), "%s/mounted", mine);
	snprintf(file, sizeof(file), "%s/kept", foreign);
	ck_assert_int_eq(mkdir(mine, 0700) | mkdir(inside, 0700) | mkdir(foreign, 0700), 0);
	make_file(file);
	ck_assert_int_eq(mount(foreign, inside, "none", MS_BIND, NULL), 0);
	ck_assert_int_eq(resources_open("run", &res, NULL), 0);
	ck_assert_int_eq(resources_add(res, RESOURCE_DIRECTORY, mine, NULL), 0);
	ck_assert_int_eq(resources_remove_all(res, NULL), -EBUSY);
	ck_assert(exists(file));
	ck_assert_int_eq(umount2(inside, MNT_DETACH), 0);
	ck_assert_int_eq(resources_remove_all(res, NULL), 0);
	ck_assert(!exists(mine));
	resources_close(res);
	remove_place(&place);
}
END_TEST

/* Enters and makes it, and says which one it is. */
static void make_known(struct resources *res, const char *path)
{
	cleanup_close int fd = -1;

	ck_assert_int_eq(resources_add(res, RESOURCE_DIRECTORY, path, NULL), 0);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_eq(resources_made(res, path, fd, NULL), 0);
}

/* Another of the same owner: only the inode tells them apart. */
START_TEST(another_directory_in_the_place_of_the_one_that_was_made_stays)
{
	char mine[128], away[128], file[160];
	struct resources *res;
	struct place place;
	struct error err;

	make_place(&place);
	path_in(&place, "mine", mine);
	path_in(&place, "away", away);
	snprintf(file, sizeof(file), "%s/precious", mine);
	ck_assert_int_eq(resources_open("run", &res, NULL), 0);
	make_known(res, mine);
	ck_assert_int_eq(rename(mine, away) | mkdir(mine, 0700), 0);
	make_file(file);
	ck_assert_int_eq(resources_remove(res, RESOURCE_DIRECTORY, mine, NULL), -EPERM);
	ck_assert_int_eq(resources_remove_all(res, &err), -EPERM);
	ck_assert_ptr_nonnull(strstr(err.message, "was replaced"));
	ck_assert(exists(file));
	ck_assert_int_eq(unlink(file) | rmdir(mine) | rename(away, mine), 0);
	ck_assert_int_eq(resources_remove(res, RESOURCE_DIRECTORY, mine, NULL), 0);
	ck_assert(!exists(mine));
	resources_close(res);
	remove_place(&place);
}
END_TEST

/* As the microvm's scratch directory is given to its VMM's user. */
START_TEST(a_directory_that_was_given_away_is_removed_after_a_death_too)
{
	char mine[128];
	struct resources *res;
	struct place place;
	int removed, status;
	pid_t pid;

	if (geteuid() != 0)
		return;
	make_place(&place);
	path_in(&place, "mine", mine);
	pid = fork();
	if (!pid) {
		ck_assert_int_eq(resources_open("run", &res, NULL), 0);
		make_known(res, mine);
		ck_assert_int_eq(chown(mine, 65534, 65534), 0);
		raise(SIGKILL);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(resources_clean_dead(false, NULL, &removed, NULL), 0);
	ck_assert_int_eq(removed, 1);
	ck_assert(!exists(mine));
	remove_place(&place);
}
END_TEST

START_TEST(root_uses_no_registry_that_others_can_write)
{
	struct resources *res;
	struct place place;
	int removed;

	if (geteuid() != 0)
		return;
	make_place(&place);
	ck_assert_int_eq(mkdir(place.registry, 0700) | chown(place.registry, 65534, 65534), 0);
	ck_assert_int_eq(resources_open("run", &res, NULL), -EACCES);
	ck_assert_int_eq(resources_clean_dead(false, NULL, &removed, NULL), -EACCES);
	ck_assert_int_eq(chown(place.registry, 0, 0) | chmod(place.registry, 0777), 0);
	ck_assert_int_eq(resources_open("run", &res, NULL), -EACCES);
	remove_place(&place);
}
END_TEST

/* A path to its end would be longer than PATH_MAX: made step by step. */
START_TEST(a_tree_of_any_depth_is_removed)
{
	struct place place;
	int at;

	make_place(&place);
	at = open(place.top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (int depth = 0; depth < 3000; depth++) {
		int below;

		ck_assert_int_eq(mkdirat(at, "removed-1", 0700), 0);
		ck_assert_int_eq(mkdirat(at, "beside", 0700), 0);
		close(openat(at, "file", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
		below = openat(at, "removed-1", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		ck_assert_int_ge(below, 0);
		close(at);
		at = below;
	}
	close(at);
	remove_place(&place);
	ck_assert(!exists(place.top));
}
END_TEST

UNIT("resources", a_dead_run_is_cleaned_and_nothing_else, a_dry_run_tells_and_removes_nothing,
     a_live_run_is_left_alone_and_a_second_one_is_refused_by_name,
     what_is_struck_out_is_not_removed, a_journal_cut_in_its_last_line_is_still_used,
     a_process_is_known_by_its_start_time_too,
     of_another_boot_only_files_and_directories_are_removed, removing_a_directory_crosses_no_mount,
     another_directory_in_the_place_of_the_one_that_was_made_stays,
     a_directory_that_was_given_away_is_removed_after_a_death_too,
     root_uses_no_registry_that_others_can_write, a_tree_of_any_depth_is_removed)
