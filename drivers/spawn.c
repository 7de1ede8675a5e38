/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/clock.h"

#define OUTPUT_LIMIT (64u << 10)

extern char **environ;

static int remaining_ms(uint64_t deadline)
{
	uint64_t now = clock_now();

	return now >= deadline ? 0 : (int)((deadline - now) / NSEC_PER_MSEC) + 1;
}

static int start(const char *const argv[], int output_fd, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none;
	int rc;

	sigemptyset(&none);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	/* a group of its own: the terminal's interrupt must not reach the tools that clean up */
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, output_fd, 1);
	posix_spawn_file_actions_adddup2(&actions, output_fd, 2);
	rc = posix_spawnp(pid, argv[0], &actions, &attributes, (char *const *)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	return -rc;
}

/* Reads to the end of the stream; what is over the limit is read and dropped. */
static int collect(int fd, uint64_t deadline, char *text)
{
	size_t used = 0;
	char drop[4096];

	for (;;) {
		struct pollfd pfd = {.fd = fd, .events = POLLIN};
		bool full = used >= OUTPUT_LIMIT;
		ssize_t n;

		n = poll(&pfd, 1, remaining_ms(deadline));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -ETIMEDOUT;
		n = read(fd, full ? drop : text + used, full ? sizeof(drop) : OUTPUT_LIMIT - used);
		if (n <= 0)
			return n ? -errno : 0;
		if (!full)
			used += (size_t)n;
		text[used] = 0;
	}
}

static int wait_exit(pid_t pid, uint64_t deadline, int *status)
{
	cleanup_close int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct pollfd pfd = {.fd = pidfd, .events = POLLIN};
	int rc = 0;

	if (pidfd < 0 || poll(&pfd, 1, remaining_ms(deadline)) <= 0) {
		kill(pid, SIGKILL); /* our own child, not yet waited for: the pid is its */
		rc = -ETIMEDOUT;
	}
	while (waitpid(pid, status, 0) < 0 && errno == EINTR)
		;
	return rc;
}

int spawn_command(const char *const argv[], int timeout_ms, char **output, struct error *err)
{
	uint64_t deadline = clock_now() + (uint64_t)timeout_ms * NSEC_PER_MSEC;
	cleanup_free char *text = calloc(1, OUTPUT_LIMIT + 1);
	cleanup_close int in = -1;
	int pipes[2], status = 0, rc;
	pid_t pid;

	if (output)
		*output = NULL;
	if (!text || pipe2(pipes, O_CLOEXEC))
		return error_errno(err, -errno, "starting %s", argv[0]);
	in = pipes[0];
	rc = start(argv, pipes[1], &pid);
	close(pipes[1]);
	if (rc)
		return error_errno(err, rc, "starting %s", argv[0]);
	rc = collect(in, deadline, text);
	if (rc)
		kill(pid, SIGKILL);
	if (wait_exit(pid, deadline, &status) || rc == -ETIMEDOUT)
		return error_set(err, -ETIMEDOUT, "%s did not end within %d ms", argv[0],
				 timeout_ms);
	if (!WIFEXITED(status))
		return error_set(err, -EINTR, "%s was ended by signal %d", argv[0],
				 WTERMSIG(status));
	if (output) {
		*output = text;
		text = NULL;
	}
	return WEXITSTATUS(status);
}

int spawn_find(const char *name, char *path, size_t size)
{
	const char *dirs = getenv("PATH");
	size_t length;

	for (dirs = dirs ? dirs : "/usr/sbin:/usr/bin:/sbin:/bin"; *dirs; dirs += length) {
		dirs += *dirs == ':';
		length = strcspn(dirs, ":");
		snprintf(path, size, "%.*s/%s", (int)length, dirs, name);
		if (!access(path, X_OK))
			return 0;
	}
	path[0] = 0;
	return -ENOENT;
}
