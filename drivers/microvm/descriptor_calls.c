/* SPDX-License-Identifier: GPL-3.0-or-later */
/* System calls that take several descriptors, contain pointers, or create descriptors. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "drivers/microvm/calls.h"
#include "drivers/microvm/check.h"
#include "drivers/microvm/files.h"
#include "drivers/microvm/vmm.h"

#define POLL_LIMIT 64
#define FALLOCATE_MODES (FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE | FALLOC_FL_ZERO_RANGE)
#define FLAGS_SETTABLE (O_APPEND | O_NONBLOCK | O_DIRECT | O_NOATIME)

long file_close(struct vcpu *vcpu, const uint64_t a[6])
{
	return descriptors_close(&vcpu->vmm->descriptors, a[0]);
}

/* Duplicates the host descriptor of `number`; negative errno. */
static int duplicate(struct vcpu *vcpu, uint64_t number)
{
	struct descriptor *old = descriptors_get(&vcpu->vmm->descriptors, number);
	int host;

	if (!old)
		return -EBADF;
	host = fcntl(old->host, F_DUPFD_CLOEXEC, 0);
	host = host < 0 ? -errno : host;
	descriptors_put(&vcpu->vmm->descriptors, old);
	return host;
}

long file_dup(struct vcpu *vcpu, const uint64_t a[6])
{
	int host = duplicate(vcpu, a[0]);

	return host < 0 ? host : descriptors_add(&vcpu->vmm->descriptors, host, 0);
}

long file_dup3(struct vcpu *vcpu, const uint64_t a[6])
{
	int host = duplicate(vcpu, a[0]);

	if (host < 0 || (uint32_t)a[1] >= DESCRIPTORS) {
		if (host >= 0)
			close(host);
		return host < 0 ? host : -EBADF;
	}
	return descriptors_set(&vcpu->vmm->descriptors, (int)a[1], host);
}

long file_fcntl(struct vcpu *vcpu, const uint64_t a[6])
{
	struct descriptor *descriptor;
	long rc;

	if (a[1] == F_DUPFD || a[1] == F_DUPFD_CLOEXEC) {
		int host = a[2] < DESCRIPTORS ? duplicate(vcpu, a[0]) : -EINVAL;

		return host < 0 ? host : descriptors_add(&vcpu->vmm->descriptors, host, (int)a[2]);
	}
	descriptor = descriptors_get(&vcpu->vmm->descriptors, a[0]);
	if (!descriptor)
		return -EBADF;
	switch (a[1]) {
	case F_GETFD:
		rc = FD_CLOEXEC;
		break;
	case F_SETFD: /* nothing is ever executed */
		rc = 0;
		break;
	case F_GETFL:
		rc = fcntl(descriptor->host, F_GETFL);
		break;
	case F_SETFL:
		rc = fcntl(descriptor->host, F_SETFL, (int)(a[2] & FLAGS_SETTABLE));
		break;
	default:
		errno = EINVAL;
		rc = -1;
	}
	rc = rc < 0 ? -errno : rc;
	descriptors_put(&vcpu->vmm->descriptors, descriptor);
	return rc;
}

long file_ioctl(struct vcpu *vcpu, const uint64_t a[6])
{
	struct descriptor *descriptor = descriptors_get(&vcpu->vmm->descriptors, a[0]);
	long rc = -ENOTTY;
	int value;

	if (!descriptor)
		return -EBADF;
	if (a[1] == FIONREAD) {
		rc = ioctl(descriptor->host, FIONREAD, &value)
			     ? -errno
			     : guest_write(vcpu->vmm, a[2], &value, sizeof(value));
	} else if (a[1] == FIONBIO) {
		rc = guest_read(vcpu->vmm, a[2], &value, sizeof(value));
		if (!rc)
			rc = ioctl(descriptor->host, FIONBIO, &value) ? -errno : 0;
	}
	descriptors_put(&vcpu->vmm->descriptors, descriptor);
	return rc;
}

/* The limit of a file's size does not hold for blocks beyond its end. */
long file_fallocate(struct vcpu *vcpu, const uint64_t a[6])
{
	uint64_t limit = vcpu->vmm->file_bytes ?: INT64_MAX;
	struct descriptor *descriptor;
	long rc;

	if (a[1] & ~(uint64_t)FALLOCATE_MODES)
		return -EOPNOTSUPP;
	if (a[2] > limit || a[3] > limit - a[2])
		return -EFBIG;
	descriptor = descriptors_get(&vcpu->vmm->descriptors, a[0]);
	if (!descriptor)
		return -EBADF;
	rc = fallocate(descriptor->host, (int)a[1], (off_t)a[2], (off_t)a[3]) ? -errno : 0;
	descriptors_put(&vcpu->vmm->descriptors, descriptor);
	return rc;
}

long file_vector(struct vcpu *vcpu, const uint64_t a[6])
{
	struct iovec vector[IOV_LIMIT];
	struct descriptor *descriptor;
	long rc = guest_vector(vcpu->vmm, a[1], a[2], vector);

	if (rc)
		return rc;
	descriptor = descriptors_get(&vcpu->vmm->descriptors, a[0]);
	if (!descriptor)
		return -EBADF;
	/* the position is passed as two halves, of which the low one has all bits */
	rc = syscall((long)vcpu->regs->rax, descriptor->host, vector, a[2], a[3], a[4], a[5]);
	rc = rc < 0 ? -errno : rc;
	descriptors_put(&vcpu->vmm->descriptors, descriptor);
	return rc;
}

