/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workloads/facts.h"

#include <dirent.h>
#include <errno.h>
#include <gnu/libc-version.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/file.h"
#include "workloads/vector.h"

static void set(json_t *all, const char *name, const char *value)
{
	if (value && *value)
		json_object_set_new(all, name, json_string(value));
}

/* The fact is the file's first line. */
static void set_line(json_t *all, const char *name, const char *path)
{
	char line[512];

	if (!file_line(path, line, sizeof(line)))
		set(all, name, line);
}

/* "always [madvise] never": the one in brackets. */
static void set_bracketed(json_t *all, const char *name, const char *path)
{
	char line[256], *open, *close;

	if (file_line(path, line, sizeof(line)) || !(open = strchr(line, '[')) ||
	    !(close = strchr(open, ']')))
		return;
	*close = 0;
	set(all, name, open + 1);
}

/* The value of a "key : value" line of a file like /proc/cpuinfo. */
static void set_keyed(json_t *all, const char *name, const char *path, const char *key)
{
	cleanup_free char *text = NULL;
	char *at, *colon;

	if (file_read(path, 1 << 20, &text, NULL, NULL))
		return;
	at = strstr(text, key);
	if (!at || !(colon = strchr(at, ':')))
		return;
	colon += 1 + strspn(colon + 1, " \t");
	colon[strcspn(colon, "\n")] = 0;
	set(all, name, colon);
}

static void set_mitigations(json_t *all)
{
	static const char directory[] = "/sys/devices/system/cpu/vulnerabilities";
	cleanup_dir DIR *dir = opendir(directory);
	struct dirent *entry;
	char path[512], name[300];

	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name);
		snprintf(name, sizeof(name), "mitigation_%s", entry->d_name);
		set_line(all, name, path);
	}
}

static void set_filesystem(json_t *all, const char *scratch)
{
	static const struct {
		unsigned long magic;
		const char *name;
	} known[] = {{0xef53, "ext4"},      {0x58465342, "xfs"},     {0x9123683e, "btrfs"},
		     {0x01021994, "tmpfs"}, {0x794c7630, "overlay"}, {0x2fc12fc1, "zfs"},
		     {0x6969, "nfs"},       {0x858458f6, "ramfs"},   {0xf2f52010, "f2fs"},
		     {0x01021997, "9p"},    {0x65735546, "fuse"}};
	struct statfs fs;
	char number[32];

	if (!scratch || statfs(scratch, &fs))
		return;
	snprintf(number, sizeof(number), "0x%lx", (unsigned long)fs.f_type);
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (known[i].magic == (unsigned long)fs.f_type)
			snprintf(number, sizeof(number), "%s", known[i].name);
	set(all, "scratch_filesystem", number);
}

/* io_uring_setup with an invalid address: EFAULT if the call exists and is allowed. */
static void set_engines(json_t *all)
{
	long rc = syscall(SYS_io_uring_setup, 1, NULL);

	set(all, "io_uring", rc < 0 && errno == EFAULT ? "yes" : "no");
	rc = syscall(SYS_io_setup, 1, NULL);
	set(all, "aio", rc < 0 && errno == EFAULT ? "yes" : "no");
}

json_t *facts(const char *scratch)
{
	static const char thp[] = "/sys/kernel/mm/transparent_hugepage";
	json_t *all = json_object();
	struct utsname names;
	char path[128], text[64];

	if (!uname(&names)) {
		set(all, "kernel", names.release);
		set(all, "kernel_version", names.version);
		set(all, "architecture", names.machine);
	}
	set(all, "libc", gnu_get_libc_version());
	set_keyed(all, "cpu_model", "/proc/cpuinfo", "model name");
	set_line(all, "clocksource",
		 "/sys/devices/system/clocksource/clocksource0/current_clocksource");
	snprintf(path, sizeof(path), "%s/enabled", thp);
	set_bracketed(all, "transparent_huge_pages", path);
	snprintf(path, sizeof(path), "%s/defrag", thp);
	set_bracketed(all, "transparent_huge_pages_defrag", path);
	set_line(all, "huge_pages_reserved", "/proc/sys/vm/nr_hugepages");
	set_line(all, "overcommit", "/proc/sys/vm/overcommit_memory");
	set_line(all, "randomize_va_space", "/proc/sys/kernel/randomize_va_space");
	set_keyed(all, "seccomp", "/proc/self/status", "\nSeccomp:");
	set_keyed(all, "no_new_privileges", "/proc/self/status", "\nNoNewPrivs:");
	set_keyed(all, "capabilities", "/proc/self/status", "\nCapEff:");
	snprintf(text, sizeof(text), "%ld", sysconf(_SC_PAGESIZE));
	set(all, "page_size", text);
	set(all, "vector", vector_name(vector_widest()));
	set_mitigations(all);
	set_filesystem(all, scratch);
	set_engines(all);
	return all;
}

/* Mean ns of a reading, over at most 1000 readings or 200 us: reading a trapped clock is slow. */
static double read_cost(bool kernel)
{
	uint64_t start = clock_now(), now = start;
	struct timespec ts;
	int reads = 0;

	while (reads < 1000 && now - start < 200000) {
		for (int i = 0; i < 10; i++, reads++) {
			if (kernel)
				syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &ts);
			else
				clock_gettime(CLOCK_MONOTONIC, &ts);
		}
		now = clock_now();
	}
	return (double)(now - start) / reads;
}

json_t *facts_clock(void)
{
	double read = read_cost(false), system_call = read_cost(true);
	struct timespec resolution = {0};

	clock_getres(CLOCK_MONOTONIC, &resolution);
	return json_pack("{s:f, s:I, s:b}", "read_ns", read, "resolution_ns",
			 (json_int_t)resolution.tv_nsec, "vdso", read < system_call * 0.7);
}
