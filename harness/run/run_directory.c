/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/run/run_directory.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "harness/owner.h"

/* "20261123T013400Z-overhead", and the id with four digits more. */
static int name_run(struct run_setup *setup, char *name, size_t size, struct error *err)
{
	uint16_t number = 0;
	time_t now = time(NULL);
	char stamp[32];
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &tm);
	if (getrandom(&number, sizeof(number), 0) != sizeof(number))
		return error_errno(err, -errno, "naming the run");
	snprintf(name, size, "%s-%s", stamp, setup->plan->study);
	snprintf(setup->id, sizeof(setup->id), "%.100s-%04x", name, number);
	return 0;
}

static int refuse(const char *path, int rc, struct error *err)
{
	if (rc == -EEXIST)
		return error_set(err, rc,
				 "%s already exists, and a run never overwrites another; give "
				 "another --out, or continue it with --resume",
				 path);
	return error_set(err, -EINVAL,
			 "cannot create the run directory '%s' (%s); give a new one in a writable "
			 "directory with --out",
			 path, strerror(-rc));
}

static int make(struct run_setup *setup, const char *path, struct error *err)
{
	cleanup_free char *above = strdup(path), *name = strdup(path);
	int rc;

	directory_close(&setup->parent);
	rc = directory_open(dirname(above), &setup->parent, err);
	rc = rc ?: directory_make(&setup->parent, basename(name), 0700, &setup->files, err);
	if (rc)
		return refuse(path, rc, err);
	free(setup->files.path);
	setup->files.path = strdup(path); /* as the user wrote it */
	setup->directory = directory_real_path(&setup->files);
	owner_behind_sudo(&setup->files.uid, &setup->files.gid);
	return setup->directory ? 0 : error_errno(err, -errno, "%s", path);
}

static int make_default(struct run_setup *setup, const char *name, struct error *err)
{
	cleanup_free char *path = NULL;

	if (asprintf(&path, "%s/%s", RUN_PARENT, name) < 0)
		return error_errno(err, -ENOMEM, "the run directory");
	return make(setup, path, err);
}

int run_directory_create(struct run_setup *setup, struct error *err)
{
	char name[120];
	int rc;

	if (setup->resumed)
		return 0;
	rc = name_run(setup, name, sizeof(name), err);
	if (rc)
		return rc;
	if (setup->options.out)
		return make(setup, setup->options.out, err);
	owner_makes_directory(RUN_PARENT, 0755);
	rc = make_default(setup, name, err);
	if (rc == -EEXIST) /* another run began in the same second */
		rc = make_default(setup, setup->id, err);
	return rc;
}

void run_directory_remove(const struct run_setup *setup)
{
	const char *name = setup->directory ? strrchr(setup->directory, '/') : NULL;

	if (name)
		unlinkat(setup->parent.fd, name + 1, AT_REMOVEDIR);
}

void run_directory_give(struct run *run)
{
	if (run->setup.files.fd < 0 || run->setup.files.uid == NOBODY_ELSE)
		return;
	/* What cannot be given stays root's, which is no reason to fail a finished run. */
	if (fchown(run->setup.files.fd, run->setup.files.uid, run->setup.files.gid))
		run_warn(&run->record, "%s still belongs to root: %s", run->setup.directory,
			 strerror(errno));
}
