/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For tests/torture.py: preloaded into `tare`, it kills the process at a named point of its life.
 * The product itself holds no test code: what it calls anyway are the points.
 *
 *   TARE_DIE_AT=POINT:N      dies when POINT is passed for the Nth time
 *   TARE_POINTS=FILE         writes the points that are passed, one a line
 *
 * POINT is "CALL" (before it) or "CALL-done" (after it) for the calls below, or, for a line of a
 * journal that has just reached the disk, "add-KIND", "drop-KIND", "trial" or the event's name.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <libvirt/libvirt.h>
#include <netlink/route/link.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

static struct {
	char point[64];
	int passes, log;
	pid_t pid;
	pthread_mutex_t mutex;
} plan = {.log = -1, .mutex = PTHREAD_MUTEX_INITIALIZER};

static void *real(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

__attribute__((constructor)) static void read_plan(void)
{
	const char *die_at = getenv("TARE_DIE_AT"), *points = getenv("TARE_POINTS");

	if (die_at && sscanf(die_at, "%63[^:]:%d", plan.point, &plan.passes) != 2)
		abort();
	if (points)
		plan.log = open(points, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	plan.pid = getpid();
	unsetenv("LD_PRELOAD"); /* for this process, not for what it starts */
}

static void pass(const char *call, const char *suffix)
{
	char point[80];

	if (getpid() != plan.pid) /* forked */
		return;
	snprintf(point, sizeof(point), "%s%s", call, suffix);
	pthread_mutex_lock(&plan.mutex);
	if (plan.log >= 0)
		dprintf(plan.log, "%s\n", point);
	if (strcmp(point, plan.point) == 0 && --plan.passes == 0)
		kill(plan.pid, SIGKILL);
	pthread_mutex_unlock(&plan.mutex);
}

/* The value of a key of a flat line of JSON. */
static int value_of(const char *line, const char *key, char value[32])
{
	char wanted[32];
	const char *at;

	snprintf(wanted, sizeof(wanted), "\"%s\":\"", key);
	at = strstr(line, wanted);
	return at && sscanf(at + strlen(wanted), "%31[a-z]", value) == 1;
}

static void pass_line(int fd)
{
	char text[4096] = "", value[32];
	off_t size = lseek(fd, 0, SEEK_END);
	size_t want = size < (off_t)sizeof(text) - 1 ? (size_t)size : sizeof(text) - 1;
	char *line;

	if (size <= 0 || pread(fd, text, want, size - (off_t)want) != (ssize_t)want)
		return;
	text[want - 1] = 0; /* the newline */
	line = strrchr(text, '\n');
	line = line ? line + 1 : text;
	if (value_of(line, "add", value))
		pass("add-", value);
	else if (value_of(line, "drop", value))
		pass("drop-", value);
	else if (value_of(line, "event", value))
		pass(value, "");
	else if (!strchr(line, '{') || strstr(line, "\"sequence\""))
		pass("trial", ""); /* a long line: its head is not in `text` */
}

int fdatasync(int fd)
{
	int (*next)(int) = real("fdatasync");
	int rc = next(fd);

	pass_line(fd);
	return rc;
}

#define POINT(type, name, parameters, arguments)                                                   \
	type name parameters                                                                       \
	{                                                                                          \
		type(*next) parameters = real(#name);                                              \
		type result;                                                                       \
                                                                                                   \
		pass(#name, "");                                                                   \
		result = next arguments;                                                           \
		pass(#name, "-done");                                                              \
		return result;                                                                     \
	}

POINT(int, mkdir, (const char *path, mode_t mode), (path, mode))
POINT(int, mkdirat, (int parent, const char *path, mode_t mode), (parent, path, mode))
POINT(int, rename, (const char *from, const char *to), (from, to))
POINT(int, umount2, (const char *path, int flags), (path, flags))
POINT(int, mount,
      (const char *source, const char *target, const char *type, unsigned long flags,
       const void *data),
      (source, target, type, flags, data))
POINT(int, unshare, (int flags), (flags))
POINT(int, rtnl_link_add, (struct nl_sock * socket, struct rtnl_link *link, int flags),
      (socket, link, flags))
POINT(int, posix_spawnp,
      (pid_t *restrict pid, const char *restrict file, const posix_spawn_file_actions_t *actions,
       const posix_spawnattr_t *restrict attributes, char *const argv[restrict],
       char *const environment[restrict]),
      (pid, file, actions, attributes, argv, environment))
POINT(virDomainPtr, virDomainCreateXML,
      (virConnectPtr connection, const char *xml, unsigned int flags), (connection, xml, flags))
POINT(int, virDomainDestroy, (virDomainPtr domain), (domain))
