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
 * So a container has the cost of its veth and the bridge, a VM that of its tap and the bridge, and
 * bare neither. The addresses exist nowhere else. Uses libnl-route; `ip` is not executed.
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

/* Whether this process may enter network namespaces and return: only root of this host may. Root of
 * a user namespace could leave its namespace but not return. */
bool network_allowed(void);

/* Creates P and H, the veth between them, the bridge, the routes, and forwarding in H. Needs
 * CAP_SYS_ADMIN. */
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

/* Creates a namespace with eth0 on the bridge; *address gets 10.77.1.N. Its name is
 * "tare-<run>-<id>"; `path` gets the path of its handle. */
int network_attach_namespace(struct network *network, const char *id, char address[46],
			     char path[128], struct error *err);
/* Likewise, with Docker's masquerading and a published port range: *address belongs to H. */
int network_attach_nat(struct network *network, const char *id, char address[46], char path[128],
		       struct error *err);
/* The MAC address for an address on the bridge. It is fixed, because a new instance reuses the
 * address of an old one, and ARP caches keep the old MAC for seconds. */
void network_mac(const char *address, char mac[18]);
/* Creates a tap on the bridge (vnet_hdr, one queue), owned by `owner`; `tap` gets its name. */
int network_attach_tap(struct network *network, const char *id, uid_t owner, char address[46],
		       char tap[16], struct error *err);
void network_detach(struct network *network, const char *id);
