/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Both sides of the network workloads' connections. The server listens on a port chosen by the
 * kernel, in the agent's network namespace; each connection is served by its own thread, or (if
 * connecting is measured) by the accepting thread. */
#pragma once

#include <stdbool.h>

#include "workloads/workload.h"

#define NETWORK_LIMIT_SECONDS 5 /* a peer that is silent for longer counts as dead */

struct server;

/* Serves one connection until its end; returns the number of operations, for accounting, or a
 * negative errno. */
typedef double serve_function(int fd, const struct trial *trial);

/* TCP; sets trial->port, puts the server into trial->state. */
int server_start(struct trial *trial, serve_function *serve, bool thread_each, struct error *err);
/* UDP: `serve` gets the bound socket and runs in one thread. */
int server_start_datagram(struct trial *trial, serve_function *serve, struct error *err);
/* Ends every connection and thread and adds their operations to trial->operations. Returns the
 * first error of a thread. */
int server_finish(struct trial *trial, struct error *err);

/* A socket bound to a port chosen by the kernel, which is stored in trial->port; listening if it is
 * SOCK_STREAM. Negative errno. */
int server_listen(struct trial *trial, int type, struct error *err);

/* A socket connected to trial->peer, with TCP_NODELAY and time limits. Negative errno. */
int peer_connect(const struct trial *trial, int type, struct error *err);

/* Exactly `length` bytes. 0; 1 at a clean end before the first byte (receive only); or a negative
 * errno: -EPROTO for an end within them, -ETIMEDOUT after NETWORK_LIMIT_SECONDS. */
int send_whole(int fd, const void *data, size_t length);
int receive_whole(int fd, void *data, size_t length);
