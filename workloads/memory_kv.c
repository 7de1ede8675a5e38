/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "workloads/kv_store.h"
#include "workloads/server.h"
#include "workloads/workload.h"
#include "workloads/zipf.h"

#define KEY_BYTES 20        /* "user%016x" */
#define LOAD_SHARE 0.2      /* of the trial */
#define PIPELINE 64         /* commands in a batch where nothing is timed */
#define LOADED (1ULL << 40) /* key numbers of the load phase begin here */

/* As the metrics name their histograms. */
enum { READ, UPDATE, LOAD };

struct state {
	struct kv_store *store;
	struct event_server *server;
	int fd;
	struct sockaddr_un address;
	size_t value;
	uint64_t records, loaded;
	uint32_t *versions; /* of each record: how often it was written */
	struct zipf zipf;
	char *request, *response;
};

/* In the scratch directory, where redis-benchmark finds it; otherwise an abstract name. */
static int listen_socket(const struct trial *trial, struct sockaddr_un *address, struct error *err)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), n, rc;
	size_t size = sizeof(address->sun_path);

	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (fd < 0)
		return error_errno(err, -errno, "creating a Unix socket");
	n = trial->scratch ? snprintf(address->sun_path, size, "%s/tare-memory.kv", trial->scratch)
			   : (int)size;
	if (n >= (int)size) {
		memset(address->sun_path, 0, size);
		snprintf(address->sun_path + 1, size - 1, "tare-memory.kv-%d", (int)getpid());
	} else {
		unlink(address->sun_path);
	}
	if (!bind(fd, (struct sockaddr *)address, sizeof(*address)) && !listen(fd, SOMAXCONN))
		return fd;
	rc = error_errno(err, -errno, "listening on a Unix socket");
	close(fd);
	return rc;
}

