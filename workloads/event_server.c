/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workloads/event_server.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "workloads/patience.h"

#define EVENTS 64
#define READ_BYTES 16384

struct connection {
	struct connection *next, **link; /* in the server's list */
	int fd;
	bool blocked; /* the peer does not read: wait for EPOLLOUT and serve no more requests */
	char *input;
	size_t used, size, sent;
	struct event_output output;
};

struct event_server {
	int listener, epoll, wake[2];
	event_consume *consume;
	void *state;
	uint64_t served; /* read by other threads */
	struct connection *connections;
	const struct connection *last; /* the last one served; only for comparison */
	bool several;                  /* the one before was a different connection */
	struct patience patience;
	pthread_t thread;
};

void event_output_add(struct event_output *output, const void *data, size_t length)
{
	if (output->size - output->used < length) {
		size_t size = (output->used + length) * 2;
		char *more = realloc(output->data, size);

		if (!more)
			return;
		output->data = more;
		output->size = size;
	}
	memcpy(output->data + output->used, data, length);
	output->used += length;
}

static void drop(struct connection *c)
{
	*c->link = c->next;
	if (c->next)
		c->next->link = c->link;
	close(c->fd);
	free(c->input);
	free(c->output.data);
	free(c);
}

static void admit(struct event_server *s)
{
	int fd = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct epoll_event event = {.events = EPOLLIN};
	struct connection *c;
	const int on = 1;

	if (fd < 0)
		return;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on,
		   sizeof(on)); /* not TCP, which does not matter */
	c = calloc(1, sizeof(*c));
	event.data.ptr = c;
	if (!c || epoll_ctl(s->epoll, EPOLL_CTL_ADD, fd, &event)) {
		free(c);
		close(fd);
		return;
	}
	c->fd = fd;
	c->next = s->connections;
	c->link = &s->connections;
	if (c->next)
		c->next->link = &c->next;
	s->connections = c;
}

static int flush(struct event_server *s, struct connection *c)
{
	struct epoll_event event = {.data.ptr = c};
	bool blocked;

	while (c->sent < c->output.used) {
		ssize_t n = send(c->fd, c->output.data + c->sent, c->output.used - c->sent,
				 MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			break;
		if (n < 0)
			return -errno;
		c->sent += (size_t)n;
	}
	blocked = c->sent < c->output.used;
	if (!blocked)
		c->sent = c->output.used = 0;
	if (blocked == c->blocked)
		return 0;
	c->blocked = blocked;
	event.events = blocked ? EPOLLOUT : EPOLLIN;
	return epoll_ctl(s->epoll, EPOLL_CTL_MOD, c->fd, &event) ? -errno : 0;
}

/* Serves every complete request of the input. */
static int consume_all(struct event_server *s, struct connection *c)
{
	size_t done = 0;

	while (done < c->used) {
		long n = s->consume(s->state, c->input + done, c->used - done, &c->output);

		if (n < 0)
			return (int)n;
		if (n == 0)
			break;
		done += (size_t)n;
		__atomic_fetch_add(&s->served, 1, __ATOMIC_RELAXED);
	}
	c->used -= done;
	if (c->used && done)
		memmove(c->input, c->input + done, c->used);
	return c->used > EVENT_REQUEST_MAX ? -EMSGSIZE : 0;
}

static int serve(struct event_server *s, struct connection *c)
{
	ssize_t n;

	s->several = c != s->last;
	s->last = c;
	if (c->blocked)
		return 0; /* until pending output is sent */
	if (c->size - c->used < READ_BYTES) {
		char *more = realloc(c->input, c->used + 2 * READ_BYTES);

		if (!more)
			return -ENOMEM;
		c->input = more;
		c->size = c->used + 2 * READ_BYTES;
	}
	n = recv(c->fd, c->input + c->used, c->size - c->used, 0);
	if (n < 0)
		return errno == EINTR || errno == EAGAIN ? 0 : -errno;
	if (n == 0)
		return -EPIPE;
	c->used += (size_t)n;
	return consume_all(s, c);
}

/* Serves all input before sending anything, so that a client that waits for many responses is woken
 * once. False at the end. */
static bool serve_events(struct event_server *s, struct epoll_event *events, int count)
{
	for (int i = 0; i < count; i++) {
		void *who = events[i].data.ptr;

		if (who == &s->wake)
			return false;
		if (who == &s->listener)
			admit(s);
		else if (!serve(s, who))
			continue;
		else
			drop(who);
		events[i].data.ptr = NULL;
	}
	for (int i = 0; i < count; i++)
		if (events[i].data.ptr && flush(s, events[i].data.ptr))
			drop(events[i].data.ptr);
	return true;
}

struct look {
	struct event_server *server;
	struct epoll_event *events;
};

static int look(void *state)
{
	struct look *l = state;

	return epoll_wait(l->server->epoll, l->events, EVENTS, 0);
}

/* A single client waits for each answer, so its server sleeps in between. */
static int wait_events(struct event_server *s, struct epoll_event *events)
{
	struct look l = {s, events};
	int n = s->several ? patience_wait(&s->patience, look, &l) : 0;

	return n ? n : epoll_wait(s->epoll, events, EVENTS, -1);
}

static void *loop(void *argument)
{
	struct event_server *s = argument;
	struct epoll_event events[EVENTS];

	for (;;) {
		int n = wait_events(s, events);

		if (n < 0 && errno != EINTR)
			return NULL;
		if (n > 0 && !serve_events(s, events, n))
			return NULL;
	}
}

static int watch(struct event_server *s, int fd, void *who)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = who};

	return epoll_ctl(s->epoll, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

static void destroy(struct event_server *s)
{
	while (s->connections)
		drop(s->connections);
	close(s->listener);
	if (s->epoll >= 0)
		close(s->epoll);
	for (int i = 0; i < 2; i++)
		if (s->wake[i] >= 0)
			close(s->wake[i]);
	free(s);
}

int event_server_start(int listener, event_consume *consume, void *state,
		       struct event_server **server, struct error *err)
{
	struct event_server *s = calloc(1, sizeof(*s));
	int rc;

	*server = NULL;
	if (!s) {
		close(listener);
		return error_set(err, -ENOMEM, "no memory for a server");
	}
	s->listener = listener;
	s->consume = consume;
	s->state = state;
	s->wake[0] = s->wake[1] = -1;
	s->epoll = epoll_create1(EPOLL_CLOEXEC);
	rc = s->epoll < 0 || pipe(s->wake) ? -errno : 0;
	rc = rc ?: watch(s, listener, &s->listener);
	rc = rc ?: watch(s, s->wake[0], &s->wake);
	rc = rc ?: -pthread_create(&s->thread, NULL, loop, s);
	if (rc) {
		destroy(s);
		return error_errno(err, rc, "starting a server");
	}
	*server = s;
	return 0;
}

double event_server_served(const struct event_server *s)
{
	return (double)__atomic_load_n(&s->served, __ATOMIC_RELAXED);
}

double event_server_stop(struct event_server *s)
{
	double served;

	if (!s)
		return 0;
	close(s->wake[1]); /* the end of the pipe wakes the loop */
	s->wake[1] = -1;
	pthread_join(s->thread, NULL);
	served = event_server_served(s);
	destroy(s);
	return served;
}
