/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Attaches a container's namespace, with or without NAT, or a guest's tap to the bridge in H. */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "drivers/network_link.h"
#include "drivers/network_private.h"
#include "base/cleanup.h"

static void namespace_name(const struct network *network, const char *id, char name[192])
{
	snprintf(name, 192, "tare-%s-%s", network->run_id, id);
}

static int take_slot(struct network *network, const char *id, enum attachment_kind kind,
		     struct error *err)
{
	int slot = -1;

	pthread_mutex_lock(&network->mutex);
	for (int i = 0; i < SLOT_COUNT && slot < 0; i++) {
		struct attachment *attachment = &network->attachments[i];

		if (attachment->kind != ATTACHMENT_NONE)
			continue;
		attachment->kind = kind;
		snprintf(attachment->id, sizeof(attachment->id), "%s", id);
		slot = i + SLOT_FIRST;
	}
	pthread_mutex_unlock(&network->mutex);
	return slot < 0 ? error_set(err, -ENOSPC, "the bridge already has %d instances", SLOT_COUNT)
			: slot;
}

/* Our end in H: link names are per namespace, so the number is enough. */
static void veth_name(int slot, char name[16])
{
	snprintf(name, 16, "veth%d", slot);
}

static void tap_name(int slot, char name[16])
{
	snprintf(name, 16, "tap%d", slot);
}

/* The address in H by which P reaches a published port. */
static void outside_address(int slot, char address[46])
{
	snprintf(address, 46, "10.77.0.%d", slot);
}

void network_mac(const char *address, char mac[18])
{
	const char *dot = strrchr(address, '.');

	snprintf(mac, 18, "52:54:00:77:01:%02x", (unsigned int)atoi(dot ? dot + 1 : "0") & 0xff);
}

static int connect_host(struct network *network, int slot, const char *address, int namespace_fd,
			struct error *err)
{
	struct inside inside;
	char veth[16], mac[18];
	int rc = inside_enter(&inside, network->host, err);

	veth_name(slot, veth);
	network_mac(address, mac);
	rc = rc ?: link_add_veth(&inside, veth, NETWORK_BRIDGE, "eth0", namespace_fd, mac, err);
	inside_leave(&inside);
	return rc;
}

static int configure_namespace(int namespace_fd, const char *address, struct error *err)
{
	struct inside inside;
	char with_prefix[64];
	int rc = inside_enter(&inside, namespace_fd, err);

	snprintf(with_prefix, sizeof(with_prefix), "%s/%d", address, NETWORK_PREFIX);
	rc = rc ?: link_raise(&inside, "eth0", NULL, err);
	rc = rc ?: link_add_address(&inside, "eth0", with_prefix, err);
	rc = rc ?: route_add(&inside, "default", NETWORK_ADDRESS_BRIDGE, err);
	inside_leave(&inside);
	return rc;
}

static int attach_namespace(struct network *network, int slot, const char *id, char address[46],
			    char path[128], struct error *err)
{
	cleanup_close int fd = -1;
	char name[192];
	int rc;

	namespace_name(network, id, name);
	if (snprintf(path, 128, NETNS_DIRECTORY "/%s", name) >= 128)
		return error_set(err, -ENAMETOOLONG, "the instance's name %s is too long", name);
	snprintf(address, 46, "10.77.1.%d", slot);
	rc = namespace_make(network->resources, name, &fd, err);
	rc = rc ?: connect_host(network, slot, address, fd, err);
	rc = rc ?: configure_namespace(fd, address, err);
	return rc;
}

int network_attach_namespace(struct network *network, const char *id, char address[46],
			     char path[128], struct error *err)
{
	int slot = take_slot(network, id, ATTACHMENT_NAMESPACE, err), rc;

	if (slot < 0)
		return slot;
	rc = attach_namespace(network, slot, id, address, path, err);
	if (rc)
		network_detach(network, id);
	return rc;
}

