/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/network_link.h"

#include <errno.h>
#include <net/if.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <netlink/route/link/bridge.h>
#include <netlink/route/link/veth.h>
#include <netlink/route/route.h>
#include <stdarg.h>
#include <stdio.h>

#include "drivers/network.h"

/* Without a fixed MAC address a bridge uses the lowest of its ports', which changes as ports come
 * and go and invalidates the others' ARP entries. */
#define BRIDGE_MAC "02:74:61:72:65:01"

__attribute__((format(printf, 3, 4))) static int netlink_error(int code, struct error *err,
							       const char *format, ...)
{
	char what[256];
	va_list args;

	if (code >= 0)
		return 0;
	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	return error_set(err,
			 code == -NLE_EXIST  ? -EEXIST
			 : code == -NLE_PERM ? -EPERM
					     : -EIO,
			 "%s: %s", what, nl_geterror(code));
}

int inside_enter(struct inside *inside, int namespace_fd, struct error *err)
{
	int rc;

	inside->socket = NULL;
	rc = network_enter(namespace_fd, &inside->previous, err);
	if (rc)
		return rc;
	inside->socket = nl_socket_alloc();
	if (!inside->socket)
		return error_errno(err, -ENOMEM, "netlink");
	return netlink_error(nl_connect(inside->socket, NETLINK_ROUTE), err, "netlink");
}

void inside_leave(struct inside *inside)
{
	nl_socket_free(inside->socket);
	network_leave(inside->previous);
}

static int link_index(const char *name, struct error *err)
{
	unsigned int index = if_nametoindex(name);

	return index ? (int)index : error_errno(err, -errno, "the link %s", name);
}

int link_add_veth(struct inside *inside, const char *name, const char *master,
		  const char *peer_name, int peer_fd, const char *peer_mac, struct error *err)
{
	int index = master ? link_index(master, err) : 0, rc = 0;
	struct rtnl_link *link, *peer;
	struct nl_addr *mac = NULL;

	if (index < 0)
		return index;
	link = rtnl_link_veth_alloc();
	if (!link)
		return error_errno(err, -ENOMEM, "the link %s", name);
	peer = rtnl_link_veth_get_peer(link);
	rtnl_link_set_name(link, name);
	if (index)
		rtnl_link_set_master(link, index);
	rtnl_link_set_name(peer, peer_name);
	rtnl_link_set_ns_fd(peer, peer_fd);
	if (peer_mac)
		rc = nl_addr_parse(peer_mac, AF_LLC, &mac);
	if (mac)
		rtnl_link_set_addr(peer, mac);
	rc = rc ?: rtnl_link_add(inside->socket, link, NLM_F_CREATE | NLM_F_EXCL);
	nl_addr_put(mac);
	rtnl_link_put(peer);
	rtnl_link_put(link);
	rc = netlink_error(rc, err, "creating the veth pair %s and %s", name, peer_name);
	/* neither end can come up before both exist */
	return rc ? rc : link_raise(inside, name, NULL, err);
}

int link_add_bridge(struct inside *inside, const char *name, struct error *err)
{
	struct rtnl_link *link = rtnl_link_bridge_alloc();
	struct nl_addr *mac = NULL;
	int rc;

	if (!link)
		return error_errno(err, -ENOMEM, "the bridge %s", name);
	rtnl_link_set_name(link, name);
	rtnl_link_set_flags(link, IFF_UP);
	rc = nl_addr_parse(BRIDGE_MAC, AF_LLC, &mac);
	if (!rc) {
		rtnl_link_set_addr(link, mac);
		rc = rtnl_link_add(inside->socket, link, NLM_F_CREATE | NLM_F_EXCL);
	}
	nl_addr_put(mac);
	rtnl_link_put(link);
	return netlink_error(rc, err, "creating the bridge %s", name);
}

int link_raise(struct inside *inside, const char *name, const char *master, struct error *err)
{
	int index = link_index(name, err), bridge = master ? link_index(master, err) : 0, rc;
	struct rtnl_link *old, *change;

	if (index < 0 || bridge < 0)
		return index < 0 ? index : bridge;
	old = rtnl_link_alloc();
	change = rtnl_link_alloc();
	if (!old || !change) {
		rc = -NLE_NOMEM;
	} else {
		rtnl_link_set_ifindex(old, index);
		rtnl_link_set_flags(change, IFF_UP);
		if (bridge)
			rtnl_link_set_master(change, bridge);
		rc = rtnl_link_change(inside->socket, old, change, 0);
	}
	rtnl_link_put(change);
	rtnl_link_put(old);
	return netlink_error(rc, err, "bringing the link %s up", name);
}

int link_delete(struct inside *inside, const char *name, struct error *err)
{
	struct rtnl_link *link = rtnl_link_alloc();
	int rc = -NLE_NOMEM;

	if (link) {
		rtnl_link_set_name(link, name);
		rc = rtnl_link_delete(inside->socket, link);
	}
	rtnl_link_put(link);
	if (rc == -NLE_NODEV || rc == -NLE_OBJ_NOTFOUND)
		return 0;
	return netlink_error(rc, err, "removing the link %s", name);
}

static int change_address(struct inside *inside, const char *name, const char *address,
			  int (*change)(struct nl_sock *, struct rtnl_addr *, int),
			  struct error *err)
{
	int index = link_index(name, err), rc;
	struct rtnl_addr *entry;
	struct nl_addr *local = NULL;

	if (index < 0)
		return index;
	entry = rtnl_addr_alloc();
	rc = entry ? nl_addr_parse(address, AF_INET, &local) : -NLE_NOMEM;
	if (!rc) {
		rtnl_addr_set_ifindex(entry, index);
		rtnl_addr_set_local(entry, local);
		rc = change(inside->socket, entry, 0);
	}
	nl_addr_put(local);
	rtnl_addr_put(entry);
	return netlink_error(rc, err, "the address %s of %s", address, name);
}

int link_add_address(struct inside *inside, const char *name, const char *address,
		     struct error *err)
{
	return change_address(inside, name, address, rtnl_addr_add, err);
}

int link_delete_address(struct inside *inside, const char *name, const char *address,
			struct error *err)
{
	return change_address(inside, name, address, rtnl_addr_delete, err);
}

int route_add(struct inside *inside, const char *destination, const char *gateway,
	      struct error *err)
{
	struct rtnl_route *route = rtnl_route_alloc();
	struct rtnl_nexthop *hop = rtnl_route_nh_alloc();
	struct nl_addr *to = NULL, *by = NULL;
	int rc = route && hop ? 0 : -NLE_NOMEM;

	rc = rc ?: nl_addr_parse(destination, AF_INET, &to);
	rc = rc ?: nl_addr_parse(gateway, AF_INET, &by);
	if (!rc) {
		rtnl_route_set_dst(route, to);
		rtnl_route_nh_set_gateway(hop, by);
		rtnl_route_add_nexthop(route, hop);
		hop = NULL; /* now owned by the route */
		rc = rtnl_route_add(inside->socket, route, NLM_F_CREATE);
	}
	if (hop)
		rtnl_route_nh_free(hop);
	nl_addr_put(by);
	nl_addr_put(to);
	rtnl_route_put(route);
	return netlink_error(rc, err, "the route to %s by %s", destination, gateway);
}
