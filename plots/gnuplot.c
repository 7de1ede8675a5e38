/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plots/gnuplot.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/command.h"
#include "base/file.h"

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 8U /* Linux 6.3 */
#endif

#define GNUPLOT_MS 20000 /* a figure takes 0.1 to 0.5 s */
#define DRAWING_BYTES (16u << 20)
#define PAINTERS_MOST 16

/* Shared by the painters, each of which takes the next drawing until there is none. */
struct studio {
	struct drawing *drawings;
	int count, next;
	struct error first;
	pthread_mutex_t lock;
};

void sheet_finish(struct sheet *sheet)
{
	free(sheet->script);
	free(sheet->data);
	*sheet = (struct sheet){0};
}

/* A file without a name. */
static int anonymous_file(const char *bytes, size_t size)
{
	int fd = memfd_create("figure", MFD_CLOEXEC | MFD_NOEXEC_SEAL), rc;

	if (fd < 0 && errno == EINVAL)
		fd = memfd_create("figure", MFD_CLOEXEC);
	if (fd < 0)
		return -errno;
	rc = file_write_all(fd, bytes, size);
	if (!rc)
		return fd;
	close(fd);
	return rc;
}

static int draw(struct drawing *drawing, struct error *err)
{
	const struct sheet *sheet = drawing->sheet;
	cleanup_close int script = anonymous_file(sheet->script, sheet->script_size);
	cleanup_close int data = anonymous_file(sheet->data, sheet->data_size);
	char settings[64];
	const char *const argv[] = {"gnuplot", "-d", "-e", settings, "/proc/self/fd/0", NULL};
	struct command command = {.argv = argv,
				  .input = script,
				  .data = data,
				  .timeout_ms = GNUPLOT_MS,
				  .limit = DRAWING_BYTES};
	int code;

	if (script < 0 || data < 0)
		return error_errno(err, script < 0 ? script : data, "drawing %s.%s", drawing->name,
				   drawing->format);
	snprintf(settings, sizeof(settings), "format='%s'; data='/proc/self/fd/%d'",
		 drawing->format, COMMAND_DATA);
	code = command_capture(&command, &drawing->bytes, &drawing->size, err);
	if (code == -ENOENT)
		return error_set(err, code,
				 "gnuplot is not installed, so no figure is drawn (data and "
				 "scripts are written): apt-get install gnuplot-nox");
	return code ? error_prefix(err, "drawing %s.%s", drawing->name, drawing->format) : 0;
}

static void *paint(void *argument)
{
	struct studio *studio = argument;
	struct error err = {0};

	pthread_mutex_lock(&studio->lock);
	while (studio->next < studio->count) {
		struct drawing *drawing = &studio->drawings[studio->next++];

		pthread_mutex_unlock(&studio->lock);
		drawing->code = draw(drawing, &err);
		pthread_mutex_lock(&studio->lock);
		if (drawing->code && !studio->first.code)
			studio->first = err;
	}
	pthread_mutex_unlock(&studio->lock);
	return NULL;
}

static int painter_count(int drawings)
{
	cpu_set_t cpus;
	int count = sched_getaffinity(0, sizeof(cpus), &cpus) ? 1 : CPU_COUNT(&cpus);

	count = count < PAINTERS_MOST ? count : PAINTERS_MOST;
	return count < drawings ? count : drawings;
}

int gnuplot_draw(struct drawing *drawings, int count, struct error *err)
{
	struct studio studio = {
		.drawings = drawings, .count = count, .lock = PTHREAD_MUTEX_INITIALIZER};
	pthread_t painters[PAINTERS_MOST];
	int wanted = painter_count(count), started = 1;

	while (started < wanted && !pthread_create(&painters[started], NULL, paint, &studio))
		started++;
	paint(&studio); /* this thread is the first painter */
	while (--started > 0)
		pthread_join(painters[started], NULL);
	if (studio.first.code)
		return error_set(err, studio.first.code, "%s", studio.first.message);
	return 0;
}