/* Writes two new descriptors to the guest; closes both if that fails. */
long file_add_pair(struct vcpu *vcpu, const int host[2], uint64_t address)
{
	struct descriptors *table = &vcpu->vmm->descriptors;
	int pair[2];
	long rc;

	pair[0] = descriptors_add(table, host[0], 0);
	pair[1] = descriptors_add(table, host[1], 0);
	if (pair[0] >= 0 && pair[1] >= 0)
		rc = guest_write(vcpu->vmm, address, pair, sizeof(pair));
	else
		rc = -EMFILE;
	for (int i = 0; i < 2 && rc; i++)
		if (pair[i] >= 0)
			descriptors_close(table, (uint64_t)pair[i]);
	return rc;
}

long file_pipe2(struct vcpu *vcpu, const uint64_t a[6])
{
	uint64_t flags = vcpu->regs->rax == SYS_pipe2 ? a[1] : 0;
	int host[2];

	if (flags & ~(uint64_t)(O_NONBLOCK | O_CLOEXEC | O_DIRECT))
		return -EINVAL;
	if (pipe2(host, (int)flags | O_CLOEXEC))
		return -errno;
	return file_add_pair(vcpu, host, a[0]);
}

/* Host numbers in, the guest's events out. */
static long poll_all(struct vcpu *vcpu, struct pollfd *guest, nfds_t count,
		     const struct timespec *timeout)
{
	struct descriptors *table = &vcpu->vmm->descriptors;
	struct descriptor *held[POLL_LIMIT] = {0};
	const struct timespec at_once = {0};
	struct pollfd host[POLL_LIMIT];
	int invalid = 0, rc;

	for (nfds_t i = 0; i < count; i++) {
		if (guest[i].fd >= 0)
			held[i] = descriptors_get(table, (uint64_t)guest[i].fd);
		host[i] = (struct pollfd){held[i] ? held[i]->host : -1, guest[i].events, 0};
		invalid += guest[i].fd >= 0 && !held[i];
	}
	rc = ppoll(host, count, invalid ? &at_once : timeout, NULL);
	rc = rc < 0 ? -errno : rc + invalid;
	for (nfds_t i = 0; i < count; i++) {
		guest[i].revents = guest[i].fd >= 0 && !held[i] ? POLLNVAL : host[i].revents;
		if (held[i])
			descriptors_put(table, held[i]);
	}
	return rc;
}

long file_poll(struct vcpu *vcpu, const uint64_t a[6])
{
	struct pollfd fds[POLL_LIMIT];
	struct timespec limit, *timeout = &limit;
	int milliseconds = (int)a[2];
	long rc, ready;

	if (a[1] > POLL_LIMIT)
		return -EINVAL;
	if (vcpu->regs->rax == SYS_poll) {
		limit = (struct timespec){milliseconds / 1000, milliseconds % 1000 * 1000000L};
		timeout = milliseconds < 0 ? NULL : timeout;
	} else if (!a[2]) {
		timeout = NULL;
	} else if ((rc = guest_read(vcpu->vmm, a[2], &limit, sizeof(limit)))) {
		return rc;
	}
	rc = guest_read(vcpu->vmm, a[0], fds, a[1] * sizeof(*fds));
	if (rc)
		return rc;
	ready = poll_all(vcpu, fds, a[1], timeout);
	rc = guest_write(vcpu->vmm, a[0], fds, a[1] * sizeof(*fds));
	return rc ? rc : ready;
}

long file_epoll_ctl(struct vcpu *vcpu, const uint64_t a[6])
{
	struct descriptors *table = &vcpu->vmm->descriptors;
	struct descriptor *epoll, *watched;
	struct epoll_event event = {0};
	long rc;

	if (a[1] != EPOLL_CTL_DEL) {
		rc = guest_read(vcpu->vmm, a[3], &event, sizeof(event));
		if (rc)
			return rc;
	}
	epoll = descriptors_get(table, a[0]);
	watched = descriptors_get(table, a[2]);
	rc = -EBADF;
	if (epoll && watched)
		rc = epoll_ctl(epoll->host, (int)a[1], watched->host, &event) ? -errno : 0;
	if (epoll)
		descriptors_put(table, epoll);
	if (watched)
		descriptors_put(table, watched);
	return rc;
}

long file_epoll_wait(struct vcpu *vcpu, const uint64_t a[6])
{
	uint64_t count = a[2];
	long rc;

	if (!count || count > 4096)
		return -EINVAL;
	if (!range_holds(vcpu->vmm->low, vcpu->vmm->high, a[1], count * sizeof(struct epoll_event)))
		return -EFAULT;
	struct descriptor *epoll = descriptors_get(&vcpu->vmm->descriptors, a[0]);

	if (!epoll)
		return -EBADF;
	rc = syscall(SYS_epoll_pwait, epoll->host, a[1], count, (int)a[3], NULL, 0);
	rc = rc < 0 ? -errno : rc;
	descriptors_put(&vcpu->vmm->descriptors, epoll);
	return rc;
}
