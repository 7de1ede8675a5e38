/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/agent_stream.h"

#include <errno.h>
#include <fcntl.h>
#include <mntent.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "drivers/resources_remove.h"
#include "base/cleanup.h"
#include "base/file.h"

#define LOG_TAIL_LINES 5

#define LOG_PAGE 4096
#define LOG_SEALS (F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL)

static int log_open(struct instance *instance, struct error *err)
{
	int log = memfd_create(instance->id, MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (log < 0 || ftruncate(log, OUTPUT_LIMIT) || fcntl(log, F_ADD_SEALS, LOG_SEALS)) {
		int rc = error_errno(err, -errno, "memory for the log of %s", instance->id);

		if (log >= 0)
			close(log);
		return rc;
	}
	instance->log = log;
	return 0;
}

int agent_stream_open(struct agent_stream *stream, struct instance *instance, struct error *err)
{
	int down[2] = {-1, -1}, up[2] = {-1, -1};
	int rc;

	*stream = (struct agent_stream){-1, -1, -1, -1, -1};
	rc = log_open(instance, err);
	if (rc)
		return rc;
	stream->child_error = fcntl(instance->log, F_DUPFD_CLOEXEC, 3);
	if (stream->child_error < 0)
		return error_errno(err, -errno, "a descriptor for the log of %s", instance->id);
	if (pipe2(down, O_CLOEXEC) || pipe2(up, O_CLOEXEC)) {
		rc = error_errno(err, -errno, "opening the agent's stream");
		stream->child_in = down[0];
		stream->out = down[1];
		agent_stream_close(stream);
		return rc;
	}
	stream->child_in = down[0];
	stream->out = down[1];
	stream->in = up[0];
	stream->child_out = up[1];
	return 0;
}

static int spawn_with(const struct agent_stream *stream, const char *const argv[], pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none;
	int rc;

	sigemptyset(&none);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	/* its own process group: the harness handles the terminal's interrupt */
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, stream->child_in, 0);
	posix_spawn_file_actions_adddup2(&actions, stream->child_out, 1);
	posix_spawn_file_actions_adddup2(&actions, stream->child_error, 2);
	rc = posix_spawnp(pid, argv[0], &actions, &attributes, (char *const *)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	return -rc;
}

int agent_stream_spawn(const struct agent_stream *stream, const char *const argv[],
		       struct instance *instance, int timeout_ms, struct error *err)
{
	struct resources *res = instance->site->resources;
	cleanup_close int pidfd = -1;
	cleanup_free char *words = NULL;
	struct pollfd pfd = {.events = POLLIN};
	int status = 0, ended, rc;
	pid_t pid;

	rc = spawn_with(stream, argv, &pid);
	if (rc)
		return error_errno(err, rc, "starting %s", argv[0]);
	/* if we die, it must not create anything after the clean-up */
	resources_add_process(res, pid, NULL);
	pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	pfd.fd = pidfd;
	while ((ended = poll(&pfd, 1, timeout_ms)) < 0 && errno == EINTR)
		;
	if (ended <= 0)
		kill(pid, SIGKILL); /* our child, not yet waited for: the pid is still its own */
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	resources_drop_process(res, pid);
	if (ended <= 0)
		return error_set(err, -ETIMEDOUT, "%s did not end within %d ms", argv[0],
				 timeout_ms);
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return 0;
	words = instance_log_tail(instance);
	return error_set(err, -EIO, "%s: %s", argv[0], words ? words : "failed without a message");
}

static void close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void close_child_ends(struct agent_stream *stream)
{
	close_one(&stream->child_in);
	close_one(&stream->child_out);
	close_one(&stream->child_error);
}

void agent_stream_hand_over(struct agent_stream *stream, struct instance *instance)
{
	close_child_ends(stream);
	instance->in = stream->in;
	instance->out = stream->out;
	stream->in = stream->out = -1;
}

void agent_stream_close(struct agent_stream *stream)
{
	close_child_ends(stream);
	close_one(&stream->in);
	close_one(&stream->out);
}

void instance_close_stream(struct instance *instance)
{
	if (instance->out != instance->in)
		close_one(&instance->out);
	close_one(&instance->in);
	instance->out = -1;
}

void instance_scratch_path(const struct instance *instance, char *path, size_t size)
{
	const struct site *site = instance->site;

	snprintf(path, size, "%s/%s-%s", site->scratch_dir, site->run_id, instance->id);
}

/* Closed to other users: the root of a container may put set-user-ID programs and devices there. */
int instance_make_scratch(struct instance *instance, char *path, size_t size, struct error *err)
{
	cleanup_directory struct directory parent = DIRECTORY_CLOSED, made = DIRECTORY_CLOSED;
	const struct site *site = instance->site;
	int rc = directory_open(site->scratch_dir, &parent, err);

	instance_scratch_path(instance, path, size);
	return rc ? rc
		  : resources_make_directory(site->resources, &parent,
					     path + strlen(site->scratch_dir) + 1, 0700, &made,
					     err);
}

void instance_remove_scratch(struct instance *instance, const char *path)
{
	resources_remove(instance->site->resources, RESOURCE_DIRECTORY, path, NULL);
}

/* Memory that was never written is zero. */
char *instance_log_read(const struct instance *instance, size_t *length)
{
	char *text = instance->log > 0 ? malloc(OUTPUT_LIMIT + 1) : NULL;
	ssize_t n = text ? pread(instance->log, text, OUTPUT_LIMIT, 0) : -1;

	if (n < 0) {
		free(text);
		return NULL;
	}
	while (n && !text[n - 1])
		n--;
	text[n] = 0;
	*length = (size_t)n;
	return text;
}

/* A write that did not fit leaves less than a page free. */
void instance_log_close(struct instance *instance, const char *name)
{
	size_t length = 0;
	cleanup_free char *text = instance_log_read(instance, &length);

	if (instance->log > 0)
		close(instance->log);
	instance->log = 0;
	if (text && length > OUTPUT_LIMIT - LOG_PAGE)
		instance->cut = name;
}

char *instance_log_tail(struct instance *instance)
{
	cleanup_free char *text = NULL;
	char *from;
	size_t length;
	int lines = 0;

	text = instance_log_read(instance, &length);
	if (!text || !length)
		return NULL;
	from = text + length - 1;
	while (from > text && (from[-1] != '\n' || ++lines < LOG_TAIL_LINES))
		from--;
	return strdup(from);
}

void cpu_list(const int *cpus, int count, char *text, size_t size)
{
	size_t used = 0;

	text[0] = 0;
	for (int i = 0; i < count && used < size; i++)
		used += (size_t)snprintf(text + used, size - used, "%s%d", i ? "," : "", cpus[i]);
}

json_t *process_status_field(pid_t pid, const char *field)
{
	cleanup_free char *text = NULL;
	size_t length = strlen(field);
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	if (file_read(path, 1u << 16, &text, NULL, NULL))
		return json_null();
	for (char *rest = text, *line; (line = strsep(&rest, "\n"));)
		if (!strncmp(line, field, length) && line[length] == ':')
			return json_string(line + length + 1 + strspn(line + length + 1, " \t"));
	return json_null();
}

json_t *process_namespace(pid_t pid, const char *name)
{
	char path[64], target[64];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)pid, name);
	n = readlink(path, target, sizeof(target) - 1);
	if (n < 0)
		return json_null();
	target[n] = 0;
	return json_string(target);
}

json_t *file_system_type(const char *path)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	char line[8192], type[64] = "";
	struct mntent entry;
	struct stat wanted, here;

	if (!mounts)
		return json_null();
	if (!stat(path, &wanted))
		while (getmntent_r(mounts, &entry, line, sizeof(line)))
			if (!stat(entry.mnt_dir, &here) && here.st_dev == wanted.st_dev)
				snprintf(type, sizeof(type), "%s", entry.mnt_type);
	endmntent(mounts);
	return *type ? json_string(type) : json_null();
}
