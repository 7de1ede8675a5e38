/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "workloads/closed_loop.h"
#include "workloads/server.h"

struct state {
	uint32_t number;
};

/* The server closes first, so that TIME_WAIT is on its side and the client does not run out of
 * ports. */
static double answer(int fd, const struct trial *trial)
{
	const struct timeval limit = {.tv_sec = NETWORK_LIMIT_SECONDS};
	uint32_t number;
	int rc;

	(void)trial;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	rc = receive_whole(fd, &number, sizeof(number));
	number = ~number;
	rc = rc ?: send_whole(fd, &number, sizeof(number));
	return rc < 0 ? rc : !rc;
}

static int serve(struct trial *trial, struct error *err)
{
	return server_start(trial, answer, false, err);
}

static int transact(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;
	cleanup_close int fd = peer_connect(trial, SOCK_STREAM, err);
	uint32_t number = s->number++, response = 0;
	char end;
	int rc;

	if (fd < 0)
		return fd;
	rc = send_whole(fd, &number, sizeof(number));
	rc = rc ?: receive_whole(fd, &response, sizeof(response));
	if (rc)
		return error_errno(err, rc > 0 ? -ECONNRESET : rc, "connection %u", number);
	if (response != ~number || receive_whole(fd, &end, 1) != 1)
		return error_set(err, -EIO, "connection %u: wrong response, or not closed", number);
	return 0;
}

static int run(struct trial *trial, struct error *err)
{
	return closed_loop(trial, transact, err);
}

/* Each response and each close was checked on arrival. */
static int verify(struct trial *trial, struct error *err)
{
	if (trial->operations > 0)
		return 0;
	return error_set(err, -EIO, "no connection was served");
}

const struct workload network_connect = {
	.name = "network.connect",
	.version = 1,
	.panel = PANEL_NETWORK,
	.summary = "connect, send one small request, receive the response, close",
	.operation = "one connection, from connect to close",
	.stands_for = "netperf TCP_CRR",
	.metrics =
		(const struct metric[]){
			RATE("throughput", "connections/s"),
			LATENCY,
			{0},
		},
	.needs = {.cpus = 1, .peer = true},
	.state_bytes = sizeof(struct state),
	.run = run,
	.verify = verify,
	.serve = serve,
	.finish = server_finish,
};
