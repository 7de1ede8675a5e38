/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One thread that serves many connections, as Redis and nginx do: epoll, a buffer in and a buffer
 * out for each, as many requests at once as came in one read. Between requests of several
 * connections it looks again before it sleeps (patience.h). */
#pragma once

#include <stddef.h>

#include "base/error.h"

#define EVENT_REQUEST_MAX (1u << 20) /* bytes of one request; more ends the connection */

/* What is to be sent; grows as needed. */
struct event_output {
	char *data;
	size_t used, size;
};

void event_output_add(struct event_output *output, const void *data, size_t length);

/* One request at the start of `data`: its length, with the response added to `output`; 0 where it
 * is not whole yet; a negative errno ends the connection. */
typedef long event_consume(void *state, const char *data, size_t length,
			   struct event_output *output);

struct event_server;

/* Takes over `listener`, which it closes at the end and on failure. */
int event_server_start(int listener, event_consume *consume, void *state,
		       struct event_server **server, struct error *err);
/* Ends all connections and the thread. The number of requests served. NULL: 0. */
double event_server_stop(struct event_server *server);
/* How many requests it has answered so far. */
double event_server_served(const struct event_server *server);
