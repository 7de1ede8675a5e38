/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "workloads/closed_loop.h"
#include "workloads/server.h"

#define DATAGRAM_WORDS 350 /* of 1400 bytes; the first is the transaction's number */
#define RETRY_US 200000    /* then a datagram without an answer counts as lost and is resent */
#define RETRIES 10
#define ANSWER_BIT 0x80000000u

struct state {
	int fd;
	size_t request, response;
	uint32_t number; /* of the transaction */
	int lost;
};

/* A response has the request's number with its highest bit set. */
static double answer(int fd, const struct trial *trial)
{
	size_t response = (size_t)trial_integer(trial, "response");
	uint32_t buffer[DATAGRAM_WORDS] = {0};
	double served = 0;

	for (;;) {
		struct sockaddr_in from;
		socklen_t length = sizeof(from);
		ssize_t n =
			recvfrom(fd, buffer, sizeof(buffer), 0, (struct sockaddr *)&from, &length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : served; /* shut down by server_finish */
		buffer[0] |= ANSWER_BIT;
		if (sendto(fd, buffer, response, 0, (struct sockaddr *)&from, length) ==
		    (ssize_t)response)
			served++;
	}
}

static int serve(struct trial *trial, struct error *err)
{
	return server_start_datagram(trial, answer, err);
}

static int prepare(struct trial *trial, struct error *err)
{
	const struct timeval retry = {.tv_usec = RETRY_US};
	struct state *s = trial->state;

	s->fd = -1;
	s->request = (size_t)trial_integer(trial, "request");
	s->response = (size_t)trial_integer(trial, "response");
	s->fd = peer_connect(trial, SOCK_DGRAM, err);
	if (s->fd < 0)
		return s->fd;
	setsockopt(s->fd, SOL_SOCKET, SO_RCVTIMEO, &retry, sizeof(retry));
	return 0;
}

/* 1: the response; 0: none in time. Late answers to retransmissions are ignored. */
static int receive_answer(struct state *s, struct error *err)
{
	uint32_t buffer[DATAGRAM_WORDS];

	for (;;) {
		ssize_t n = recv(s->fd, buffer, sizeof(buffer), 0);

		if (n < 0 && errno == EAGAIN)
			return 0;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_errno(err, -errno, "waiting for a response");
		if (n == (ssize_t)s->response && buffer[0] == (s->number | ANSWER_BIT))
			return 1;
		if (n < (ssize_t)sizeof(buffer[0]) || !(buffer[0] & ANSWER_BIT) ||
		    buffer[0] > (s->number | ANSWER_BIT))
			return error_set(err, -EIO, "transaction %u: wrong response", s->number);
	}
}

static int transact(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;
	uint32_t buffer[DATAGRAM_WORDS] = {0};
	int rc = 0;

	s->number = (s->number + 1) & ~ANSWER_BIT;
	buffer[0] = s->number;
	for (int i = 0; i < RETRIES && !rc; i++) {
		if (send(s->fd, buffer, s->request, 0) != (ssize_t)s->request)
			return error_errno(err, -errno, "sending a request");
		rc = receive_answer(s, err);
		s->lost += !rc;
	}
	if (!rc)
		return error_set(err, -ETIMEDOUT, "%d datagrams in a row were not answered",
				 RETRIES);
	return rc < 0 ? rc : 0;
}

static int run(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;
	char lost[16];
	int rc;

	s->lost = 0;
	rc = closed_loop(trial, transact, err);
	snprintf(lost, sizeof(lost), "%d", s->lost);
	trial_note(trial, "lost", lost);
	return rc;
}

/* Each response was checked on arrival. */
static int verify(struct trial *trial, struct error *err)
{
	const struct state *s = trial->state;

	if (s->lost <= trial->operations / 100)
		return 0;
	return error_set(err, -EIO, "%d of %.0f datagrams were lost: too many for a latency",
			 s->lost, trial->operations);
}

static void cleanup(struct trial *trial)
{
	struct state *s = trial->state;

	if (s->fd >= 0)
		close(s->fd);
}

const struct workload network_udp_rr = {
	.name = "network.udp_rr",
	.version = 1,
	.panel = PANEL_NETWORK,
	.summary = "small requests and responses, one at a time, as UDP datagrams",
	.operation = "one request and its response",
	.stands_for = "netperf UDP_RR (felter2015, Figure 3; morabito2015)",
	.metrics =
		(const struct metric[]){
			RATE("throughput", "transactions/s"),
			LATENCY,
			{0},
		},
	.parameters =
		(const struct parameter[]){
			{"request", "size of a request", PARAMETER_SIZE, .fallback = 4, .low = 4,
			 .high = 1400},
			{"response", "size of a response", PARAMETER_SIZE, .fallback = 4, .low = 4,
			 .high = 1400},
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