static int publish(struct network *network, int slot, char address[46], struct error *err)
{
	struct inside inside;
	char with_prefix[64], behind[46];
	int rc = inside_enter(&inside, network->host, err);

	snprintf(behind, sizeof(behind), "%s", address);
	outside_address(slot, address);
	snprintf(with_prefix, sizeof(with_prefix), "%s/%d", address, NETWORK_PREFIX);
	rc = rc ?: link_add_address(&inside, LINK_HOST, with_prefix, err);
	rc = rc ?: nat_add(slot, address, behind, err);
	inside_leave(&inside);
	return rc;
}

int network_attach_nat(struct network *network, const char *id, char address[46], char path[128],
		       struct error *err)
{
	int slot = take_slot(network, id, ATTACHMENT_NAT, err), rc;

	if (slot < 0)
		return slot;
	rc = attach_namespace(network, slot, id, address, path, err);
	rc = rc ?: publish(network, slot, address, err);
	if (rc)
		network_detach(network, id);
	return rc;
}

/* In H: a persistent tap, so that QEMU can open it by name. */
static int make_tap(const char *name, uid_t owner, struct error *err)
{
	cleanup_close int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
	struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR};

	if (fd < 0)
		return error_errno(err, -errno,
				   "opening /dev/net/tun, without which a guest has no network "
				   "(modprobe tun)");
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	if (ioctl(fd, TUNSETIFF, &request) || ioctl(fd, TUNSETOWNER, (unsigned long)owner) ||
	    ioctl(fd, TUNSETPERSIST, 1UL))
		return error_errno(err, -errno, "creating the tap %s", name);
	return 0;
}

int network_attach_tap(struct network *network, const char *id, uid_t owner, char address[46],
		       char tap[16], struct error *err)
{
	int slot = take_slot(network, id, ATTACHMENT_TAP, err), rc;
	struct inside inside;

	if (slot < 0)
		return slot;
	snprintf(address, 46, "10.77.1.%d", slot);
	tap_name(slot, tap);
	rc = inside_enter(&inside, network->host, err);
	rc = rc ?: make_tap(tap, owner, err);
	rc = rc ?: link_raise(&inside, tap, NETWORK_BRIDGE, err);
	inside_leave(&inside);
	if (rc)
		network_detach(network, id);
	return rc;
}

/* Removes the attachment from H; -ENOENT if the address or rule was never added. */
static void clear_host(struct network *network, int slot, enum attachment_kind kind)
{
	struct inside inside;
	char name[16], address[46], with_prefix[64];

	if (!inside_enter(&inside, network->host, NULL)) {
		if (kind == ATTACHMENT_TAP)
			tap_name(slot, name);
		else
			veth_name(slot, name);
		link_delete(&inside, name, NULL);
		if (kind == ATTACHMENT_NAT) {
			nat_remove(slot);
			outside_address(slot, address);
			snprintf(with_prefix, sizeof(with_prefix), "%s/%d", address,
				 NETWORK_PREFIX);
			link_delete_address(&inside, LINK_HOST, with_prefix, NULL);
		}
	}
	inside_leave(&inside);
}

void network_detach(struct network *network, const char *id)
{
	enum attachment_kind kind = ATTACHMENT_NONE;
	char name[192];
	int slot = 0;

	pthread_mutex_lock(&network->mutex);
	for (; slot < SLOT_COUNT; slot++) {
		kind = network->attachments[slot].kind;
		if (kind != ATTACHMENT_NONE && !strcmp(network->attachments[slot].id, id))
			break;
	}
	pthread_mutex_unlock(&network->mutex);
	if (slot == SLOT_COUNT)
		return;
	clear_host(network, slot + SLOT_FIRST, kind);
	if (kind != ATTACHMENT_TAP) {
		namespace_name(network, id, name);
		namespace_remove(network->resources, name);
	}
	pthread_mutex_lock(&network->mutex);
	network->attachments[slot].kind = ATTACHMENT_NONE;
	pthread_mutex_unlock(&network->mutex);
}
