/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which memory node a process allocates from. */
#pragma once

#include <errno.h>
#include <linux/mempolicy.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MEMORY_NODES 1024 /* the kernel's limit on x86-64 */
#define BITS_OF_LONG (8 * (int)sizeof(long))

/* Makes this thread, and everything that it starts, allocate memory only from `node`; -1: no
 * change. 0, or -errno. Safe between fork and exec (set_mempolicy(2); libnuma's function allocates
 * memory). */
static inline int memory_from_node(int node)
{
	unsigned long mask[MEMORY_NODES / BITS_OF_LONG] = {0};

	if (node < 0)
		return 0;
	if (node >= MEMORY_NODES)
		return -EINVAL;
	mask[node / BITS_OF_LONG] = 1UL << node % BITS_OF_LONG;
	/* the kernel uses one bit less than the given number */
	if (syscall(SYS_set_mempolicy, MPOL_BIND, mask, (unsigned long)MEMORY_NODES))
		return -errno;
	return 0;
}
