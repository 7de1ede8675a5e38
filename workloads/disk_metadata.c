/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "workloads/workload.h"

/* As the metrics name their histograms. */
enum step { STEP_CREATE, STEP_STAT, STEP_UNLINK, STEPS };

struct state {
	int directory; /* -1 */
	char *path;
	int files, next; /* next: the file that the current step is at */
	enum step step;
};

static int prepare(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;

	s->directory = -1;
	s->files = (int)trial_integer(trial, "files");
	if (asprintf(&s->path, "%s/tare-disk.metadata", trial->scratch) < 0)
		return error_set(err, -ENOMEM, "no memory for disk.metadata");
	if (mkdir(s->path, 0700) && errno != EEXIST)
		return error_errno(err, -errno, "making %s", s->path);
	s->directory = open(s->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return s->directory < 0 ? error_errno(err, -errno, "opening %s", s->path) : 0;
}

static int do_step(const struct state *s, enum step step, const char *name)
{
	struct stat found;
	int fd;

	switch (step) {
	case STEP_CREATE:
		fd = openat(s->directory, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		return fd < 0 || close(fd) ? -errno : 0;
	case STEP_STAT:
		if (fstatat(s->directory, name, &found, AT_SYMLINK_NOFOLLOW))
			return -errno;
		return S_ISREG(found.st_mode) && found.st_size == 0 ? 0 : -EIO;
	default:
		return unlinkat(s->directory, name, 0) ? -errno : 0;
	}
}

/* Creating an existing file fails, as does stat or unlink of a missing one. */
static int run(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;
	uint64_t now = clock_now();

	while (trial_continue_at(trial, &now)) {
		uint64_t start = now;
		char name[16];
		int rc;

		snprintf(name, sizeof(name), "file%d", s->next);
		rc = do_step(s, s->step, name);
		if (rc)
			return error_errno(err, rc, "step %d on %s/%s", (int)s->step, s->path,
					   name);
		now = clock_now();
		histogram_record(trial->histograms[s->step], now - start);
		trial->operations++;
		if (++s->next == s->files) {
			s->next = 0;
			s->step = (enum step)((s->step + 1) % STEPS);
		}
	}
	trial_value(trial, "throughput", trial->operations / trial_elapsed(trial));
	return 0;
}

/* Exactly the files that the completed steps imply must exist. */
static int verify(struct trial *trial, struct error *err)
{
	const struct state *s = trial->state;

	for (int i = 0; i < s->files; i++) {
		bool there = s->step == STEP_CREATE   ? i < s->next
			     : s->step == STEP_UNLINK ? i >= s->next
						      : true;
		char name[16];

		snprintf(name, sizeof(name), "file%d", i);
		if (!faccessat(s->directory, name, F_OK, 0) != there)
			return error_set(err, -EIO, "%s/%s is %s", s->path, name,
					 there ? "lost" : "still present");
	}
	return 0;
}

static void cleanup(struct trial *trial)
{
	struct state *s = trial->state;

	for (int i = 0; s->directory >= 0 && i < s->files; i++) {
		char name[16];

		snprintf(name, sizeof(name), "file%d", i);
		unlinkat(s->directory, name, 0);
	}
	if (s->directory >= 0)
		close(s->directory);
	if (s->path)
		rmdir(s->path);
	free(s->path);
}

const struct workload disk_metadata = {
	.name = "disk.metadata",
	.version = 1,
	.panel = PANEL_DISK,
	.summary = "create, stat and unlink small files in one directory",
	.operation = "one create, stat or unlink",
	.stands_for = "lmbench lat_fs; file operations in young2019, Figure 6",
	.metrics =
		(const struct metric[]){
			RATE("throughput", "operations/s"),
			TIME_US("create_mean", "create", 0),
			TIME_US("stat_mean", "stat", 0),
			TIME_US("unlink_mean", "unlink", 0),
			{0},
		},
	.parameters =
		(const struct parameter[]){
			{"files", "files created before they are examined and removed",
			 PARAMETER_INTEGER, .fallback = 128, .low = 1, .high = 100000},
			{"space", "size that the directory may reach", PARAMETER_SIZE,
			 .fallback = 16 << 20, .low = 1 << 20, .high = 1 << 30},
			{0},
		},
	.needs = {.cpus = 1, .scratch_parameter = "space"},
	.state_bytes = sizeof(struct state),
	.prepare = prepare,
	.run = run,
	.verify = verify,
	.cleanup = cleanup,
};
