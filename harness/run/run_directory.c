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

/* "20261123T013400Z-overhead", and the id with four digits more. */
static int name_run(struct run *run, char *name, size_t size, struct error *err)
{
	uint16_t number = 0;
	time_t now = time(NULL);
	char stamp[32];
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &tm);
	if (getrandom(&number, sizeof(number), 0) != sizeof(number))
		return error_errno(err, -errno, "naming the run");
	snprintf(name, size, "%s-%s", stamp, run->plan->study);
	snprintf(run->id, sizeof(run->id), "%.100s-%04x", name, number);
	return 0;
}

static int make_directory(const char *path, struct error *err)
{
	if (mkdir(path, 0700) == 0)
		return 0;
	if (errno == EEXIST)
		return error_set(err, -EEXIST,
				 "%s is there already, and no run writes over another; "
				 "choose another --out, or go on with it by --resume",
				 path);
	return error_set(err, -EINVAL,
			 "the run directory '%s' cannot be made (%s); --out takes a new one in a "
			 "directory that is there and can be written",
			 path, strerror(errno));
}

static int make_default(struct run *run, const char *name, struct error *err)
{
	char *path;
	int rc;

	if (asprintf(&path, "%s/%s", RUN_PARENT, name) < 0)
		return error_errno(err, -ENOMEM, "the run directory");
	rc = make_directory(path, err);
	if (rc)
		free(path);
	else
		run->directory = path;
	return rc;
}

int run_directory_create(struct run *run, struct error *err)
{
	char name[120];
	int rc;

	if (run->resumed)
		return 0;
	rc = name_run(run, name, sizeof(name), err);
	if (rc)
		return rc;
	if (run->options.out) {
		rc = make_directory(run->options.out, err);
		run->directory = rc ? NULL : realpath(run->options.out, NULL);
		return rc;
	}
	if (mkdir(RUN_PARENT, 0755) == 0)
		run_give_to_user(RUN_PARENT);
	rc = make_default(run, name, err);
	if (rc == -EEXIST) /* another one began in the same second */
		rc = make_default(run, run->id, err);
	return rc;
}
