/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/guest/container.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "drivers/guest/guest.h"
#include "base/cleanup.h"

#define PID_FILE GUEST_BUNDLE "/pid"
#define BRIDGE "br0"
#define GUEST_END "veth0" /* of the pair; the other end is the container's eth0 */

bool container_wanted(void)
{
	return access(GUEST_BUNDLE "/config.json", R_OK) == 0;
}

void container_move_root(void)
{
	/* pivot_root fails for the initial root, which has no parent: mount it over itself */
	mkdir("/top", 0755);
	if (mount("/", "/top", NULL, MS_BIND, NULL) < 0 || chdir("/top") < 0 ||
	    mount("/top", "/", NULL, MS_MOVE, NULL) < 0 || chroot(".") < 0 || chdir("/") < 0)
		complain("moving the root: %s", strerror(errno));
}

/* One request of rtnetlink: the header, then attributes. */
struct request {
	struct nlmsghdr header;
	struct ifinfomsg link;
	char attributes[512];
};

static struct rtattr *add(struct request *request, unsigned short type, const void *data,
			  size_t length)
{
	struct rtattr *attribute =
		(struct rtattr *)((char *)request + NLMSG_ALIGN(request->header.nlmsg_len));

	attribute->rta_type = type;
	attribute->rta_len = (unsigned short)RTA_LENGTH(length);
	if (length)
		memcpy(RTA_DATA(attribute), data, length);
	request->header.nlmsg_len = NLMSG_ALIGN(request->header.nlmsg_len) +
				    (unsigned int)RTA_ALIGN(RTA_LENGTH(length));
	return attribute;
}

static void end(struct request *request, struct rtattr *attribute)
{
	attribute->rta_len =
		(unsigned short)((char *)request + request->header.nlmsg_len - (char *)attribute);
}

static int talk(struct request *request)
{
	cleanup_close int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
		char rest[1024];
	} answer;

	if (fd < 0 || send(fd, request, request->header.nlmsg_len, 0) < 0 ||
	    recv(fd, &answer, sizeof(answer), 0) < 0)
		return -errno;
	return answer.header.nlmsg_type == NLMSG_ERROR ? answer.error.error : -EPROTO;
}

/* eth0 here, its other end in the namespace `peer`. */
static int make_veth(int peer)
{
	static const struct ifinfomsg zero;
	struct request request = {
		.header = {.nlmsg_len = NLMSG_LENGTH(sizeof(struct ifinfomsg)),
			   .nlmsg_type = RTM_NEWLINK,
			   .nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK}};
	struct rtattr *info, *data, *other;

	add(&request, IFLA_IFNAME, "eth0", sizeof("eth0"));
	info = add(&request, IFLA_LINKINFO, NULL, 0);
	add(&request, IFLA_INFO_KIND, "veth", strlen("veth"));
	data = add(&request, IFLA_INFO_DATA, NULL, 0);
	other = add(&request, VETH_INFO_PEER, &zero, sizeof(zero));
	add(&request, IFLA_IFNAME, GUEST_END, sizeof(GUEST_END));
	add(&request, IFLA_NET_NS_FD, &peer, sizeof(peer));
	end(&request, other);
	end(&request, data);
	end(&request, info);
	return talk(&request);
}

static int make_bridge(void)
{
	static const char *const ports[] = {"eth0", GUEST_END};
	cleanup_close int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int rc;

	if (ioctl(fd, SIOCBRADDBR, BRIDGE) < 0)
		return -errno;
	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
		struct ifreq request = {.ifr_ifindex = (int)if_nametoindex(ports[i])};

		snprintf(request.ifr_name, sizeof(request.ifr_name), BRIDGE);
		if (ioctl(fd, SIOCBRADDIF, &request) < 0)
			return -errno;
		rc = raise_link(fd, ports[i], NULL);
		if (rc < 0)
			return rc;
	}
	return raise_link(fd, BRIDGE, NULL);
}

/* In the new namespace. */
static int configure(const char *address, const char *gateway)
{
	cleanup_close int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int rc = raise_link(fd, "lo", NULL);

	if (rc < 0 || !address[0])
		return rc;
	rc = raise_link(fd, "eth0", address);
	return rc ? rc : add_gateway(fd, gateway);
}

void container_network(const char *address, const char *gateway)
{
	cleanup_close int outside = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	cleanup_close int name = open(GUEST_NETNS, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	int rc = 0;

	if (outside < 0 || name < 0 || unshare(CLONE_NEWNET) < 0 ||
	    mount("/proc/self/ns/net", GUEST_NETNS, NULL, MS_BIND, NULL) < 0)
		return complain("the container's network namespace: %s", strerror(errno));
	if (address[0])
		rc = make_veth(outside);
	if (setns(outside, CLONE_NEWNET) < 0)
		rc = -errno;
	if (rc == 0 && address[0])
		rc = make_bridge();
	if (rc < 0)
		return complain("the container's veth and bridge: %s", strerror(-rc));
	name = open(GUEST_NETNS, O_RDONLY | O_CLOEXEC);
	if (name < 0 || setns(name, CLONE_NEWNET) < 0)
		return complain("entering " GUEST_NETNS ": %s", strerror(errno));
	rc = configure(address, gateway);
	if (rc < 0)
		complain("the container's eth0: %s", strerror(-rc));
	setns(outside, CLONE_NEWNET);
}

static int run(const char *const *argv, int stream)
{
	const char *const environment[] = {"PATH=/usr/sbin", "HOME=/", NULL};
	pid_t pid = fork();
	sigset_t none;
	int status;

	if (pid == 0) {
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		dup2(stream, 0);
		dup2(stream, 1);
		execve(argv[0], (char *const *)argv, (char *const *)environment);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return -errno;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -EIO;
}

static int mount_root(void)
{
	static const char options[] = "lowerdir=" GUEST_IMAGE ",upperdir=" GUEST_SCRATCH
				      "/upper,workdir=" GUEST_SCRATCH "/work";

	mkdir(GUEST_SCRATCH "/upper", 0755);
	mkdir(GUEST_SCRATCH "/work", 0755);
	if (mount("overlay", GUEST_ROOT, "overlay", 0, options) < 0 ||
	    mount("cgroup2", "/sys/fs/cgroup", "cgroup2", 0, NULL) < 0)
		return -errno;
	return 0;
}

pid_t container_start(int port)
{
	static const char *const create[] = {GUEST_RUNTIME, "create", "--bundle", GUEST_BUNDLE,
					     "--pid-file",  PID_FILE, "agent",    NULL};
	static const char *const start[] = {GUEST_RUNTIME, "start", "agent", NULL};
	cleanup_close int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
	cleanup_file FILE *file = NULL;
	int rc = mount_root(), pid = -1;

	if (rc < 0) {
		complain("the container's root or cgroups: %s", strerror(-rc));
		return -1;
	}
	rc = run(create, port);
	if (rc == 0)
		file = fopen(PID_FILE, "re");
	if (!file || fscanf(file, "%d", &pid) != 1) {
		complain("runc did not create the container");
		return -1;
	}
	rc = run(start, nothing);
	if (rc < 0)
		complain("runc did not start the container");
	return rc < 0 ? -1 : pid;
}
