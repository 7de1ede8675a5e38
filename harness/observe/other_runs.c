/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/observe/other_runs.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"

#define SOCKETS "/proc/net/unix"
#define SOCKETS_BYTES_MAX (16u << 20)
#define HOST_NAME_BYTES 64
#define RUNS_MAX 64 /* that are remembered */

struct other_runs {
	int listener;
	char prefix[HOST_NAME_BYTES + 16];
	pid_t known[RUNS_MAX];
	struct other_run called[RUNS_MAX]; /* not told yet */
	int known_count, called_count;
};

/* `name` in the abstract namespace; its length as the kernel wants it. */
static socklen_t abstract(struct sockaddr_un *address, const char *name)
{
	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	snprintf(address->sun_path + 1, sizeof(address->sun_path) - 1, "%s", name);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
			   strlen(address->sun_path + 1));
}

static bool peer_of(int fd, struct other_run *other)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size))
		return false;
	*other = (struct other_run){.pid = peer.pid, .uid = peer.uid};
	return true;
}

/* Is this process new? */
static bool is_new(struct other_runs *runs, pid_t pid)
{
	if (pid == getpid())
		return false;
	for (int i = 0; i < runs->known_count; i++)
		if (runs->known[i] == pid)
			return false;
	if (runs->known_count == RUNS_MAX)
		return false;
	runs->known[runs->known_count++] = pid;
	return true;
}

static void call(struct other_runs *runs, const char *name)
{
	cleanup_close int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	struct sockaddr_un address;
	struct other_run other;
	socklen_t size = abstract(&address, name);

	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, size) == 0 && peer_of(fd, &other) &&
	    is_new(runs, other.pid))
		runs->called[runs->called_count++] = other;
}

static void call_all(struct other_runs *runs)
{
	cleanup_free char *sockets = NULL;

	if (file_read(SOCKETS, SOCKETS_BYTES_MAX, &sockets, NULL, NULL))
		return;
	for (char *rest = sockets, *line; (line = strsep(&rest, "\n"));) {
		const char *name = strstr(line, " @");

		if (name && !strncmp(name + 2, runs->prefix, strlen(runs->prefix)) &&
		    runs->called_count < RUNS_MAX)
			call(runs, name + 2);
	}
}

struct other_runs *other_runs_open(struct error *err)
{
	struct other_runs *runs = calloc(1, sizeof(*runs));
	const char *host = getenv("TARE_HOST");
	char name[sizeof(runs->prefix) + 16];
	struct sockaddr_un address;
	socklen_t size;

	if (!runs) {
		error_errno(err, -ENOMEM, "looking for other runs");
		return NULL;
	}
	snprintf(runs->prefix, sizeof(runs->prefix), "tare-run-%.*s-", HOST_NAME_BYTES,
		 host && *host ? host : "host");
	snprintf(name, sizeof(name), "%s%d", runs->prefix, (int)getpid());
	size = abstract(&address, name);
	runs->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (runs->listener < 0 || bind(runs->listener, (struct sockaddr *)&address, size) ||
	    listen(runs->listener, RUNS_MAX)) {
		error_errno(err, -errno, "announcing this run to others (@%s)", name);
		other_runs_close(runs);
		return NULL;
	}
	/* only now: of two that start at the same time, at least the later one sees the other */
	call_all(runs);
	return runs;
}

int other_runs_met(struct other_runs *runs, struct other_run *met, int limit)
{
	int count = 0, fd;

	while (count < limit && runs->called_count)
		met[count++] = runs->called[--runs->called_count];
	while (count < limit && (fd = accept4(runs->listener, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
		if (peer_of(fd, met + count) && is_new(runs, met[count].pid))
			count++;
		close(fd);
	}
	return count;
}

void other_runs_close(struct other_runs *runs)
{
	if (!runs)
		return;
	if (runs->listener >= 0)
		close(runs->listener);
	free(runs);
}
