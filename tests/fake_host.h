/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A directory that stands for the / of another host: files of /proc and /sys as it shows them. */
#pragma once

#include <check.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

struct fake_host {
	char root[64];
};

static inline void fake_host_init(struct fake_host *host)
{
	snprintf(host->root, sizeof(host->root), "/tmp/tare-host-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(host->root));
}

static inline int fake_host_remove_one(const char *path, const struct stat *st, int type,
				       struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

static inline void fake_host_finish(struct fake_host *host)
{
	nftw(host->root, fake_host_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Makes the directories above the path too. */
static inline void fake_host_directories(struct fake_host *host, const char *path, char *whole,
					 size_t size)
{
	snprintf(whole, size, "%s%s", host->root, path);
	for (char *slash = whole + strlen(host->root) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = 0;
		mkdir(whole, 0700);
		*slash = '/';
	}
}

static inline void fake_host_file(struct fake_host *host, const char *path, const char *text)
{
	char whole[PATH_MAX];
	struct error err;

	fake_host_directories(host, path, whole, sizeof(whole));
	ck_assert_msg(file_write(whole, text, &err) == 0, "%s", err.message);
}

static inline void fake_host_link(struct fake_host *host, const char *path, const char *target)
{
	char whole[PATH_MAX];

	fake_host_directories(host, path, whole, sizeof(whole));
	ck_assert_int_eq(symlink(target, whole), 0);
}
