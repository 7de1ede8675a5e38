/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plots/gnuplot.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

#include "base/command.h"

#define GNUPLOT_MS 20000 /* a figure takes 0.1 to 0.5 s */
#define PAINTERS_MOST 16

/* What the painters share: each takes the next drawing until there is none. */
struct studio {
	const char *directory;
	struct drawing *drawings;
	int count, next;
	struct error first;
	pthread_mutex_t lock;
};

static int draw(const struct studio *studio, const struct drawing *drawing, struct error *err)
{
	char format[32], script[NAME_MAX], path[PATH_MAX];
	const char *const arguments[] = {"gnuplot", "-d", "-e", format, script, NULL};
	int code;

	snprintf(format, sizeof(format), "format='%s'", drawing->format);
	snprintf(script, sizeof(script), "%s.gp", drawing->name);
	snprintf(path, sizeof(path), "%s/%s.%s", studio->directory, drawing->name, drawing->format);
	unlink(path);
	code = command_run(arguments, studio->directory, GNUPLOT_MS, NULL, err);
	if (code == -ENOENT)
		return error_set(err, code,
				 "gnuplot is not installed: no figure is drawn (their data and "
				 "scripts are written): apt-get install gnuplot-nox");
	if (code) {
		unlink(path);
		error_prefix(err, "drawing %s.%s", drawing->name, drawing->format);
	}
	return code;
}

static void *paint(void *argument)
{
	struct studio *studio = argument;
	struct error err = {0};

	pthread_mutex_lock(&studio->lock);
	while (studio->next < studio->count) {
		struct drawing *drawing = &studio->drawings[studio->next++];

		pthread_mutex_unlock(&studio->lock);
		drawing->code = draw(studio, drawing, &err);
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

int gnuplot_draw(const char *directory, struct drawing *drawings, int count, struct error *err)
{
	struct studio studio = {.directory = directory,
				.drawings = drawings,
				.count = count,
				.lock = PTHREAD_MUTEX_INITIALIZER};
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
