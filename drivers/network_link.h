/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Links, addresses and routes inside one network namespace, over netlink. */
#pragma once

#include <netlink/socket.h>

#include "base/error.h"

/* The calling thread inside a namespace, with a netlink socket of it. */
struct inside {
	int previous; /* where the thread was */
	struct nl_sock *socket;
};

/* Enters `namespace_fd`; leave is legal (and needed) after a failed enter as well. */
int inside_enter(struct inside *inside, int namespace_fd, struct error *err);
void inside_leave(struct inside *inside);

/* All functions below act in the thread's current namespace. */

/* Makes a veth pair: `name` here, up, on bridge `master` where that is not NULL, and `peer_name` in
 * the namespace `peer_fd`, down, with the MAC address `peer_mac`; NULL: a random one. */
int link_add_veth(struct inside *inside, const char *name, const char *master,
		  const char *peer_name, int peer_fd, const char *peer_mac, struct error *err);
int link_add_bridge(struct inside *inside, const char *name, struct error *err);
/* Brings a link up, and puts it on a bridge where `master` is not NULL. */
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
