/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "drivers/container.h"
#include "drivers/resources_remove.h"
#include "base/file.h"

static struct container_options resolved(const char *text)
{
	struct cgroups cgroups = {.mode = CGROUP_V2, .mounts = {{.path = "/sys/fs/cgroup"}}};
	struct container_options options;
	struct environment *env;
	struct error err = {0};

	ck_assert_msg(!environment_parse(text, &env, &err), "%s", err.message);
	ck_assert_msg(!container_resolve(env, &cgroups, &options, &err), "%s", err.message);
	environment_destroy(env);
	return options;
}

static void refused(const char *text, enum cgroup_mode mode, const char *says)
{
	struct cgroups cgroups = {.mode = mode, .mounts = {{.path = "/sys/fs/cgroup"}}};
	struct container_options options;
	struct environment *env;
	struct error err = {0};

	ck_assert_msg(!environment_parse(text, &env, &err), "%s", err.message);
	ck_assert_int_eq(container_resolve(env, &cgroups, &options, &err), -ENOTSUP);
	ck_assert_msg(strstr(err.message, says) != NULL, "%s", err.message);
	environment_destroy(env);
}

/* The rules that speak of a system call. */
static int rules_of(json_t *seccomp, const char *call, const char *action)
{
	json_t *rule, *name;
	size_t i, j;
	int count = 0;

	json_array_foreach (json_object_get(seccomp, "syscalls"), i, rule)
		json_array_foreach (json_object_get(rule, "names"), j, name)
			count +=
				!strcmp(json_string_value(name), call) &&
				!strcmp(json_string_value(json_object_get(rule, "action")), action);
	return count;
}

static json_t *profile_for(const char *const *capabilities)
{
	json_t *list = json_array(), *seccomp;
	struct error err = {0};

	for (; *capabilities; capabilities++)
		json_array_append_new(list, json_string(*capabilities));
	seccomp = container_seccomp(list, &err);
	ck_assert_msg(seccomp != NULL, "%s", err.message);
	json_decref(list);
	return seccomp;
}

START_TEST(the_filter_follows_the_capabilities)
{
	const char *const none[] = {NULL}, *const chroot[] = {"CAP_SYS_CHROOT", NULL};
	json_t *without = profile_for(none), *with = profile_for(chroot);

	ck_assert_int_eq(rules_of(without, "chroot", "SCMP_ACT_ALLOW"), 0);
	ck_assert_int_eq(rules_of(with, "chroot", "SCMP_ACT_ALLOW"), 1);
	ck_assert_int_ge(rules_of(with, "read", "SCMP_ACT_ALLOW"), 1);
	ck_assert_int_eq(rules_of(with, "mount", "SCMP_ACT_ALLOW"), 0);
	json_decref(with);
	json_decref(without);
}
END_TEST

START_TEST(what_a_capability_excludes_is_left_out)
{
	const char *const none[] = {NULL}, *const admin[] = {"CAP_SYS_ADMIN", NULL};
	json_t *without = profile_for(none), *with = profile_for(admin);

	ck_assert_int_eq(rules_of(without, "clone3", "SCMP_ACT_ERRNO"), 1);
	ck_assert_int_eq(rules_of(with, "clone3", "SCMP_ACT_ERRNO"), 0);
	ck_assert_int_eq(rules_of(with, "mount", "SCMP_ACT_ALLOW"), 1);
	json_decref(with);
	json_decref(without);
}
END_TEST

START_TEST(io_uring_is_denied_as_by_docker_since_25)
{
	const char *const none[] = {NULL};
	json_t *seccomp = profile_for(none);

	ck_assert_int_eq(rules_of(seccomp, "io_uring_setup", "SCMP_ACT_ALLOW"), 0);
	ck_assert_str_eq(json_string_value(json_object_get(seccomp, "defaultAction")),
			 "SCMP_ACT_ERRNO");
	json_decref(seccomp);
}
END_TEST

START_TEST(options_that_do_not_go_together_are_refused_with_the_reason)
{
	refused("container:cgroup=off,cpu=shares", CGROUP_V2, "cgroup=on");
	refused("container:runtime=crun", CGROUP_HYBRID, "hybrid");
	refused("container:runtime=runsc,cpu=quota", CGROUP_V2, "cpu=set");
	refused("container", CGROUP_NONE, "mount -t cgroup2");
}
END_TEST

static bool has(const char *environment, const char *capability)
{
	struct container_options options = resolved(environment);
	json_t *names = container_capabilities(&options), *name;
	bool found = false;
	size_t i;

	json_array_foreach (names, i, name)
		found |= !strcmp(json_string_value(name), capability);
	json_decref(names);
	return found;
}

