/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Other programs, run to their end or in the background, and what they say. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/command.h"
#include "tests/bench/bench.h"

#define ARGUMENTS_MAX 64
#define RUN_MS 180000
#define LISTEN_MS 10000
#define END_MS 2000

extern char **environ;

/* setsid: the scheduler's automatic groups go by session, and our agents have one each. */
static void pinned(const char *cpu, bool wait, const char *const argv[], const char **all)
{
	const char *const before[] = {"setpriv", "--pdeathsig", "TERM", "taskset", "-c", cpu, NULL};
	int n = 0;

	if (wait) {
		all[n++] = "setsid";
		all[n++] = "--wait";
	}
	for (int i = wait ? 3 : 0; before[i]; i++)
		all[n++] = before[i];
	for (int i = 0; argv[i] && n < ARGUMENTS_MAX - 1; i++)
		all[n++] = argv[i];
	all[n] = NULL;
}

int run_pinned(const char *cpu, const char *const argv[], char **output, struct error *err)
{
	const char *all[ARGUMENTS_MAX];
	int rc;

	pinned(cpu, true, argv, all);
	rc = command_run(all, NULL, RUN_MS, output, err);
	return rc ? error_prefix(err, "%s: ", argv[0]) : 0;
}

int start_pinned(const char *cpu, const char *const argv[], pid_t *pid, struct error *err)
{
	const char *all[ARGUMENTS_MAX];
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int rc;

	pinned(cpu, false, argv, all);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", 0, 0);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", 1, 0);
	posix_spawn_file_actions_adddup2(&actions, 1, 2);
	rc = -posix_spawnp(pid, all[0], &actions, &attributes, (char *const *)all, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	if (rc)
		*pid = 0;
	return rc ? error_errno(err, rc, "starting %s", argv[0]) : 0;
}

static void nap(void)
{
	nanosleep(&(struct timespec){.tv_nsec = 5 * (long)NSEC_PER_MSEC}, NULL);
}

void stop_process(pid_t pid)
{
	uint64_t limit = clock_now() + END_MS * NSEC_PER_MSEC;

	if (pid <= 0)
		return;
	kill(pid, SIGTERM);
	while (waitpid(pid, NULL, WNOHANG) == 0) {
		if (clock_now() > limit) {
			kill(pid, SIGKILL);
			waitpid(pid, NULL, 0);
			return;
		}
		nap();
	}
}

static int wait_for(const struct sockaddr *address, socklen_t length, const char *what,
		    struct error *err)
{
	uint64_t limit = clock_now() + LISTEN_MS * NSEC_PER_MSEC;

	do {
		int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
		int rc = fd < 0 ? -1 : connect(fd, address, length);

		if (fd >= 0)
			close(fd);
		if (!rc)
			return 0;
		nap();
	} while (clock_now() < limit);
	return error_set(err, -ETIMEDOUT, "nobody listens on %s after %d s", what,
			 LISTEN_MS / 1000);
}

int wait_for_port(int port, struct error *err)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_port = htons((uint16_t)port),
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	char what[32];

	snprintf(what, sizeof(what), "port %d", port);
	return wait_for((struct sockaddr *)&address, sizeof(address), what, err);
}

int wait_for_socket(const char *path, struct error *err)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	return wait_for((struct sockaddr *)&address, sizeof(address), path, err);
}

int number_after(const char *text, const char *mark, double *number, struct error *err)
{
	const char *at = text ? strstr(text, mark) : NULL;
	size_t length = text ? strlen(text) : 0;
	char *end;

	if (at) {
		at += strlen(mark);
		*number = strtod(at, &end);
		if (end != at)
			return 0;
	}
	return error_set(err, -EBADMSG, "no number behind '%s' in: ...%s", mark,
			 length > 300 ? text + length - 300
			 : length     ? text
				      : "(nothing)");
}

void append_words(const char **argv, int room, char *options)
{
	char *rest = NULL, *word = options ? strtok_r(options, " ", &rest) : NULL;
	int n = 0;

	while (argv[n])
		n++;
	for (; word && n < room - 1; word = strtok_r(NULL, " ", &rest))
		argv[n++] = word;
	argv[n] = NULL;
}
