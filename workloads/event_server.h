/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One thread that serves many connections, like Redis and nginx: epoll, an input and an output
 * buffer for each, all requests from one read at a time. With several connections it polls before
 * it sleeps (patience.h). */
#pragma once

#include <stddef.h>

#include "base/error.h"

#define EVENT_REQUEST_MAX (1u << 20) /* bytes of one request; a larger one ends the connection */

/* Pending output; grows as needed. */
struct event_output {
	char *data;
	size_t used, size;
};

/* Adds nothing if there is no memory. */
void event_output_add(struct event_output *output, const void *data, size_t length);

/* Handles the request at the start of `data` and appends the response to `output`. Returns its
 * length; 0 if it is incomplete; a negative errno ends the connection. */
typedef long event_consume(void *state, const char *data, size_t length,
			   struct event_output *output);

struct event_server;

/* Takes ownership of `listener`, which it closes at the end and on failure. */
int event_server_start(int listener, event_consume *consume, void *state,
		       struct event_server **server, struct error *err);
/* Ends all connections and the thread. Returns the number of requests served. NULL: 0. */
double event_server_stop(struct event_server *server);
/* How many requests it has answered so far. */
double event_server_served(const struct event_server *server);
