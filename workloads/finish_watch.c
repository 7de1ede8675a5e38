/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workloads/finish_watch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <unistd.h>

static void *wait_for_input(void *argument)
{
	struct finish_watch *watch = argument;
	struct pollfd ends[] = {{.fd = watch->input, .events = POLLIN}, {.fd = watch->stop[0]}};

	while (poll(ends, 2, -1) < 0 && errno == EINTR)
		;
	atomic_store(&watch->finished, true);
	return NULL;
}

int finish_watch_start(struct finish_watch *watch, const struct lines *lines, struct error *err)
{
	int rc;

	watch->input = lines->in;
	atomic_init(&watch->finished, lines->used > 0);
	if (pipe2(watch->stop, O_CLOEXEC))
		return error_errno(err, -errno, "making a pipe");
	rc = pthread_create(&watch->thread, NULL, wait_for_input, watch);
	if (!rc)
		return 0;
	close(watch->stop[0]);
	close(watch->stop[1]);
	return error_errno(err, -rc, "starting a thread");
}

void finish_watch_stop(struct finish_watch *watch)
{
	close(watch->stop[1]); /* POLLHUP at the other end */
	pthread_join(watch->thread, NULL);
	close(watch->stop[0]);
}
