/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sockets: internet sockets in the network namespace chosen by the driver, and local ones. Names of
 * local sockets are in the scratch directory, the root directory of a VMM started by root;
 * otherwise only socket pairs are allowed. */
#include "drivers/microvm/sockets.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "drivers/microvm/calls.h"
#include "drivers/microvm/check.h"
#include "drivers/microvm/files.h"
#include "drivers/microvm/vmm.h"

#define OPTION_BYTES 256
#define SOCKET_FLAGS (SOCK_NONBLOCK | SOCK_CLOEXEC)

static bool is_type(uint64_t type)
{
	type &= ~(uint64_t)SOCKET_FLAGS;
	return type == SOCK_STREAM || type == SOCK_DGRAM || type == SOCK_SEQPACKET;
}

long socket_socket(struct vcpu *vcpu, const uint64_t a[6])
{
	int host;

	if (!vcpu->vmm->sockets && a[0] != AF_UNIX)
		return -EACCES;
	if (a[0] != AF_INET && a[0] != AF_INET6 && (a[0] != AF_UNIX || !vcpu->vmm->rooted))
		return -EAFNOSUPPORT;
	/* local datagrams would each carry a name: only streams, named by bind and connect */
	if (a[0] == AF_UNIX && (a[1] & ~(uint64_t)SOCKET_FLAGS) != SOCK_STREAM)
		return -EPROTONOSUPPORT;
	if (!is_type(a[1]) || (a[2] && a[2] != IPPROTO_TCP && a[2] != IPPROTO_UDP))
		return -EPROTONOSUPPORT;
	/* for internet sockets that would be SCTP, if the host has it */
	if (a[0] != AF_UNIX && (a[1] & ~(uint64_t)SOCKET_FLAGS) == SOCK_SEQPACKET)
		return -EPROTONOSUPPORT;
	host = socket((int)a[0], (int)a[1] | SOCK_CLOEXEC, (int)a[2]);
	return host < 0 ? -errno : descriptors_add(&vcpu->vmm->descriptors, host, 0);
}

long socket_pair(struct vcpu *vcpu, const uint64_t a[6])
{
	int host[2];

	if (a[0] != AF_UNIX || a[2])
		return -EAFNOSUPPORT;
	/* datagrams of a pair could still be sent to any name: see socket() */
	if (!is_type(a[1]) || (a[1] & ~(uint64_t)SOCKET_FLAGS) == SOCK_DGRAM)
		return -EPROTONOSUPPORT;
	if (socketpair(AF_UNIX, (int)a[1] | SOCK_CLOEXEC, 0, host))
		return -errno;
	return file_add_pair(vcpu, host, a[3]);
}

/* Converts the guest's name to ours: the scratch directory is our root directory. Abstract names,
 * visible in the whole network namespace, are rejected. */
static long read_address(struct vcpu *vcpu, uint64_t from, uint64_t size,
			 struct sockaddr_storage *address)
{
	struct sockaddr_un *local = (struct sockaddr_un *)address;
	const size_t prefix = strlen(GUEST_SCRATCH);
	long rc;

	if (size < sizeof(sa_family_t) || size > sizeof(*address))
		return -EINVAL;
	memset(address, 0, sizeof(*address));
	rc = guest_read(vcpu->vmm, from, address, size);
	if (rc || address->ss_family != AF_UNIX)
		return rc;
	local->sun_path[sizeof(local->sun_path) - 1] = 0;
	if (strncmp(local->sun_path, GUEST_SCRATCH "/", prefix + 1) ||
	    strchr(local->sun_path + prefix + 1, '/'))
		return -EACCES;
	memmove(local->sun_path, local->sun_path + prefix, strlen(local->sun_path + prefix) + 1);
	return 0;
}

static long with_address(struct vcpu *vcpu, const uint64_t a[6],
			 int (*call)(int, const struct sockaddr *, socklen_t))
{
	struct sockaddr_storage address;
	struct descriptor *descriptor;
	socklen_t size = (socklen_t)a[2];
	long rc = read_address(vcpu, a[1], a[2], &address);

	if (rc)
		return rc;
	if (address.ss_family == AF_UNIX)
		size = sizeof(struct sockaddr_un);
	descriptor = descriptors_get(&vcpu->vmm->descriptors, a[0]);
	if (!descriptor)
		return -EBADF;
	rc = call(descriptor->host, (const struct sockaddr *)&address, size) ? -errno : 0;
	descriptors_put(&vcpu->vmm->descriptors, descriptor);
	return rc;
}

long socket_bind(struct vcpu *vcpu, const uint64_t a[6])
{
	return with_address(vcpu, a, bind);
}

long socket_connect(struct vcpu *vcpu, const uint64_t a[6])
{
	return with_address(vcpu, a, connect);
}

