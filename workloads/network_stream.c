/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "workloads/server.h"

/* The stream repeats every MiB; the byte at each multiple of MARK_BYTES is its number, so that lost
 * or duplicated pieces are detected by checking one byte in 4 KiB. */
#define CIRCLE_BYTES (1 << 20)
#define MARK_BYTES 4096

struct flow {
	char *circle, *room; /* what is sent; where it is received */
	size_t block;
	uint64_t position;
};

static int flow_init(struct flow *flow, const struct trial *trial)
{
	*flow = (struct flow){.block = (size_t)trial_integer(trial, "block")};
	flow->circle = malloc(CIRCLE_BYTES);
	flow->room = malloc(flow->block);
	if (!flow->circle || !flow->room)
		return -ENOMEM;
	memset(flow->circle, 's', CIRCLE_BYTES);
	for (size_t i = 0; i < CIRCLE_BYTES; i += MARK_BYTES)
		flow->circle[i] = (char)(i / MARK_BYTES);
	return 0;
}

static void flow_finish(struct flow *flow)
{
	free(flow->circle);
	free(flow->room);
}

static int flow_send(struct flow *flow, int fd)
{
	size_t at = flow->position % CIRCLE_BYTES, length = flow->block;
	int rc;

	if (length > CIRCLE_BYTES - at)
		length = CIRCLE_BYTES - at;
	rc = send_whole(fd, flow->circle + at, length);
	if (!rc)
		flow->position += length;
	return rc;
}

/* 1 at the end of the stream, -EIO for a wrong byte. */
static int flow_receive(struct flow *flow, int fd)
{
	ssize_t n = recv(fd, flow->room, flow->block, 0);

	if (n < 0)
		return errno == EINTR ? 0 : errno == EAGAIN ? -ETIMEDOUT : -errno;
	for (size_t i = (size_t)(-flow->position % MARK_BYTES); i < (size_t)n; i += MARK_BYTES)
		if (flow->room[i] != (char)((flow->position + i) / MARK_BYTES))
			return -EIO;
	flow->position += (uint64_t)n;
	return n == 0;
}

/* A connection's first byte tells the server to 't'ransmit until the other side closes, or to
 * 'r'eceive everything and then report the amount. */
static double serve_flow(int fd, const struct trial *trial)
{
	struct flow flow;
	int rc = flow_init(&flow, trial);
	uint64_t total;
	char mode;

	rc = rc ?: receive_whole(fd, &mode, 1);
	if (!rc && mode == 't') {
		while (!rc)
			rc = flow_send(&flow, fd);
		rc = rc == -EPIPE || rc == -ECONNRESET ? 0 : rc;
	} else if (!rc) {
		while (!rc)
			rc = flow_receive(&flow, fd);
		total = flow.position;
		rc = rc == 1 ? send_whole(fd, &total, sizeof(total)) : rc;
	}
	flow_finish(&flow);
	return rc < 0 ? rc : (double)flow.position / 1e9;
}

static int serve(struct trial *trial, struct error *err)
{
	return server_start(trial, serve_flow, true, err);
}

static int prepare(struct trial *trial, struct error *err)
{
	if (flow_init(trial->state, trial))
		return error_set(err, -ENOMEM, "no memory for network.stream");
	return 0;
}

static int open_flow(struct trial *trial, char mode, struct error *err)
{
	int fd = peer_connect(trial, SOCK_STREAM, err);
	int rc = fd < 0 ? fd : send_whole(fd, &mode, 1);

	if (!rc)
		return fd;
	if (fd >= 0)
		close(fd);
	return fd < 0 ? rc : error_errno(err, rc, "opening a stream");
}

/* What the environment transmits, until `until`. */
static int run_transmit(struct trial *trial, struct flow *flow, uint64_t until, struct error *err)
{
	cleanup_close int fd = open_flow(trial, 't', err);
	uint64_t start = clock_now(), now = start;
	int rc = fd < 0 ? fd : 0;

	flow->position = 0;
	while (!rc && now < until) {
		rc = flow_receive(flow, fd);
		now = clock_now();
		trial_continue_at(trial, &now);
		if (rc)
			error_errno(err, rc = rc > 0 ? -ECONNRESET : rc, "receiving a stream");
	}
	trial_value(trial, "transmit", (double)flow->position * 8 / (double)(now - start));
	trial->operations += (double)flow->position / 1e9;
	return rc;
}

/* What it receives: everything, because the time runs until it confirms that. */
static int run_receive(struct trial *trial, struct flow *flow, uint64_t until, struct error *err)
{
	cleanup_close int fd = open_flow(trial, 'r', err);
	uint64_t start = clock_now(), now = start, total = 0;
	int rc;

	if (fd < 0)
		return fd;
	flow->position = 0;
	do {
		rc = flow_send(flow, fd);
		now = clock_now();
		trial_continue_at(trial, &now);
	} while (!rc && now < until);
	shutdown(fd, SHUT_WR);
	rc = rc ?: receive_whole(fd, &total, sizeof(total));
	now = clock_now();
	if (rc)
		return error_errno(err, rc > 0 ? -ECONNRESET : rc, "sending a stream");
	if (total != flow->position)
		return error_set(err, -EIO, "%llu bytes were sent, but %llu arrived",
				 (unsigned long long)flow->position, (unsigned long long)total);
	trial_value(trial, "receive", (double)total * 8 / (double)(now - start));
	trial->operations += (double)total / 1e9;
	return 0;
}

static int run(struct trial *trial, struct error *err)
{
	uint64_t half = trial->start + (trial->deadline - trial->start) / 2;
	int rc = run_transmit(trial, trial->state, half, err);

	return rc ? rc : run_receive(trial, trial->state, trial->deadline, err);
}

/* Every piece was checked on arrival, and both ends counted the bytes. */
static int verify(struct trial *trial, struct error *err)
{
	if (trial->operations > 0)
		return 0;
	return error_set(err, -EIO, "nothing arrived");
}

static void cleanup(struct trial *trial)
{
	flow_finish(trial->state);
}

const struct workload network_stream = {
	.name = "network.stream",
	.version = 1,
	.panel = PANEL_NETWORK,
	.summary = "bulk TCP, half of the time out of the environment, half of the time into it",
	.operation = "1 GB sent or received",
	.stands_for = "nuttcp in both directions (felter2015, Section III-E and Figure 2)",
	.metrics =
		(const struct metric[]){
			RATE("transmit", "Gbit/s"),
			RATE("receive", "Gbit/s"),
			{0},
		},
	.parameters =
		(const struct parameter[]){
			{"block", "size of one send or receive", PARAMETER_SIZE,
			 .fallback = 128 << 10, .low = 4096, .high = 1 << 20},
			{0},
		},
	.needs = {.cpus = 1, .peer = true},
	.state_bytes = sizeof(struct flow),
	.prepare = prepare,
	.run = run,
	.verify = verify,
	.cleanup = cleanup,
	.serve = serve,
	.finish = server_finish,
};
