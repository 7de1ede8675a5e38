/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/owner.h"

#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/subcommand.h"

static int become(uid_t uid, gid_t gid)
{
	if (setgroups(0, NULL) || setresgid(gid, gid, gid) || setresuid(uid, uid, uid))
		return -errno;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -errno;
	return setresuid(0, 0, 0) == 0 ? -EPERM : 0; /* it must not be possible any more */
}

/* What the owner may know of root's environment: a program that runs as the owner (gnuplot) shows
 * its whole environment to the owner. */
static int keep_public_environment(void)
{
	static const char *const names[] = {"PATH",     "LANG", "LANGUAGE", "LC_ALL",
					    "LC_CTYPE", "TERM", "TZ",       "NO_COLOR"};
	const int count = sizeof(names) / sizeof(*names);
	char *values[sizeof(names) / sizeof(*names)];
	int rc = 0;

	for (int i = 0; i < count; i++) {
		const char *value = getenv(names[i]);

		values[i] = value ? strdup(value) : NULL;
	}
	clearenv();
	for (int i = 0; i < count; i++) {
		if (values[i] && setenv(names[i], values[i], 1))
			rc = -errno;
		free(values[i]);
	}
	return rc;
}

/*
 * Away from root's terminal: the owner can trace programs that run as the owner, and one whose
 * controlling terminal is root's could type there (TIOCSTI).
 */
static int leave_roots_session(void)
{
	return setsid() < 0 ? -errno : keep_public_environment();
}

static _Noreturn void work_as(const struct stat *owner, int (*work)(void *), void *argument)
{
	struct error err;
	int rc = leave_roots_session() ?: become(owner->st_uid, owner->st_gid);

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (rc) {
		error_errno(&err, rc,
			    "cannot become user %u, who owns the directory, and root derives "
			    "nothing in another user's directory; run it as that user",
			    (unsigned)owner->st_uid);
		_exit(subcommand_failed(&err));
	}
	_exit(subcommand_output(work(argument)));
}

static int status_of_child(pid_t pid)
{
	struct error err;
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR) {
			error_errno(&err, -errno, "waiting for the report");
			return subcommand_failed(&err);
		}
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	error_set(&err, -EIO, "the process that derives the report was killed by signal %d",
		  WTERMSIG(status));
	return subcommand_failed(&err);
}

int owner_does(const struct directory *directory, int (*work)(void *argument), void *argument)
{
	struct stat owner;
	struct error err;
	pid_t pid;

	if (fstat(directory->fd, &owner)) {
		error_errno(&err, -errno, "%s", directory->path);
		return subcommand_refuse(&err);
	}
	if (geteuid() != 0 || owner.st_uid == 0)
		return work(argument);
	fflush(NULL);
	pid = fork();
	if (pid < 0) {
		error_errno(&err, -errno, "starting a process of user %u", (unsigned)owner.st_uid);
		return subcommand_failed(&err);
	}
	if (pid == 0)
		work_as(&owner, work, argument);
	return status_of_child(pid);
}

static long number_of(const char *name)
{
	const char *text = getenv(name);
	char *end;
	long number = text ? strtol(text, &end, 10) : -1;

	return text && end != text && !*end ? number : -1;
}

bool owner_behind_sudo(uid_t *uid, gid_t *gid)
{
	long user = number_of("SUDO_UID"), group = number_of("SUDO_GID");

	if (geteuid() != 0 || user <= 0 || group < 0)
		return false;
	*uid = (uid_t)user;
	*gid = (gid_t)group;
	return true;
}

int owner_makes_directory(const char *path, mode_t mode)
{
	uid_t uid;
	gid_t gid;
	int rc;

	if (!owner_behind_sudo(&uid, &gid))
		return mkdir(path, mode);
	setfsgid(gid);
	setfsuid(uid);
	rc = mkdir(path, mode);
	setfsuid(0);
	setfsgid(0);
	return rc && errno != EEXIST ? mkdir(path, mode) : rc; /* it is not the user's to make */
}
