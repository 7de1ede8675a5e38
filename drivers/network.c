/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The load generator's namespace P, the namespace H that represents the host, and the veth between
 * them. */
#include "drivers/network.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drivers/network_link.h"
#include "drivers/network_private.h"
#include "drivers/resources_remove.h"
#include "base/cleanup.h"
#include "base/file.h"

#define OWN_NAMESPACE "/proc/thread-self/ns/net"
#define WITH_PREFIX(address) address "/24"

_Static_assert(NETWORK_PREFIX == 24, "the addresses below are written with /24");

int network_enter(int namespace_fd, int *previous_fd, struct error *err)
{
	*previous_fd = open(OWN_NAMESPACE, O_RDONLY | O_CLOEXEC);
	if (*previous_fd < 0)
		return error_errno(err, -errno, "opening %s", OWN_NAMESPACE);
	if (!setns(namespace_fd, CLONE_NEWNET))
		return 0;
	error_errno(err, -errno, "entering a network namespace");
	close(*previous_fd);
	*previous_fd = -1;
	return -EPERM;
}

void network_leave(int previous_fd)
{
	if (previous_fd < 0)
		return;
	/* A thread left in the wrong namespace would silently measure something else. */
	if (setns(previous_fd, CLONE_NEWNET))
		abort();
	close(previous_fd);
}

/* In the new namespace. IPv6 duplicate address detection would add traffic. */
static int prepare_namespace(struct error *err)
{
	static const char no_ipv6[] = "/proc/sys/net/ipv6/conf/default/disable_ipv6";
	struct inside inside;
	int own, rc;

	if (!access(no_ipv6, W_OK))
		file_write(no_ipv6, "1", NULL);
	own = open(OWN_NAMESPACE, O_RDONLY | O_CLOEXEC);
	if (own < 0)
		return error_errno(err, -errno, "opening %s", OWN_NAMESPACE);
	rc = inside_enter(&inside, own, err);
	rc = rc ?: link_raise(&inside, "lo", NULL, err);
	inside_leave(&inside);
	close(own);
	return rc;
}

static int make_and_pin(const char *path, struct error *err)
{
	int rc, previous = open(OWN_NAMESPACE, O_RDONLY | O_CLOEXEC);

	if (previous < 0)
		return error_errno(err, -errno, "opening %s", OWN_NAMESPACE);
	if (unshare(CLONE_NEWNET)) {
		rc = error_errno(err, -errno,
				 "creating a network namespace (network workloads need root)");
		close(previous);
		return rc;
	}
	rc = mount(OWN_NAMESPACE, path, NULL, MS_BIND, NULL)
		     ? error_errno(err, -errno, "naming a network namespace %s", path)
		     : prepare_namespace(err);
	network_leave(previous);
	return rc;
}

int namespace_make(struct resources *res, const char *name, int *fd, struct error *err)
{
	char path[300];
	int file, rc;

	*fd = -1;
	snprintf(path, sizeof(path), NETNS_DIRECTORY "/%s", name);
	if (mkdir(NETNS_DIRECTORY, 0755) && errno != EEXIST)
		return error_errno(err, -errno, "creating %s", NETNS_DIRECTORY);
	if (!access(path, F_OK))
		return error_set(err, -EEXIST, "the network namespace %s already exists", name);
	rc = resources_add(res, RESOURCE_NETNS, name, err);
	if (rc)
		return rc;
	file = open(path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0);
	if (file < 0) {
		rc = error_errno(err, -errno, "creating %s", path);
		resources_drop(res, RESOURCE_NETNS, name);
		return rc;
	}
	close(file);
	rc = make_and_pin(path, err);
	if (!rc) {
		*fd = open(path, O_RDONLY | O_CLOEXEC);
		if (*fd < 0)
			rc = error_errno(err, -errno, "opening %s", path);
	}
	if (rc)
		namespace_remove(res, name);
	return rc;
}

void namespace_remove(struct resources *res, const char *name)
{
	if (!resource_remove(RESOURCE_NETNS, name, NULL))
		resources_drop(res, RESOURCE_NETNS, name);
}

static int configure_host(struct network *network, struct error *err)
{
	struct inside inside;
	int rc = inside_enter(&inside, network->host, err);

	rc = rc ?: link_add_veth(&inside, LINK_HOST, NULL, LINK_FAR, network->far, NULL, err);
	rc = rc ?: link_add_address(&inside, LINK_HOST, WITH_PREFIX(NETWORK_ADDRESS_HOST), err);
	rc = rc ?: link_add_bridge(&inside, NETWORK_BRIDGE, err);
	if (!rc)
		rc = link_add_address(&inside, NETWORK_BRIDGE, WITH_PREFIX(NETWORK_ADDRESS_BRIDGE),
				      err);
	rc = rc ?: file_write("/proc/sys/net/ipv4/ip_forward", "1", err);
	inside_leave(&inside);
	return rc;
}

static int configure_far(struct network *network, struct error *err)
{
	struct inside inside;
	int rc = inside_enter(&inside, network->far, err);

	rc = rc ?: link_raise(&inside, LINK_FAR, NULL, err);
	rc = rc ?: link_add_address(&inside, LINK_FAR, WITH_PREFIX(NETWORK_ADDRESS_FAR), err);
	rc = rc ?: route_add(&inside, "10.77.1.0/24", NETWORK_ADDRESS_HOST, err);
	inside_leave(&inside);
	return rc;
}

bool network_allowed(void)
{
	cleanup_close int here = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

	return geteuid() == 0 && here >= 0 && setns(here, CLONE_NEWNET) == 0;
}

int network_create(const char *run_id, struct resources *res, struct network **network,
		   struct error *err)
{
	struct network *made = calloc(1, sizeof(*made));
	int rc;

	*network = NULL;
	if (!made)
		return error_errno(err, -ENOMEM, "creating the network");
	pthread_mutex_init(&made->mutex, NULL);
	made->resources = res;
	made->far = made->host = -1;
	if (snprintf(made->run_id, sizeof(made->run_id), "%s", run_id) >= (int)sizeof(made->run_id))
		rc = error_set(err, -ENAMETOOLONG, "the run id %s is too long", run_id);
	else
		rc = 0;
	snprintf(made->far_name, sizeof(made->far_name), "tare-%s-far", made->run_id);
	snprintf(made->host_name, sizeof(made->host_name), "tare-%s-host", made->run_id);
	rc = rc ?: namespace_make(res, made->far_name, &made->far, err);
	rc = rc ?: namespace_make(res, made->host_name, &made->host, err);
	rc = rc ?: configure_host(made, err);
	rc = rc ?: configure_far(made, err);
	if (rc)
		network_destroy(made);
	else
		*network = made;
	return rc;
}

static void remove_one(struct network *network, int fd, const char *name)
{
	if (fd < 0)
		return;
	close(fd);
	namespace_remove(network->resources, name);
}

void network_destroy(struct network *network)
{
	if (!network)
		return;
	for (int i = 0; i < SLOT_COUNT; i++)
		if (network->attachments[i].kind != ATTACHMENT_NONE)
			network_detach(network, network->attachments[i].id);
	remove_one(network, network->host, network->host_name);
	remove_one(network, network->far, network->far_name);
	pthread_mutex_destroy(&network->mutex);
	free(network);
}

int network_far(const struct network *network)
{
	return network->far;
}

int network_host(const struct network *network)
{
	return network->host;
}

const char *network_host_name(const struct network *network)
{
	return network->host_name;
}
