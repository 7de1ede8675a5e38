/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/hypervisor.h"

#define VERSION_MS 2000

extern char **environ;

int program_find(const char *name, char path[PATH_MAX])
{
	const char *at = getenv("PATH");
	size_t length;

	for (at = at ? at : "/usr/sbin:/usr/bin:/sbin:/bin"; *at; at += length) {
		at += *at == ':';
		length = strcspn(at, ":");
		if (snprintf(path, PATH_MAX, "%.*s/%s", (int)length, at, name) < PATH_MAX &&
		    access(path, X_OK) == 0)
			return 0;
	}
	return -ENOENT;
}

/* The child's descriptors 0 to COMMAND_DATA; -1: /dev/null for 0, otherwise closed. */
struct ends {
	int in, out, err, data;
};

static int spawn(const char *const argv[], const char *directory, const struct ends *ends,
		 pid_t *pid)
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
	if (ends->in < 0)
		posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	else
		posix_spawn_file_actions_adddup2(&actions, ends->in, 0);
	posix_spawn_file_actions_adddup2(&actions, ends->out, 1);
	posix_spawn_file_actions_adddup2(&actions, ends->err, 2);
	if (ends->data >= 0)
		posix_spawn_file_actions_adddup2(&actions, ends->data, COMMAND_DATA);
	if (directory)
		posix_spawn_file_actions_addchdir_np(&actions, directory);
	rc = posix_spawnp(pid, argv[0], &actions, &attributes, (char *const *)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	return -rc;
}

/* The last line that is not blank; the text is truncated after it. */
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
		return error_set(err, -EIO, "%s was killed by signal %d: %s", name,
				 WTERMSIG(status), copy ? last_line(copy) : "");
	return error_set(err, -EIO, "%s exited with status %d: %s", name, WEXITSTATUS(status),
			 copy ? last_line(copy) : "");
}

/* What was read from one of the child's streams. */
struct stream {
	int fd; /* -1: it has ended */
	char *bytes;
	size_t used, room, limit;
	bool cut; /* output beyond the limit is discarded, which is no error */
};

static int take(struct stream *stream)
{
	char away[4096], *at = away;
	size_t room = sizeof(away);
	ssize_t n;

	if (stream->used + 1 >= stream->room && stream->used < stream->limit) {
		size_t wanted = stream->room ? stream->room * 2 : 64u << 10;
		char *bigger = realloc(stream->bytes, wanted);

		if (!bigger)
			return -ENOMEM;
		stream->bytes = bigger;
		stream->room = wanted;
	}
	if (stream->used < stream->limit) {
		at = stream->bytes + stream->used;
		room = stream->room - stream->used - 1;
	}
	n = read(stream->fd, at, room);
	if (n < 0)
		return errno == EINTR ? 0 : -errno;
	if (n == 0)
		stream->fd = -1;
	if (at != away)
		stream->used += (size_t)n;
	return stream->used >= stream->limit && !stream->cut ? -EFBIG : 0;
}

static int collect(struct stream *out, struct stream *said, int timeout_ms)
{
	uint64_t limit = clock_now() + (uint64_t)timeout_ms * NSEC_PER_MSEC;
	int rc = 0;

	while (!rc && (out->fd >= 0 || said->fd >= 0)) {
		struct pollfd pollers[] = {{.fd = out->fd, .events = POLLIN},
					   {.fd = said->fd, .events = POLLIN}};
		uint64_t now = clock_now();

		if (now >= limit)
			return -ETIMEDOUT;
		if (poll(pollers, 2, (int)((limit - now) / NSEC_PER_MSEC) + 1) <= 0)
			continue;
		if (pollers[0].revents)
			rc = take(out);
		if (!rc && pollers[1].revents)
			rc = take(said);
	}
	return rc;
}

static int finish(const struct command *command, pid_t pid, int rc, const struct stream *said,
		  struct error *err)
{
	const char *name = command->argv[0];
	int status = 0;

	if (said->bytes)
		said->bytes[said->used] = '\0';
	if (rc < 0)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	if (rc == -ETIMEDOUT)
		return error_set(err, rc, "%s did not end within %d ms and was killed", name,
				 host_limit_ms(command->timeout_ms));
	if (rc == -EFBIG)
		return error_set(err, rc, "%s wrote more than %zu bytes and was killed", name,
				 command->limit);
	if (rc)
		return error_errno(err, rc, "reading from %s", name);
	return judge(name, status, said->bytes ? said->bytes : "", err);
}

int command_run(const char *const argv[], const char *directory, int timeout_ms, char **output,
		struct error *err)
{
	const struct command command = {.argv = argv, .timeout_ms = timeout_ms};
	struct stream said = {.limit = COMMAND_OUTPUT_MAX, .cut = true}, none = {.fd = -1};
	int ends[2], rc;
	pid_t pid;

	if (output)
		*output = NULL;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_errno(err, -errno, "running %s", argv[0]);
	rc = spawn(argv, directory,
		   &(struct ends){.in = -1, .out = ends[1], .err = ends[1], .data = -1}, &pid);
	close(ends[1]);
	said.fd = ends[0];
	if (rc)
		error_errno(err, rc, "running %s", argv[0]);
	else
		rc = finish(&command, pid, collect(&said, &none, host_limit_ms(timeout_ms)), &said,
			    err);
	close(ends[0]);
	if (output && !said.bytes)
		*output = calloc(1, 1);
	else if (output)
		*output = said.bytes;
	else
		free(said.bytes);
	return rc;
}

int command_capture(const struct command *command, char **output, size_t *length, struct error *err)
{
	struct stream out = {.limit = command->limit}, said = {.limit = 4096, .cut = true};
	int outs[2] = {-1, -1}, errs[2] = {-1, -1}, rc;
	struct ends ends = {.in = command->input, .data = command->data};
	pid_t pid;

	*output = NULL;
	*length = 0;
	rc = pipe2(outs, O_CLOEXEC) || pipe2(errs, O_CLOEXEC) ? -errno : 0;
	ends.out = outs[1];
	ends.err = errs[1];
	rc = rc ?: spawn(command->argv, NULL, &ends, &pid);
	close(outs[1]);
	close(errs[1]);
	out.fd = outs[0];
	said.fd = errs[0];
	if (rc)
		error_errno(err, rc, "running %s", command->argv[0]);
	else
		rc = finish(command, pid, collect(&out, &said, host_limit_ms(command->timeout_ms)),
			    &said, err);
	close(outs[0]);
	close(errs[0]);
	free(said.bytes);
	if (!rc && out.bytes) {
		out.bytes[out.used] = '\0';
		*output = out.bytes;
		*length = out.used;
		return 0;
	}
	free(out.bytes);
	return rc ? rc : error_set(err, -EIO, "%s wrote nothing", command->argv[0]);
}

int program_version(const char *program, const char *argument, char *line, size_t size)
{
	const char *const argv[] = {program, argument, NULL};
	cleanup_free char *output = NULL;
	int rc = command_run(argv, NULL, VERSION_MS, &output, NULL);

	snprintf(line, size, "%.*s", output ? (int)strcspn(output, "\n") : 0, output ? output : "");
	return rc;
}
