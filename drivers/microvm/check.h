/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The boundary: nothing from the guest is used before it is checked here.
 *
 * A call is described by the kinds of its arguments. Everything that a pointer refers to must be
 * within the guest's memory; then the host kernel may read and write there, and races within the
 * guest harm nobody else. Structures that contain pointers or descriptors (iovec, msghdr, pollfd)
 * are copied first, then the copy is checked and used.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

struct vcpu;
struct vmm;

enum argument_kind {
	ARGUMENT_VALUE,
	ARGUMENT_DESCRIPTOR,
	ARGUMENT_BUFFER,   /* its length is argument number `size` */
	ARGUMENT_STRUCT,   /* of `size` bytes */
	ARGUMENT_OPTIONAL, /* the same, or NULL */
	ARGUMENT_CLOCK,    /* the number of one of CLOCKS clocks */
};

/* The system's clocks and the caller's CPU time. Other numbers are CPU clocks of any process, or
 * devices. */
#define CLOCKS 12

struct argument {
	uint8_t kind;
	uint16_t size;
};

struct call {
	const char *name;
	struct argument arguments[6];
	bool makes_descriptor; /* the result is a new one */
	bool refused;          /* known and deliberately ENOSYS: not logged */
	/* NULL: the host carries it out unchanged once the arguments are checked. */
	long (*handler)(struct vcpu *vcpu, const uint64_t arguments[6]);
};

/* Whether `length` bytes at `address` are within [low, high); true for a length of 0. */
static inline bool range_holds(uint64_t low, uint64_t high, uint64_t address, uint64_t length)
{
	return !length || (address >= low && address < high && length <= high - address);
}

/* 0; -EFAULT: a pointer outside [low, high); -EINVAL: a clock that is not the guest's. Pure. */
long check_arguments(const struct call *call, uint64_t low, uint64_t high,
		     const uint64_t arguments[6]);

/* Copies that fail with -EFAULT if a page is missing: another thread of the guest may unmap it at
 * any time. */
long guest_read(const struct vmm *vmm, uint64_t address, void *to, size_t size);
long guest_write(const struct vmm *vmm, uint64_t address, const void *from, size_t size);
/* Includes the NUL. -ENAMETOOLONG if there is none within `size`. */
long guest_string(const struct vmm *vmm, uint64_t address, char *to, size_t size);
/* A vector of at most IOV_LIMIT parts, each within the guest's memory. */
#define IOV_LIMIT 64
long guest_vector(const struct vmm *vmm, uint64_t address, uint64_t count,
		  struct iovec vector[IOV_LIMIT]);
