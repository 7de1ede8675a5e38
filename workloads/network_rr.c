/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "workloads/closed_loop.h"
#include "workloads/server.h"

struct state {
	int fd;
	size_t request, response;
	unsigned char *buffer; /* of the larger of the two */
	uint64_t sent;
};

static size_t buffer_bytes(const struct trial *trial)
{
	size_t request = (size_t)trial_integer(trial, "request");
	size_t response = (size_t)trial_integer(trial, "response");

	return request > response ? request : response;
}

/* Every byte of a response is the request's first byte plus one. */
static double answer(int fd, const struct trial *trial)
{
	size_t request = (size_t)trial_integer(trial, "request");
	size_t response = (size_t)trial_integer(trial, "response");
	cleanup_free unsigned char *buffer = malloc(buffer_bytes(trial));
	double served = 0;
	int rc = buffer ? 0 : -ENOMEM;

	while (!rc) {
		rc = receive_whole(fd, buffer, request);
		if (rc)
			break;
		memset(buffer, (unsigned char)(buffer[0] + 1), response);
		rc = send_whole(fd, buffer, response);
		served += !rc;
	}
	return rc == 1 ? served : rc;
}

static int serve(struct trial *trial, struct error *err)
{
	return server_start(trial, answer, true, err);
}

static int prepare(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;

	s->fd = -1;
	s->request = (size_t)trial_integer(trial, "request");
	s->response = (size_t)trial_integer(trial, "response");
	s->buffer = calloc(1, buffer_bytes(trial));
	if (!s->buffer)
		return error_set(err, -ENOMEM, "no memory for network.rr");
	s->fd = peer_connect(trial, SOCK_STREAM, err);
	return s->fd < 0 ? s->fd : 0;
}

static int transact(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;
	unsigned char expected = (unsigned char)(s->sent + 1);
	int rc;

	memset(s->buffer, (unsigned char)s->sent++, s->request);
	rc = send_whole(s->fd, s->buffer, s->request);
	rc = rc ?: receive_whole(s->fd, s->buffer, s->response);
	if (rc)
		return error_errno(err, rc > 0 ? -ECONNRESET : rc, "transaction %llu",
				   (unsigned long long)s->sent);
	if (s->buffer[0] != expected || s->buffer[s->response - 1] != expected)
		return error_set(err, -EIO, "transaction %llu: wrong response",
				 (unsigned long long)s->sent);
	return 0;
}

static int run(struct trial *trial, struct error *err)
{
	return closed_loop(trial, transact, err);
}

/* Each response was checked on arrival; no byte may follow the last. */
static int verify(struct trial *trial, struct error *err)
{
	const struct state *s = trial->state;

	if (recv(s->fd, s->buffer, 1, MSG_DONTWAIT | MSG_PEEK) >= 0)
		return error_set(err, -EIO, "the server sent too much, or closed the connection");
	return 0;
}

static void cleanup(struct trial *trial)
{
	struct state *s = trial->state;

	if (s->fd >= 0)
		close(s->fd);
	free(s->buffer);
}

const struct workload network_rr = {
	.name = "network.rr",
	.version = 1,
	.panel = PANEL_NETWORK,
	.summary = "small requests and responses, one at a time, over one TCP connection",
	.operation = "one request and its response",
	.stands_for = "netperf TCP_RR (felter2015, Figure 3; morabito2015)",
	.metrics =
		(const struct metric[]){
			RATE("throughput", "transactions/s"),
			LATENCY,
			{0},
		},
	.parameters =
		(const struct parameter[]){
			{"request", "size of a request", PARAMETER_SIZE, .fallback = 1, .low = 1,
			 .high = 1 << 20},
			{"response", "size of a response", PARAMETER_SIZE, .fallback = 1, .low = 1,
			 .high = 1 << 20},
			{0},
		},
	.needs = {.cpus = 1, .peer = true},
	.state_bytes = sizeof(struct state),
	.prepare = prepare,
	.run = run,
	.verify = verify,
	.cleanup = cleanup,
	.serve = serve,
	.finish = server_finish,
};
