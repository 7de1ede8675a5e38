/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/guest/modules.h"

#include <elf.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "drivers/guest/module_file.h"

#define ORDER_BYTES_MAX (4u << 20)
#define DEPTH_MAX 16

/* Module names use _ and - interchangeably; lists have file names with or without the compression
 * suffix. */
static bool same_name(const char *path, size_t length, const char *name)
{
	const char *slash = memrchr(path, '/', length);
	const char *base = slash ? slash + 1 : path;
	size_t base_length = module_file_plain_length(base, length - (size_t)(base - path));

	if (base_length != strlen(name) + 3 || memcmp(base + base_length - 3, ".ko", 3) != 0)
		return false;
	for (size_t i = 0; name[i]; i++)
		if (name[i] != base[i] && !(strchr("-_", name[i]) && strchr("-_", base[i])))
			return false;
	return true;
}

/* The path of `name` in a list of modules, one per line, in modules.dep followed by a colon; "" if
 * it is missing. */
static int find_line(const char *directory, const char *list, const char *name, char line[PATH_MAX],
		     struct error *err)
{
	cleanup_free char *text = NULL;
	char path[PATH_MAX];
	int rc;

	line[0] = 0;
	snprintf(path, sizeof(path), "%s/%s", directory, list);
	rc = file_read(path, ORDER_BYTES_MAX, &text, NULL, err);
	if (rc < 0)
		return rc;
	for (const char *at = text; *at;) {
		size_t length = strcspn(at, ":\n");

		if (same_name(at, length, name) && length < PATH_MAX) {
			memcpy(line, at, length);
			line[length] = 0;
			return 0;
		}
		at += strcspn(at, "\n");
		at += *at == '\n';
	}
	return 0;
}

/* Section `wanted` of a 64-bit ELF file; NULL: there is none, or the file is truncated. */
static const char *section(const char *data, size_t size, const char *wanted, size_t *length)
{
	const Elf64_Ehdr *header = (const Elf64_Ehdr *)data;
	const Elf64_Shdr *sections, *names;

	if (size < sizeof(*header) || memcmp(data, ELFMAG, SELFMAG) != 0 ||
	    data[EI_CLASS] != ELFCLASS64 || header->e_shoff > size || header->e_shoff % 8 ||
	    (size - header->e_shoff) / sizeof(*sections) < header->e_shnum ||
	    header->e_shstrndx >= header->e_shnum)
		return NULL;
	sections = (const Elf64_Shdr *)(data + header->e_shoff);
	names = &sections[header->e_shstrndx];
	for (int i = 0; i < header->e_shnum; i++) {
		const Elf64_Shdr *at = &sections[i];

		if (at->sh_offset > size || at->sh_size > size - at->sh_offset ||
		    names->sh_offset >= size || at->sh_name >= size - names->sh_offset)
			continue;
		/* file_read has appended a NUL, so strings end in the buffer */
		if (strcmp(data + names->sh_offset + at->sh_name, wanted) == 0) {
			*length = at->sh_size;
			return data + at->sh_offset;
		}
	}
	return NULL;
}

/* The module's dependencies, separated by commas; the caller frees. */
static int read_dependencies(const char *path, char **names, struct error *err)
{
	static const char key[] = "depends=";
	cleanup_free char *data = NULL;
	size_t size, length;
	const char *info;
	int rc = module_file_read(path, &data, &size, err);

	if (rc < 0)
		return rc;
	info = section(data, size, ".modinfo", &length);
	if (!info)
		return error_set(err, -EINVAL, "%s is not a kernel module", path);
	for (size_t at = 0; at < length; at += strnlen(info + at, length - at) + 1)
		if (strncmp(info + at, key, sizeof(key) - 1) == 0) {
			at += sizeof(key) - 1;
			*names = strndup(info + at, length - at);
			return *names ? 0 : -ENOMEM;
		}
	*names = strdup("");
	return *names ? 0 : -ENOMEM;
}

static bool listed(const struct module_list *list, const char *path)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->paths[i], path) == 0)
			return true;
	return false;
}

/* modules.order is from the kernel's build; distributions without it have depmod's list. */
static const char *list_of(const char *directory)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/modules.order", directory);
	return access(path, R_OK) == 0 ? "modules.order" : "modules.dep";
}

static int locate(const char *directory, const char *name, char path[PATH_MAX], struct error *err)
{
	char line[PATH_MAX], plain[PATH_MAX];
	int rc = find_line(directory, list_of(directory), name, line, err);

	path[0] = 0;
	if (rc < 0)
		return rc;
	if (line[0]) {
		line[module_file_plain_length(line, strlen(line))] = 0;
		if (snprintf(plain, PATH_MAX, "%s/%s", directory, line) >= PATH_MAX)
			return error_errno(err, -ENAMETOOLONG, "module %s", name);
		if (module_file_find(plain, path))
			return 0;
		return error_set(
			err, -ENOTSUP,
			"cannot read module %s as %s, .xz or .zst, so this kernel cannot be used",
			name, plain);
	}
	rc = find_line(directory, "modules.builtin", name, line, err);
	if (rc == 0 && !line[0])
		rc = error_set(err, -ENOENT, "%s has no module %s", directory, name);
	return rc;
}

static int add(struct module_list *list, const char *directory, const char *name, int depth,
	       struct error *err)
{
	cleanup_free char *names = NULL;
	char path[PATH_MAX], *next, *rest;
	int rc = locate(directory, name, path, err);

	if (rc < 0 || !path[0] || listed(list, path))
		return rc;
	if (depth > DEPTH_MAX)
		return error_set(err, -ELOOP, "module %s depends on itself", name);
	rc = read_dependencies(path, &names, err);
	if (rc < 0)
		return rc;
	for (next = strtok_r(names, ",", &rest); next; next = strtok_r(NULL, ",", &rest)) {
		rc = add(list, directory, next, depth + 1, err);
		if (rc < 0)
			return rc;
	}
	if (list->count == GUEST_MODULES_MAX)
		return error_set(err, -E2BIG, "a guest with more than %d modules",
				 GUEST_MODULES_MAX);
	list->paths[list->count] = strdup(path);
	if (!list->paths[list->count])
		return error_errno(err, -ENOMEM, "module %s", name);
	list->count++;
	return 0;
}

int module_list_add(struct module_list *list, const char *directory, const char *name,
		    struct error *err)
{
	return add(list, directory, name, 0, err);
}

void module_list_finish(struct module_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->paths[i]);
	list->count = 0;
}
