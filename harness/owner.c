/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/owner.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hypervisor.h"
#include "harness/subcommand.h"

#define WORK_MS 600000 /* the largest run takes a minute */
#define NO_USER 65534  /* nobody, nogroup */
#define NO_GROUP 65534

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

/* From sudo or the system: the directory's group may be any that its owner was ever in. */
static gid_t group_of(uid_t uid)
{
	const struct passwd *user;
	uid_t caller;
	gid_t gid;

	if (owner_behind_sudo(&caller, &gid) && caller == uid)
		return gid;
	user = getpwuid(uid);
	return user ? user->pw_gid : NO_GROUP;
}

static int become(uid_t uid, gid_t gid)
{
	if (setgroups(0, NULL) || setresgid(gid, gid, gid) || setresuid(uid, uid, uid))
		return -errno;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -errno;
	return setresuid(0, 0, 0) == 0 ? -EPERM : 0; /* which must fail */
}

/* The parts of root's environment that the owner may see: the owner can read the environment of a
 * program that runs as the owner (gnuplot). */
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

/* Detached from root's terminal: the owner can trace programs that run as the owner, and one with
 * root's controlling terminal could type there (TIOCSTI). */
static int leave_roots_session(void)
{
	return setsid() < 0 ? -errno : keep_public_environment();
}

static _Noreturn void work_as(uid_t uid, int (*work)(void *), void *argument)
{
	gid_t gid = group_of(uid);
	struct error err;
	int rc = leave_roots_session() ?: become(uid, gid);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (rc) {
		error_errno(&err, rc,
			    "cannot become user %u, who owns the directory, and root does "
			    "nothing in another user's directory; run it as that user",
			    (unsigned)uid);
		_exit(subcommand_failed(&err));
	}
	_exit(subcommand_output(work(argument)));
}

/* The owner can send it signals: it is killed if it is stopped or takes too long. */
static int status_of_child(pid_t pid, uid_t uid)
{
	uint64_t end = clock_now() + (uint64_t)host_limit_ms(WORK_MS) * NSEC_PER_MSEC;
	struct error err;
	int status = 0;
	pid_t got;

	while ((got = waitpid(pid, &status, WNOHANG | WUNTRACED)) <= 0 || WIFSTOPPED(status)) {
		if (got < 0 && errno != EINTR)
			break;
		if (got > 0 || clock_now() > end)
			kill(pid, SIGKILL);
		nanosleep(&(struct timespec){.tv_nsec = 2 * (long)NSEC_PER_MSEC}, NULL);
	}
	if (got > 0 && WIFEXITED(status))
		return WEXITSTATUS(status);
	error_set(&err, -EIO,
		  "the process that works as user %u, who owns the directory, was killed by "
		  "signal %d, or because it was stopped or took too long: the work is incomplete",
		  (unsigned)uid, WTERMSIG(status));
	return subcommand_failed(&err);
}

/* Whether root is about to access what another user owns. */
static bool is_anothers(int fd, uid_t *uid)
{
	struct stat owner;

	*uid = fstat(fd, &owner) ? NO_USER : owner.st_uid;
	return geteuid() == 0 && *uid != 0;
}

bool owner_is_another(const struct directory *directory)
{
	uid_t uid;

	return is_anothers(directory->fd, &uid);
}

int owner_does(const struct directory *directory, int (*work)(void *argument), void *argument)
{
	struct error err;
	uid_t uid;
	pid_t pid;

	if (!is_anothers(directory->fd, &uid))
		return work(argument);
	fflush(NULL);
	pid = fork();
	if (pid < 0) {
		error_errno(&err, -errno, "starting a process of user %u", (unsigned)uid);
		return subcommand_failed(&err);
	}
	if (pid == 0)
		work_as(uid, work, argument);
	return status_of_child(pid, uid);
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
	return rc && errno != EEXIST ? mkdir(path, mode) : rc; /* the user must not create it */
}