static int connect_socket(struct state *s, struct error *err)
{
	const struct timeval limit = {.tv_sec = NETWORK_LIMIT_SECONDS};

	s->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (s->fd < 0 || connect(s->fd, (struct sockaddr *)&s->address, sizeof(s->address)))
		return error_errno(err, -errno, "connecting to the store");
	setsockopt(s->fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(s->fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	return 0;
}

/* A value contains its key and how often it was written; the rest is the same for all. */
static void stamp(char *value, uint64_t key, uint32_t version)
{
	memcpy(value, &key, sizeof(key));
	memcpy(value + sizeof(key), &version, sizeof(version));
}

static size_t put_key(char *at, const char *head, uint64_t key)
{
	return (size_t)sprintf(at, "%s$%d\r\nuser%016llx\r\n", head, KEY_BYTES,
			       (unsigned long long)key);
}

static size_t put_set(const struct state *s, char *at, uint64_t key, uint32_t version)
{
	size_t n = put_key(at, "*3\r\n$3\r\nSET\r\n", key);

	n += (size_t)sprintf(at + n, "$%zu\r\n", s->value);
	memset(at + n, 'x', s->value);
	stamp(at + n, key, version);
	memcpy(at + n + s->value, "\r\n", 2);
	return n + s->value + 2;
}

/* Sends `length` bytes of requests and expects exactly `answer` in return. */
static int expect(struct state *s, size_t length, const char *answer, size_t answer_length,
		  struct error *err)
{
	int rc = send_whole(s->fd, s->request, length);

	rc = rc ?: receive_whole(s->fd, s->response, answer_length);
	if (rc)
		return error_errno(err, rc > 0 ? -ECONNRESET : rc, "talking to the store");
	if (memcmp(s->response, answer, answer_length))
		return error_set(err, -EIO, "the store answered %.20s, not %.20s", s->response,
				 answer);
	return 0;
}

static int do_set(struct state *s, uint64_t key, uint32_t version, struct error *err)
{
	return expect(s, put_set(s, s->request, key, version), "+OK\r\n", 5, err);
}

static int do_get(struct state *s, uint64_t key, uint32_t version, struct error *err)
{
	size_t n = put_key(s->request, "*2\r\n$3\r\nGET\r\n", key);
	char head[32], mark[12];
	size_t head_length = (size_t)snprintf(head, sizeof(head), "$%zu\r\n", s->value);
	const char *value = s->response + head_length;
	int rc = send_whole(s->fd, s->request, n);

	if (!rc) /* a shorter answer, such as for a missing key, ends in a timeout */
		rc = receive_whole(s->fd, s->response, 5);
	if (!rc && !memcmp(s->response, "$-1\r\n", 5))
		return error_set(err, -EIO, "record %llu is lost", (unsigned long long)key);
	rc = rc ?: receive_whole(s->fd, s->response + 5, head_length + s->value + 2 - 5);
	if (rc)
		return error_errno(err, rc > 0 ? -ECONNRESET : rc, "talking to the store");
	stamp(mark, key, version);
	if (memcmp(s->response, head, head_length) || memcmp(value, mark, sizeof(mark)) ||
	    value[sizeof(mark)] != 'x' || memcmp(value + s->value - 1, "x\r\n", 3))
		return error_set(err, -EIO, "record %llu is wrong", (unsigned long long)key);
	return 0;
}

/* Stores all records directly before the server starts: through its socket an emulated machine
 * would need seconds. */
static int fill(struct state *s, struct error *err)
{
	struct event_output answer = {0};
	int rc = 0;

	for (uint64_t key = 0; key < s->records && !rc; key++) {
		size_t length = put_set(s, s->request, key, 0);

		answer.used = 0;
		if (kv_store_consume(s->store, s->request, length, &answer) != (long)length ||
		    answer.used != 5 || memcmp(answer.data, "+OK\r\n", 5))
			rc = error_set(err, -ENOMEM, "no memory for record %llu of %llu",
				       (unsigned long long)key, (unsigned long long)s->records);
	}
	free(answer.data);
	return rc;
}

static int prepare(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;
	size_t room;
	int listener, rc;

	s->fd = -1;
	s->value = (size_t)trial_integer(trial, "value");
	s->records = (uint64_t)trial_integer(trial, "size") / s->value;
	room = (s->value + 128) * PIPELINE;
	s->store = kv_store_create();
	s->versions = calloc(s->records + 1, sizeof(*s->versions));
	s->request = malloc(room);
	s->response = malloc(room);
	if (!s->store || !s->versions || !s->request || !s->response || !s->records)
		return error_set(err, -ENOMEM, "no memory for %llu records",
				 (unsigned long long)s->records);
	s->zipf = zipf_of(s->records);
	rc = fill(s, err);
	if (rc)
		return rc;
	listener = listen_socket(trial, &s->address, err);
	if (listener < 0)
		return listener;
	rc = event_server_start(listener, kv_store_consume, s->store, &s->server, err);
	return rc ? rc : connect_socket(s, err);
}

/* New records, until the time is up or there are twice as many. */
static int run_load(struct trial *trial, struct state *s, struct error *err)
{
	uint64_t until =
		trial->start + (uint64_t)((double)(trial->deadline - trial->start) * LOAD_SHARE);
	uint64_t now = clock_now();
	int rc = 0;

	while (!rc && now < until && s->loaded < s->records && trial_continue_at(trial, &now)) {
		uint64_t start = now;

		rc = do_set(s, LOADED + s->loaded++, 0, err);
		now = clock_now();
		histogram_record(trial->histograms[LOAD], now - start);
	}
	return rc;
}

/* Ranks are scattered over the records, as in YCSB's "scrambled" distribution. */
static uint64_t pick(const struct state *s, struct random_state *random)
{
	uint64_t rank = zipf_next(&s->zipf, random);

	return random_mix(&rank) % s->records;
}

static int run_mix(struct trial *trial, struct state *s, struct error *err)
{
	struct random_state random = random_seeded(trial->seed);
	uint64_t now = clock_now();
	int rc = 0;

	while (!rc && trial_continue_at(trial, &now)) {
		uint64_t key = pick(s, &random), start = now;
		bool update = random_next(&random) >> 63;

		rc = update ? do_set(s, key, ++s->versions[key], err)
			    : do_get(s, key, s->versions[key], err);
		now = clock_now();
		histogram_record(trial->histograms[update ? UPDATE : READ], now - start);
		trial->operations++;
	}
	return rc;
}

static int run(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;
	double start;
	int rc;

	rc = run_load(trial, s, err);
	start = trial_elapsed(trial);
	rc = rc ?: run_mix(trial, s, err);
	if (rc)
		return rc;
	trial_value(trial, "throughput", trial->operations / (trial_elapsed(trial) - start));
	trial->operations += (double)s->loaded;
	return 0;
}

/* The store must have the right number of records; those of the load phase are removed again. */
static int verify(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;
	char answer[32];
	int rc, n = snprintf(answer, sizeof(answer), ":%llu\r\n",
			     (unsigned long long)(s->records + s->loaded));

	rc = expect(s, (size_t)sprintf(s->request, "*1\r\n$6\r\nDBSIZE\r\n"), answer, (size_t)n,
		    err);
	while (s->loaded && !rc) {
		char answers[PIPELINE * 4];
		size_t length = 0, i = 0;

		for (; i < PIPELINE && s->loaded; i++) {
			length += put_key(s->request + length, "*2\r\n$3\r\nDEL\r\n",
					  LOADED + --s->loaded);
			memcpy(answers + i * 4, ":1\r\n", 4);
		}
		rc = expect(s, length, answers, i * 4, err);
	}
	return rc;
}

static void cleanup(struct trial *trial)
{
	struct state *s = trial->state;

	if (s->fd >= 0)
		close(s->fd);
	event_server_stop(s->server);
	if (s->address.sun_path[0])
		unlink(s->address.sun_path);
	kv_store_destroy(s->store);
	free(s->versions);
	free(s->request);
	free(s->response);
}

const struct workload memory_kv = {
	.name = "memory.kv",
	.version = 3,
	.panel = PANEL_MEMORY,
	.summary = "a key-value store behind a Unix socket: loading, then half reads, half updates",
	.operation = "one record loaded, read or updated",
	.stands_for = "YCSB on Redis 3.0.5, 50 % reads, 50 % updates (sharma2016, Figure 4b);"
		      " whole records by GET and SET, where YCSB uses hashes of fields",
	.metrics =
		(const struct metric[]){
			RATE("throughput", "operations/s"),
			TIME_US("read_mean", "read", 0),
			TIME_US("read_p99", "read", 0.99),
			TIME_US("update_mean", "update", 0),
			TIME_US("update_p99", "update", 0.99),
			TIME_US("load_mean", "load", 0),
			TIME_US("load_p99", "load", 0.99),
			{0},
		},
	.parameters =
		(const struct parameter[]){
			{"size", "size of all values together", PARAMETER_SIZE,
			 .fallback = 128 << 20, .low = 1 << 16, .high = 0x1p38},
			{"value", "size of one value", PARAMETER_SIZE, .fallback = 1000, .low = 32,
			 .high = 1 << 19},
			{0},
		},
	.needs = {.cpus = 1, .memory = 64 << 20, .memory_parameter = "size"},
	.state_bytes = sizeof(struct state),
	.prepare = prepare,
	.run = run,
	.verify = verify,
	.cleanup = cleanup,
};
