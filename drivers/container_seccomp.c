/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Docker's default seccomp profile, converted from Docker's format (rules that hold for some
 * architectures, capabilities and kernels) into the runtime's (rules).
 *
 * drivers/docker_seccomp.json is profiles/seccomp/default.json of Docker 20.10.24, byte for byte as
 * in Debian's package golang-github-docker-docker-dev 20.10.24+dfsg1-1+deb12u1; Copyright 2012-2017
 * Docker, Inc., Apache License 2.0. Docker 25.0 removed io_uring from the profile, and so does this
 * file.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "drivers/container.h"
#include "base/cleanup.h"

const char container_seccomp_origin[] =
	"Docker 20.10.24's default profile without io_uring_enter, io_uring_register and "
	"io_uring_setup, which Docker denies since 25.0";

#if defined(__x86_64__)
#define ARCH_DOCKER "amd64"
#define ARCH_OCI "SCMP_ARCH_X86_64"
#elif defined(__aarch64__)
#define ARCH_DOCKER "arm64"
#define ARCH_OCI "SCMP_ARCH_AARCH64"
#else
#error "say how Docker and OCI call this architecture"
#endif

__asm__(".pushsection .rodata\n"
	"docker_seccomp_begin:\n"
	".incbin \"drivers/docker_seccomp.json\"\n"
	"docker_seccomp_end:\n"
	".popsection\n");
extern const char docker_seccomp_begin[], docker_seccomp_end[];

static bool array_holds(json_t *array, const char *word)
{
	json_t *item;
	size_t i;

	json_array_foreach (array, i, item)
		if (!strcmp(json_string_value(item), word))
			return true;
	return false;
}

static bool kernel_at_least(const char *wanted)
{
	int major = 0, minor = 0, want_major = 0, want_minor = 0;
	struct utsname name;

	uname(&name);
	sscanf(name.release, "%d.%d", &major, &minor);
	sscanf(wanted, "%d.%d", &want_major, &want_minor);
	return major > want_major || (major == want_major && minor >= want_minor);
}

/* "includes": all of the capabilities, one of the architectures, the kernel version. */
static bool includes_hold(json_t *rule, json_t *capabilities)
{
	json_t *condition = json_object_get(rule, "includes"), *item;
	json_t *arches = json_object_get(condition, "arches");
	const char *kernel = json_string_value(json_object_get(condition, "minKernel"));
	size_t i;

	if (json_array_size(arches) && !array_holds(arches, ARCH_DOCKER))
		return false;
	json_array_foreach (json_object_get(condition, "caps"), i, item)
		if (!array_holds(capabilities, json_string_value(item)))
			return false;
	return !kernel || kernel_at_least(kernel);
}

/* "excludes": any of them. */
static bool excludes_hold(json_t *rule, json_t *capabilities)
{
	json_t *condition = json_object_get(rule, "excludes"), *item;
	const char *kernel = json_string_value(json_object_get(condition, "minKernel"));
	size_t i;

	if (array_holds(json_object_get(condition, "arches"), ARCH_DOCKER))
		return true;
	json_array_foreach (json_object_get(condition, "caps"), i, item)
		if (array_holds(capabilities, json_string_value(item)))
			return true;
	return kernel && kernel_at_least(kernel);
}

static json_t *convert_names(json_t *names)
{
	json_t *kept = json_array(), *name;
	size_t i;

	json_array_foreach (names, i, name)
		if (strncmp(json_string_value(name), "io_uring_", strlen("io_uring_")))
			json_array_append(kept, name);
	return kept;
}

static json_t *convert_rule(json_t *rule)
{
	json_t *converted = json_object();
	json_t *args = json_object_get(rule, "args"), *error = json_object_get(rule, "errnoRet");

	json_object_set_new(converted, "names", convert_names(json_object_get(rule, "names")));
	json_object_set(converted, "action", json_object_get(rule, "action"));
	if (json_array_size(args))
		json_object_set(converted, "args", args);
	if (error)
		json_object_set(converted, "errnoRet", error);
	return converted;
}

static json_t *architectures(json_t *map)
{
	json_t *list = json_array(), *entry;
	size_t i;

	json_array_foreach (map, i, entry) {
		json_t *name = json_object_get(entry, "architecture");

		if (strcmp(json_string_value(name), ARCH_OCI))
			continue;
		json_array_append(list, name);
		json_array_extend(list, json_object_get(entry, "subArchitectures"));
	}
	return list;
}

json_t *container_seccomp(json_t *capabilities, struct error *err)
{
	cleanup_json json_t *profile = NULL;
	json_t *rules = json_array(), *rule;
	json_error_t error;
	size_t i;

	profile = json_loadb(docker_seccomp_begin,
			     (size_t)(docker_seccomp_end - docker_seccomp_begin), 0, &error);
	if (!profile || !rules) {
		json_decref(rules);
		error_set(err, -EBADMSG, "Docker's seccomp profile: %s", error.text);
		return NULL;
	}
	json_array_foreach (json_object_get(profile, "syscalls"), i, rule)
		if (includes_hold(rule, capabilities) && !excludes_hold(rule, capabilities))
			json_array_append_new(rules, convert_rule(rule));
	return json_pack("{s:O, s:o, s:o}", "defaultAction",
			 json_object_get(profile, "defaultAction"), "architectures",
			 architectures(json_object_get(profile, "archMap")), "syscalls", rules);
}
