/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workloads/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECTIONS_MAX 1024

struct connection {
	struct server *server;
	pthread_t thread;
	int fd; /* open until the thread is joined, so that its number is not reused */
	double result;
};

struct server {
	const struct trial *trial;
	serve_function *serve;
	bool thread_each;
	int fd;
	pthread_t acceptor;
	pthread_mutex_t lock; /* of the fields below */
	bool ending;
	int count;
	double done, failed; /* failed: the first negative errno */
	struct connection connections[CONNECTIONS_MAX];
};

static void account(struct server *s, double result)
{
	pthread_mutex_lock(&s->lock);
	if (result >= 0)
		s->done += result;
	else if (!s->failed && !s->ending) /* a connection cut by finish is not a failure */
		s->failed = result;
	pthread_mutex_unlock(&s->lock);
}

static void *serve_connection(void *argument)
{
	struct connection *c = argument;

	account(c->server, c->server->serve(c->fd, c->server->trial));
	shutdown(c->fd, SHUT_RDWR);
	return NULL;
}

/* Starts a thread for it; above the limit, or after finish has begun, the connection is dropped. */
static void start_connection(struct server *s, int fd)
{
	pthread_mutex_lock(&s->lock);
	if (!s->ending && s->count < CONNECTIONS_MAX) {
		struct connection *c = &s->connections[s->count];

		*c = (struct connection){.server = s, .fd = fd};
		if (!pthread_create(&c->thread, NULL, serve_connection, c)) {
			s->count++;
			fd = -1;
		}
	}
	pthread_mutex_unlock(&s->lock);
	if (fd >= 0)
		close(fd);
}

static void *accept_all(void *argument)
{
	struct server *s = argument;
	const int on = 1;

	for (;;) {
		int fd = accept4(s->fd, NULL, NULL, SOCK_CLOEXEC);

		if (fd < 0 && (errno == EINTR || errno == ECONNABORTED))
			continue;
		if (fd < 0)
			return NULL; /* shut down by server_finish */
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		if (s->thread_each) {
			start_connection(s, fd);
			continue;
		}
		account(s, s->serve(fd, s->trial));
		close(fd);
	}
}

static void *serve_datagrams(void *argument)
{
	struct server *s = argument;

	account(s, s->serve(s->fd, s->trial));
	return NULL;
}

int server_listen(struct trial *trial, int type, struct error *err)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t length = sizeof(address);
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0), rc;

	if (fd < 0)
		return error_errno(err, -errno, "making a socket");
	if (bind(fd, (struct sockaddr *)&address, length) ||
	    (type == SOCK_STREAM && listen(fd, CONNECTIONS_MAX)) ||
	    getsockname(fd, (struct sockaddr *)&address, &length)) {
		rc = error_errno(err, -errno, "listening");
		close(fd);
		return rc;
	}
	trial->port = ntohs(address.sin_port);
	return fd;
}

static int start(struct trial *trial, int type, serve_function *serve, bool thread_each,
		 struct error *err)
{
	struct server *s = calloc(1, sizeof(*s));
	int rc;

	if (!s)
		return error_set(err, -ENOMEM, "no memory for a server");
	s->trial = trial;
	s->serve = serve;
	s->thread_each = thread_each;
	pthread_mutex_init(&s->lock, NULL);
	s->fd = rc = server_listen(trial, type, err);
	if (rc >= 0) {
		rc = -pthread_create(&s->acceptor, NULL,
				     type == SOCK_STREAM ? accept_all : serve_datagrams, s);
		if (rc)
			error_errno(err, rc, "starting a server thread");
	}
	if (rc) {
		if (s->fd >= 0)
			close(s->fd);
		free(s);
		return rc;
	}
	trial->state = s;
	return 0;
}

int server_start(struct trial *trial, serve_function *serve, bool thread_each, struct error *err)
{
	return start(trial, SOCK_STREAM, serve, thread_each, err);
}

int server_start_datagram(struct trial *trial, serve_function *serve, struct error *err)
{
	return start(trial, SOCK_DGRAM, serve, false, err);
}

int server_finish(struct trial *trial, struct error *err)
{
	struct server *s = trial->state;
	int rc;

	pthread_mutex_lock(&s->lock);
	s->ending = true;
	for (int i = 0; i < s->count; i++)
		shutdown(s->connections[i].fd, SHUT_RDWR);
	pthread_mutex_unlock(&s->lock);
	shutdown(s->fd, SHUT_RDWR);
	pthread_join(s->acceptor, NULL);
	for (int i = 0; i < s->count; i++) {
		pthread_join(s->connections[i].thread, NULL);
		close(s->connections[i].fd);
	}
	close(s->fd);
	trial->operations += s->done;
	rc = (int)s->failed;
	free(s);
	trial->state = NULL;
	return rc ? error_errno(err, rc, "serving a connection") : 0;
}

static int peer_address(const struct trial *trial, struct sockaddr_in *address, struct error *err)
{
	*address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(trial->port)};
	if (inet_pton(AF_INET, trial->peer, &address->sin_addr) == 1)
		return 0;
	return error_set(err, -EINVAL, "peer %s is not an IPv4 address", trial->peer);
}

int peer_connect(const struct trial *trial, int type, struct error *err)
{
	const struct timeval limit = {.tv_sec = NETWORK_LIMIT_SECONDS};
	struct sockaddr_in address;
	const int on = 1;
	int rc = peer_address(trial, &address, err), fd;

	if (rc)
		return rc;
	fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return error_errno(err, -errno, "making a socket");
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	if (type == SOCK_STREAM)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (!connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return fd;
	rc = error_errno(err, errno == EINPROGRESS ? -ETIMEDOUT : -errno,
			 "connecting to %s port %u", trial->peer, trial->port);
	close(fd);
	return rc;
}

static int failure(void)
{
	return errno == EAGAIN || errno == EWOULDBLOCK ? -ETIMEDOUT : -errno;
}

int send_whole(int fd, const void *data, size_t length)
{
	while (length) {
		ssize_t n = send(fd, data, length, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return failure();
		data = (const char *)data + n;
		length -= (size_t)n;
	}
	return 0;
}

int receive_whole(int fd, void *data, size_t length)
{
	size_t done = 0;

	while (done < length) {
		ssize_t n = recv(fd, (char *)data + done, length - done, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return failure();
		if (n == 0)
			return done ? -EPROTO : 1;
		done += (size_t)n;
	}
	return 0;
}
