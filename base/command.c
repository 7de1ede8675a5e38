/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"

extern char **environ;

static int spawn(const char *const argv[], const char *directory, int out, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none;
	int rc;

	sigemptyset(&none);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, out, 1);
	posix_spawn_file_actions_adddup2(&actions, out, 2);
	if (directory)
		posix_spawn_file_actions_addchdir_np(&actions, directory);
	rc = posix_spawnp(pid, argv[0], &actions, &attributes, (char *const *)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	return -rc;
}

/* Keeps the first COMMAND_OUTPUT_MAX bytes and reads the rest away. */
static int collect(int in, int timeout_ms, char *text)
{
	uint64_t limit = clock_now() + (uint64_t)timeout_ms * NSEC_PER_MSEC;
	size_t used = 0;

	for (;;) {
		struct pollfd poller = {.fd = in, .events = POLLIN};
		uint64_t now = clock_now();
		char buffer[4096];
		ssize_t n;

		if (now >= limit)
			return -ETIMEDOUT;
		if (poll(&poller, 1, (int)((limit - now) / NSEC_PER_MSEC) + 1) <= 0)
			continue;
		n = read(in, buffer, sizeof(buffer));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return 0;
		if ((size_t)n > COMMAND_OUTPUT_MAX - used)
			n = (ssize_t)(COMMAND_OUTPUT_MAX - used);
		memcpy(text + used, buffer, (size_t)n);
		used += (size_t)n;
		text[used] = 0;
	}
}

/* The last line that says something; cuts the text behind it. */
static const char *last_line(char *text)
{
	size_t length = strlen(text);
	char *line;

	while (length && strchr(" \t\r\n", text[length - 1]))
		text[--length] = 0;
	line = strrchr(text, '\n');
	return line ? line + 1 : text;
}

static int judge(const char *name, int status, const char *text, struct error *err)
{
	cleanup_free char *copy = NULL;

	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	copy = strdup(text);
	if (WIFSIGNALED(status))
		return error_set(err, -EIO, "%s was ended by signal %d: %s", name, WTERMSIG(status),
				 copy ? last_line(copy) : "");
	return error_set(err, -EIO, "%s ended with status %d: %s", name, WEXITSTATUS(status),
			 copy ? last_line(copy) : "");
}

int command_run(const char *const argv[], const char *directory, int timeout_ms, char **output,
		struct error *err)
{
	cleanup_free char *text = calloc(1, COMMAND_OUTPUT_MAX + 1);
	int ends[2], rc, status = 0;
	pid_t pid;

	if (output)
		*output = NULL;
	if (!text || pipe2(ends, O_CLOEXEC) < 0)
		return error_errno(err, text ? -errno : -ENOMEM, "running %s", argv[0]);
	rc = spawn(argv, directory, ends[1], &pid);
	close(ends[1]);
	if (rc < 0) {
		close(ends[0]);
		return error_errno(err, rc, "running %s", argv[0]);
	}
	rc = collect(ends[0], timeout_ms, text);
	close(ends[0]);
	if (rc < 0)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	if (rc < 0)
		error_set(err, rc, "%s did not end within %d ms and was killed", argv[0],
			  timeout_ms);
	else
		rc = judge(argv[0], status, text, err);
	if (output) {
		*output = text;
		text = NULL;
	}
	return rc;
}
