/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "workloads/compiler.h"
#include "workloads/workload.h"

#define CHECKED 16 /* objects that verify runs */
#define OBJECT_OF(source) ((source)*2)

struct state {
	char *directory;
	size_t unit, units, next;
	uint32_t *results; /* what each unit's functions must return */
	char *built;       /* 1: the unit's object was written */
	int jobs;
};

static char *path_of(const struct state *s, size_t unit, const char *suffix)
{
	char *path;

	return asprintf(&path, "%s/unit%zu.%s", s->directory, unit, suffix) < 0 ? NULL : path;
}

static int write_source(struct state *s, size_t unit, char *text, struct error *err)
{
	cleanup_free char *path = path_of(s, unit, "c");

	if (!path)
		return error_set(err, -ENOMEM, "no memory for a path");
	source_generate(text, s->unit, unit, &s->results[unit]);
	text[s->unit] = 0;
	return file_write(path, text, err);
}

static int prepare(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;
	cleanup_free char *text = NULL;
	int rc = 0;

	s->unit = (size_t)trial_integer(trial, "unit");
	s->units = (size_t)trial_integer(trial, "tree") / s->unit;
	if (!s->units)
		return error_set(err, -EINVAL, "cpu.compile.tree is smaller than cpu.compile.unit");
	s->jobs = (int)trial_integer(trial, "jobs");
	if (!s->jobs)
		s->jobs = trial->cpu_count ? trial->cpu_count : 1;
	s->results = calloc(s->units, sizeof(*s->results));
	s->built = calloc(s->units, 1);
	text = malloc(s->unit + 1);
	if (!s->results || !s->built || !text ||
	    asprintf(&s->directory, "%s/tare-cpu.compile", trial->scratch) < 0)
		return error_set(err, -ENOMEM, "no memory for cpu.compile");
	if (mkdir(s->directory, 0700) && errno != EEXIST)
		/* cppcheck-suppress memleak ; cleanup_free frees it */
		return error_errno(err, -errno, "making %s", s->directory);
	for (size_t unit = 0; unit < s->units && !rc; unit++)
		rc = write_source(s, unit, text, err);
	return rc;
}

static int write_object(const char *path, const struct object *object)
{
	cleanup_close int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0)
		return -errno;
	return file_write_all(fd, object->code, object->used);
}

/* Runs in a child process; its exit status is an errno. */
static int compile_unit(const struct state *s, size_t unit)
{
	struct object object = {.size = OBJECT_OF(s->unit)};
	cleanup_free char *source = path_of(s, unit, "c"), *to = path_of(s, unit, "o"),
			  *text = NULL;
	size_t length;

	object.code = malloc(object.size);
	if (!source || !to || !object.code || file_read(source, s->unit, &text, &length, NULL))
		return EIO;
	return compile_source(text, length, &object, NULL) ? EIO : -write_object(to, &object);
}

static int start_unit(struct state *s, struct error *err)
{
	pid_t pid = fork();

	if (pid < 0)
		return error_errno(err, -errno, "starting a process");
	if (!pid)
		_exit(compile_unit(s, s->next));
	s->built[s->next] = 1;
	s->next = (s->next + 1) % s->units;
	return 0;
}

static int wait_unit(struct error *err)
{
	int status;

	if (waitpid(-1, &status, 0) < 0)
		return error_errno(err, -errno, "waiting for a compiler");
	if (WIFSIGNALED(status))
		return error_set(err, -EIO, "a compiler was killed by signal %d", WTERMSIG(status));
	return status ? error_errno(err, -WEXITSTATUS(status), "a compiler failed") : 0;
}

static int run(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;
	int running = 0, rc = 0, failed;

	while (!rc && trial_continue(trial)) {
		for (; running < s->jobs && !rc; running += !rc)
			rc = start_unit(s, err);
		if (running && !rc) {
			rc = wait_unit(err);
			running--;
			trial->operations++;
		}
	}
	for (; running; running--) {
		failed = wait_unit(rc ? NULL : err);
		rc = rc ? rc : failed;
		trial->operations++;
	}
	trial_value(trial, "throughput", trial->operations / trial_elapsed(trial));
	return rc;
}

static int check_unit(const struct state *s, size_t unit, struct error *err)
{
	cleanup_free char *path = path_of(s, unit, "o"), *code = NULL;
	struct object object = {0};
	uint32_t result;
	int rc = file_read(path, OBJECT_OF(s->unit), &code, &object.used, err);

	object.code = (uint8_t *)code;
	rc = rc ?: object_run(&object, &result, err);
	if (!rc && result != s->results[unit])
		rc = error_set(err, -EIO, "%s returned %08x, expected %08x", path, result,
			       s->results[unit]);
	return rc;
}

/* Runs a sample of the objects, a different one in each trial, and removes all objects. */
static int verify(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;
	size_t step = s->units / CHECKED + 1;
	int rc = 0;

	for (size_t unit = 0; unit < s->units; unit++) {
		cleanup_free char *path = path_of(s, unit, "o");

		if (!s->built[unit])
			continue;
		if (!rc && (unit % step == trial->seed % step || trial->operations < CHECKED))
			rc = check_unit(s, unit, err);
		s->built[unit] = 0;
		if (path)
			unlink(path);
	}
	return rc;
}

static void cleanup(struct trial *trial)
{
	struct state *s = trial->state;

	for (size_t unit = 0; s->directory && unit < s->units; unit++) {
		cleanup_free char *source = path_of(s, unit, "c"), *object = path_of(s, unit, "o");

		if (source)
			unlink(source);
		if (object)
			unlink(object);
	}
	if (s->directory)
		rmdir(s->directory);
	free(s->directory);
	free(s->results);
	free(s->built);
}

const struct workload cpu_compile = {
	.name = "cpu.compile",
	.version = 1,
	.panel = PANEL_CPU,
	.summary = "compile a tree, one process per source: read, parse, fold, write an object",
	.operation = "one source compiled",
	.stands_for = "compilation of Linux 4.2.2, threads = cores (sharma2016, Figure 4a); a "
		      "small language with its own compiler, no exec of gcc",
	.metrics =
		(const struct metric[]){
			RATE("throughput", "units/s"),
			RATE(PER_CPU_SECOND, "units/CPU s"),
			{0},
		},
	.parameters =
		(const struct parameter[]){
			{"tree", "size of all sources together", PARAMETER_SIZE,
			 .fallback = 4 << 20, .low = 1 << 18, .high = 1 << 30},
			{"unit", "size of one source", PARAMETER_SIZE, .fallback = 1 << 16,
			 .low = 1 << 14, .high = 1 << 20},
			{"jobs", "processes at a time; 0: one per CPU", PARAMETER_INTEGER,
			 .fallback = 0, .low = 0, .high = 64},
			{0},
		},
	.needs = {.cpus = 1, .memory = 16 << 20, .scratch_parameter = "tree", .fork = true},
	.state_bytes = sizeof(struct state),
	.prepare = prepare,
	.run = run,
	.verify = verify,
	.cleanup = cleanup,
};