/* Options without pointers that affect only the socket. */
static bool is_option(uint64_t level, uint64_t option)
{
	static const struct {
		uint16_t level, option;
	} allowed[] = {
		{SOL_SOCKET, SO_REUSEADDR}, {SOL_SOCKET, SO_REUSEPORT}, {SOL_SOCKET, SO_ERROR},
		{SOL_SOCKET, SO_TYPE},      {SOL_SOCKET, SO_SNDBUF},    {SOL_SOCKET, SO_RCVBUF},
		{SOL_SOCKET, SO_RCVTIMEO},  {SOL_SOCKET, SO_SNDTIMEO},  {SOL_SOCKET, SO_LINGER},
		{SOL_SOCKET, SO_KEEPALIVE}, {IPPROTO_TCP, TCP_NODELAY}, {IPPROTO_TCP, TCP_QUICKACK},
		{IPPROTO_TCP, TCP_CORK},    {IPPROTO_TCP, TCP_MAXSEG},  {IPPROTO_TCP, TCP_INFO},
	};

	for (size_t i = 0; i < sizeof(allowed) / sizeof(*allowed); i++)
		if (allowed[i].level == level && allowed[i].option == option)
			return true;
	return false;
}

long socket_setsockopt(struct vcpu *vcpu, const uint64_t a[6])
{
	struct descriptor *descriptor;
	char value[OPTION_BYTES];
	long rc;

	if (!is_option(a[1], a[2]))
		return -ENOPROTOOPT;
	if (a[4] > sizeof(value))
		return -EINVAL;
	rc = guest_read(vcpu->vmm, a[3], value, a[4]);
	if (rc)
		return rc;
	descriptor = descriptors_get(&vcpu->vmm->descriptors, a[0]);
	if (!descriptor)
		return -EBADF;
	rc = setsockopt(descriptor->host, (int)a[1], (int)a[2], value, (socklen_t)a[4]) ? -errno
											: 0;
	descriptors_put(&vcpu->vmm->descriptors, descriptor);
	return rc;
}

long socket_getsockopt(struct vcpu *vcpu, const uint64_t a[6])
{
	struct descriptor *descriptor;
	char value[OPTION_BYTES];
	socklen_t size;
	long rc;

	if (!is_option(a[1], a[2]))
		return -ENOPROTOOPT;
	rc = guest_read(vcpu->vmm, a[4], &size, sizeof(size));
	if (rc)
		return rc;
	size = size > sizeof(value) ? sizeof(value) : size;
	descriptor = descriptors_get(&vcpu->vmm->descriptors, a[0]);
	if (!descriptor)
		return -EBADF;
	rc = getsockopt(descriptor->host, (int)a[1], (int)a[2], value, &size) ? -errno : 0;
	descriptors_put(&vcpu->vmm->descriptors, descriptor);
	rc = rc ?: guest_write(vcpu->vmm, a[3], value, size);
	return rc ? rc : guest_write(vcpu->vmm, a[4], &size, sizeof(size));
}

/* Copies a message header and everything that it points to except the data. Control messages, which
 * could carry descriptors, are rejected. */
static long read_header(struct vcpu *vcpu, uint64_t address, struct msghdr *header,
			struct iovec vector[IOV_LIMIT])
{
	const struct vmm *vmm = vcpu->vmm;
	long rc = guest_read(vmm, address, header, sizeof(*header));

	if (!rc && header->msg_controllen)
		rc = -EINVAL;
	if (!rc && header->msg_name &&
	    !range_holds(vmm->low, vmm->high, (uint64_t)header->msg_name,
			 sizeof(struct sockaddr_storage)))
		rc = -EFAULT;
	rc = rc ?: guest_vector(vmm, (uint64_t)header->msg_iov, header->msg_iovlen, vector);
	header->msg_iov = vector;
	header->msg_control = NULL;
	if (header->msg_namelen > sizeof(struct sockaddr_storage))
		header->msg_namelen = sizeof(struct sockaddr_storage);
	return rc;
}

long socket_sendmsg(struct vcpu *vcpu, const uint64_t a[6])
{
	struct iovec vector[IOV_LIMIT];
	struct descriptor *descriptor;
	struct msghdr header;
	long rc = read_header(vcpu, a[1], &header, vector);

	if (rc)
		return rc;
	descriptor = descriptors_get(&vcpu->vmm->descriptors, a[0]);
	if (!descriptor)
		return -EBADF;
	rc = sendmsg(descriptor->host, &header, (int)a[2] | MSG_NOSIGNAL);
	rc = rc < 0 ? -errno : rc;
	descriptors_put(&vcpu->vmm->descriptors, descriptor);
	return rc;
}

long socket_recvmsg(struct vcpu *vcpu, const uint64_t a[6])
{
	struct iovec vector[IOV_LIMIT];
	struct descriptor *descriptor;
	struct msghdr header;
	long rc = read_header(vcpu, a[1], &header, vector), written;

	if (rc)
		return rc;
	descriptor = descriptors_get(&vcpu->vmm->descriptors, a[0]);
	if (!descriptor)
		return -EBADF;
	rc = recvmsg(descriptor->host, &header, (int)a[2]);
	rc = rc < 0 ? -errno : rc;
	descriptors_put(&vcpu->vmm->descriptors, descriptor);
	if (rc < 0)
		return rc;
	written = guest_write(vcpu->vmm, a[1] + offsetof(struct msghdr, msg_namelen),
			      &header.msg_namelen, sizeof(header.msg_namelen));
	if (!written)
		written = guest_write(vcpu->vmm, a[1] + offsetof(struct msghdr, msg_flags),
				      &header.msg_flags, sizeof(header.msg_flags));
	return written ? written : rc;
}
