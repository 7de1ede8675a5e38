/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scope clean-up by attribute: the variable is released on every exit from its block. */
#pragma once

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline void cleanup_freep(void *p)
{
	free(*(void **)p);
}

static inline void cleanup_closep(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void cleanup_filep(FILE **file)
{
	if (*file)
		fclose(*file);
}

static inline void cleanup_dirp(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

#define cleanup_free __attribute__((cleanup(cleanup_freep)))
#define cleanup_close __attribute__((cleanup(cleanup_closep)))
#define cleanup_file __attribute__((cleanup(cleanup_filep)))
#define cleanup_dir __attribute__((cleanup(cleanup_dirp)))

#ifdef JANSSON_H
static inline void cleanup_jsonp(json_t **json)
{
	json_decref(*json);
}
#define cleanup_json __attribute__((cleanup(cleanup_jsonp)))
#endif
