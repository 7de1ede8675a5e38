/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The network namespaces of a run, created and removed with it:
 *
 *   P (far side, load generator)          H (stands for the host)
 *   +------------------+     wire (veth)  +--------------------------------+
 *   | 10.77.0.1 wire-p |==================| wire-h 10.77.0.2               |  bare listens here
 *   +------------------+                  |   routes                       |
 *                                         | bridge tare0 10.77.1.1         |
 *                                         |   |-- veth --> container's own namespace 10.77.1.N
 *                                         |   |-- tap  --> virtual machine 10.77.1.N
 *                                         +--------------------------------+
 *
 * So a container pays for its veth and the bridge, a VM for its tap and the bridge, and bare for
 * neither. The addresses exist nowhere else. Built with libnl-route; no `ip` is executed.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "drivers/resources.h"
#include "base/error.h"

#define NETWORK_ADDRESS_FAR "10.77.0.1"
#define NETWORK_ADDRESS_HOST "10.77.0.2"
#define NETWORK_ADDRESS_BRIDGE "10.77.1.1"
#define NETWORK_PREFIX 24
#define NETWORK_BRIDGE "tare0"

struct network;

/* Whether this process may enter network namespaces and come back: root of this host. Root of only
 * a user namespace could leave its own and not return. */
bool network_allowed(void);

/* Makes P and H, the wire, the bridge, the routes, forwarding in H. Needs CAP_SYS_ADMIN. */
int network_create(const char *run_id, struct resources *res, struct network **network,
		   struct error *err);
void network_destroy(struct network *network); /* NULL is legal */

/* Namespace descriptors, owned by the network. */
int network_far(const struct network *network);
int network_host(const struct network *network);
const char *network_host_name(const struct network *network); /* as `ip netns` shows it */

/* Moves the calling THREAD into a namespace / back to where it was. For fork, exec, sockets. */
int network_enter(int namespace_fd, int *previous_fd, struct error *err);
void network_leave(int previous_fd);

/* A namespace of its own with eth0 on the bridge; *address gets 10.77.1.N. The name is
 * "tare-<run>-<id>"; the path of its handle is written to `path`. */
int network_attach_namespace(struct network *network, const char *id, char address[46],
			     char path[128], struct error *err);
/* The same, with Docker's masquerade and a published port range: *address is one of H's. */
int network_attach_nat(struct network *network, const char *id, char address[46], char path[128],
		       struct error *err);
/* The MAC address that belongs to an address on the bridge. It never changes: a new instance reuses
 * the address of one that has ended, and ARP caches keep the old MAC for seconds. */
void network_mac(const char *address, char mac[18]);
/* A tap on the bridge (vnet_hdr, one queue), owned by `owner`; its name is written to `tap`. */
int network_attach_tap(struct network *network, const char *id, uid_t owner, char address[46],
		       char tap[16], struct error *err);
void network_detach(struct network *network, const char *id);
