/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/run/run_directory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
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

static int make_directory(const char *path, struct error *err)
{
	if (mkdir(path, 0700) == 0)
		return 0;
	if (errno == EEXIST)
		return error_set(err, -EEXIST,
				 "%s already exists, and a run never overwrites another; give "
				 "another --out, or continue it with --resume",
				 path);
	return error_set(err, -EINVAL,
			 "cannot create the run directory '%s' (%s); give a new one in a writable "
			 "directory with --out",
			 path, strerror(errno));
}

/* Between mkdir and open the parent's owner may have put another one there: it must be as new. */
static int check_new(const struct directory *directory, struct error *err)
{
	struct stat st;

	if (fstat(directory->fd, &st))
		return error_errno(err, -errno, "%s", directory->path);
	if (st.st_uid == geteuid() && !(st.st_mode & 077) && st.st_nlink <= 2)
		return 0;
	return error_set(err, -EACCES,
			 "%s was replaced while it was being created: nothing was started in it",
			 directory->path);
}

static int make(struct run_setup *setup, const char *path, struct error *err)
{
	int rc = make_directory(path, err);

	if (!rc)
		rc = directory_open(path, &setup->files, err);
	if (!rc)
		rc = check_new(&setup->files, err);
	if (rc)
		return rc;
	setup->directory = realpath(path, NULL);
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
	if (rc == -EEXIST) /* another one began in the same second */
		rc = make_default(setup, setup->id, err);
	return rc;
}

void run_directory_give(struct run *run)
{
	if (run->setup.files.fd < 0 || run->setup.files.uid == NOBODY_ELSE)
		return;
	/* What cannot be given stays root's: no reason to fail a run that is over. */
	if (fchown(run->setup.files.fd, run->setup.files.uid, run->setup.files.gid))
		run_warn(&run->record, "%s still belongs to root: %s", run->setup.directory,
			 strerror(errno));
}
