/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Links, addresses and routes inside a network namespace, through netlink. */
#pragma once

#include <netlink/socket.h>

#include "base/error.h"

/* The calling thread inside a namespace, with a netlink socket there. */
struct inside {
	int previous; /* where the thread was */
	struct nl_sock *socket;
};

/* Enters `namespace_fd`; leave is legal (and needed) even after a failed enter. */
int inside_enter(struct inside *inside, int namespace_fd, struct error *err);
void inside_leave(struct inside *inside);

/* All functions below act in the thread's current namespace. */

/* Creates a veth pair: `name` here, up, on bridge `master` if not NULL, and `peer_name` in the
 * namespace `peer_fd`, down, with the MAC address `peer_mac` (NULL: random). */
int link_add_veth(struct inside *inside, const char *name, const char *master,
		  const char *peer_name, int peer_fd, const char *peer_mac, struct error *err);
int link_add_bridge(struct inside *inside, const char *name, struct error *err);
/* Brings a link up and adds it to the bridge `master` if not NULL. */
int link_raise(struct inside *inside, const char *name, const char *master, struct error *err);
int link_delete(struct inside *inside, const char *name, struct error *err);
/* `address` with its prefix: "10.77.0.1/24". */
int link_add_address(struct inside *inside, const char *name, const char *address,
		     struct error *err);
int link_delete_address(struct inside *inside, const char *name, const char *address,
			struct error *err);
/* `destination` is a prefix or "default". */
int route_add(struct inside *inside, const char *destination, const char *gateway,
	      struct error *err);