START_TEST(no_device_can_be_made_where_no_cgroup_says_which_can_be_opened)
{
	if (!has("container:caps=all", "CAP_MKNOD"))
		return; /* it is not ours to give */
	ck_assert(has("container", "CAP_MKNOD"));
	ck_assert(!has("container:cgroup=off", "CAP_MKNOD"));
	ck_assert(has("container:cgroup=off", "CAP_SYS_CHROOT"));
}
END_TEST

START_TEST(all_namespaces_have_the_cgroup_one_where_cgroups_are_v2)
{
	struct container_options all = resolved("container");
	struct container_options some = resolved("container:namespaces=mount+uts");

	ck_assert_uint_eq(all.namespaces, NAMESPACE_MOUNT | NAMESPACE_PID | NAMESPACE_IPC |
						  NAMESPACE_UTS | NAMESPACE_CGROUP);
	ck_assert_uint_eq(some.namespaces, NAMESPACE_MOUNT | NAMESPACE_UTS);
}
END_TEST

START_TEST(the_label_says_what_differs_from_the_default_and_always_ends)
{
	struct environment *env;
	char label[96];

	ck_assert_int_eq(environment_parse("container:net=host,cpu=set", &env, NULL), 0);
	container_label(env, label, sizeof(label));
	ck_assert_str_eq(label, "container (runc, net=host)");
	environment_destroy(env);
	ck_assert_int_eq(environment_parse("container:net=host,storage=volume,seccomp=off,caps=all,"
					   "cgroup=off,namespaces=mount+pid+ipc+uts,readonly=on",
					   &env, NULL),
			 0);
	container_label(env, label, sizeof(label));
	ck_assert_uint_lt(strlen(label), sizeof(label));
	ck_assert_ptr_nonnull(strstr(label, "...)"));
	environment_destroy(env);
}
END_TEST

/* A host of either kind, laid out below a directory of the test's own. */
static void make_host(char top[64], const char *lines, struct cgroups *cgroups)
{
	char mounts[128], text[512];

	snprintf(top, 64, "/tmp/tare-unit-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(top));
	snprintf(mounts, sizeof(mounts), "%s/mounts", top);
	snprintf(text, sizeof(text), lines, top);
	ck_assert_int_eq(file_write(mounts, text, NULL), 0);
	ck_assert_int_eq(cgroups_read(mounts, cgroups, NULL), 0);
}

static void put(const char *top, const char *name, const char *text)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", top, name);
	ck_assert_int_eq(file_write(path, text, NULL), 0);
}

START_TEST(cpu_time_is_read_from_version_2)
{
	struct cgroups cgroups;
	char top[64], dir[128];

	make_host(top, "cgroup2 %s cgroup2 rw,nosuid 0 0\n", &cgroups);
	ck_assert_int_eq(cgroups.mode, CGROUP_V2);
	snprintf(dir, sizeof(dir), "%s/tare-x", top);
	mkdir(dir, 0700);
	put(dir, "cpu.stat", "usage_usec 1500000\nuser_usec 1\n");
	ck_assert_double_eq(cgroup_cpu(&cgroups, "/tare-x"), 1.5);
	ck_assert_double_eq(cgroup_cpu(&cgroups, "/absent"), -1);
	remove_tree(top, NULL);
}
END_TEST

START_TEST(cpu_time_is_read_from_version_1)
{
	struct cgroups cgroups;
	char top[64], dir[128];

	make_host(top,
		  "cgroup %1$s cgroup rw,nosuid,cpu,cpuacct 0 0\n"
		  "cgroup %1$s/set cgroup rw,cpuset 0 0\ncgroup2 %1$s/unified cgroup2 rw 0 0\n",
		  &cgroups);
	ck_assert_int_eq(cgroups.mode, CGROUP_HYBRID);
	ck_assert_ptr_ne(cgroup_of(&cgroups, "cpu"), cgroup_of(&cgroups, "cpuset"));
	ck_assert_ptr_null(cgroup_of(&cgroups, "memory"));
	snprintf(dir, sizeof(dir), "%s/tare-x", top);
	mkdir(dir, 0700);
	put(dir, "cpuacct.usage", "1500000000\n");
	ck_assert_double_eq_tol(cgroup_cpu(&cgroups, "/tare-x"), 1.5, 1e-9);
	remove_tree(top, NULL);
}
END_TEST

UNIT("container", no_device_can_be_made_where_no_cgroup_says_which_can_be_opened,
     the_filter_follows_the_capabilities, what_a_capability_excludes_is_left_out,
     io_uring_is_denied_as_by_docker_since_25,
     options_that_do_not_go_together_are_refused_with_the_reason,
     all_namespaces_have_the_cgroup_one_where_cgroups_are_v2,
     the_label_says_what_differs_from_the_default_and_always_ends, cpu_time_is_read_from_version_2,
     cpu_time_is_read_from_version_1)
